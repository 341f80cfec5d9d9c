/** A table whose pages come from the server: it asks for one page at a time and never holds the whole list. */
import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ErrorAlert } from './error-alert.tsx';
import { pollWhile } from './long-job.tsx';
import './paged-table.css';

export interface PageRequest {
  readonly PageSize: string;
  readonly Token?: string;
}

interface PageAnswer<Item> {
  readonly Item?: readonly Item[] | undefined;
  readonly NextToken?: string | undefined;
}

export interface PagedTableProps<Item> {
  readonly title: string;
  /** Begins with the scope of `useApi`, so that another region or account is another list. */
  readonly queryKey: readonly unknown[];
  readonly load: (page: PageRequest) => Promise<PageAnswer<Item>>;
  readonly columns: readonly TableProps.ColumnDefinition<Item>[];
  readonly idOf: (item: Item) => string;
  readonly nameOf: (item: Item) => string;
  readonly description?: ReactNode;
  /** Given the selected item, or undefined. */
  readonly actions?: (selected: Item | undefined) => ReactNode;
  /** False where nothing is done with a row. */
  readonly selectable?: boolean;
  /** What the server filters by; its values are in `queryKey`. */
  readonly filter?: ReactNode;
  /** Whether something in the list is still going on: then it is asked again. */
  readonly isChanging?: (item: Item) => boolean;
  /** What stands in a list without items: the next step. */
  readonly empty: ReactNode;
}

const pageSizes = [10, 20, 50, 100];

export function PagedTable<Item>(props: PagedTableProps<Item>) {
  const { title, description, queryKey, load, columns, idOf, nameOf, actions, empty, filter } = props;
  const pages = usePages(queryKey, load, props.isChanging);
  const [selectedId, select] = useState<string>();
  const selected = pages.items.find((item) => idOf(item) === selectedId);
  if (pages.error && pages.items.length === 0) return <ErrorAlert error={pages.error} onRetry={pages.retry} />;
  return (
    <SpaceBetween size="m">
      {pages.error ? <ErrorAlert error={pages.error} onRetry={pages.retry} /> : null}
      <Table
        header={
          <Header variant="h2" description={description} actions={actions?.(selected)}>
            {title}
          </Header>
        }
        items={pages.items}
        columnDefinitions={columns}
        trackBy={idOf}
        wrapLines
        loading={pages.loading}
        loadingText={`Loading ${title.toLowerCase()}`}
        filter={filter}
        {...(props.selectable === false ? {} : { selectionType: 'single' as const })}
        selectedItems={selected === undefined ? [] : [selected]}
        onSelectionChange={({ detail }) => select(detail.selectedItems.map(idOf)[0])}
        ariaLabels={{
          tableLabel: title,
          selectionGroupLabel: `Select one of ${title.toLowerCase()}`,
          itemSelectionLabel: (_data, item) => `Select ${nameOf(item)}`,
        }}
        empty={<div className="paged-table-empty">{empty}</div>}
        pagination={pages.single ? undefined : pages.pagination}
        preferences={pages.preferences}
      />
    </SpaceBetween>
  );
}

/** Walks a token-paged list. Knows the pages up to the one after the furthest visited; another page size starts over. */
function usePages<Item>(
  queryKey: readonly unknown[],
  load: PagedTableProps<Item>['load'],
  isChanging: PagedTableProps<Item>['isChanging'],
) {
  const [pageSize, setPageSize] = useState(20);
  const listing = JSON.stringify([queryKey, pageSize]);
  const [visited, setVisited] = useState({ listing, index: 0, tokens: [undefined] as (string | undefined)[] });
  const { index, tokens } = visited.listing === listing ? visited : { index: 0, tokens: [undefined] };
  const token = tokens[index];
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery({
    queryKey: [...queryKey, pageSize, token],
    queryFn: () => load({ PageSize: String(pageSize), ...(token === undefined ? {} : { Token: token }) }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => pollWhile(isChanging !== undefined && !!state.data?.Item?.some(isChanging)),
  });
  const next = data?.NextToken;
  const before = tokens.slice(0, index + 1);
  const known = isPlaceholderData
    ? tokens
    : next === undefined
      ? before
      : [...before, next, ...tokens.slice(index + 2)];
  const emptied = index > 0 && !isPlaceholderData && data?.Item?.length === 0;
  // The last item of the last page was deleted: the list is not empty, it is shorter.
  if (emptied) setVisited({ listing, index: index - 1, tokens: tokens.slice(0, index) });
  const pagination = (
    <Pagination
      currentPageIndex={index + 1}
      pagesCount={known.length}
      disabled={isPlaceholderData}
      onChange={({ detail }) => setVisited({ listing, index: detail.currentPageIndex - 1, tokens: known })}
      ariaLabels={{ nextPageLabel: 'Next page', previousPageLabel: 'Previous page', pageLabel: (n) => `Page ${n}` }}
    />
  );
  const preferences = (
    <CollectionPreferences
      title="Preferences"
      confirmLabel="Confirm"
      cancelLabel="Cancel"
      preferences={{ pageSize }}
      pageSizePreference={{
        title: 'Page size',
        options: pageSizes.map((value) => ({ value, label: `${value} rows` })),
      }}
      onConfirm={({ detail }) => setPageSize(detail.pageSize ?? pageSize)}
    />
  );
  return {
    items: data?.Item ?? [],
    error,
    loading: isPending || isPlaceholderData,
    retry: () => void refetch(),
    single: known.length === 1,
    pagination,
    preferences,
  };
}

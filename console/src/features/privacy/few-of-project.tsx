/** A project's few things of one kind, all on one page: a table with a button to make one, and one beside each to end it. */
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Loaded } from '../../ui/loaded.tsx';

export interface FewOfProjectProps<Item> {
  readonly title: string;
  readonly description: string;
  /** Its name in the cache. */
  readonly list: string;
  readonly load: () => Promise<{ readonly Item: readonly Item[] }>;
  readonly columns: readonly TableProps.ColumnDefinition<Item>[];
  readonly empty: ReactNode;
  readonly make: { readonly text: string; readonly dialog: (onClose: () => void) => ReactNode };
  readonly end: {
    readonly text: string;
    /** For those who do not see where the button stands. */
    readonly label: (item: Item) => string;
    readonly dialog: (item: Item, onClose: () => void) => ReactNode;
  };
}

export function FewOfProject<Item extends { readonly Id: string }>(props: FewOfProjectProps<Item>) {
  const { title, description, list, load, columns, empty, make, end } = props;
  const { scope } = useApi();
  const { projectId } = useProjectPlace();
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<Item>();
  const query = useQuery({ queryKey: [...scope, list, projectId], queryFn: load });
  const actions = (
    <Button variant="primary" onClick={() => setMaking(true)}>
      {make.text}
    </Button>
  );
  const endColumn: TableProps.ColumnDefinition<Item> = {
    id: 'actions',
    header: 'Actions',
    minWidth: 110,
    cell: (item) => (
      <Button wrapText={false} ariaLabel={end.label(item)} onClick={() => setEnding(item)}>
        {end.text}
      </Button>
    ),
  };
  return (
    <>
      <Loaded query={query}>
        {({ Item }) => (
          <Table<Item>
            header={
              <Header variant="h2" description={description} actions={actions}>
                {title}
              </Header>
            }
            items={[...Item]}
            trackBy="Id"
            wrapLines
            ariaLabels={{ tableLabel: title }}
            columnDefinitions={[...columns, endColumn]}
            empty={empty}
          />
        )}
      </Loaded>
      {making ? make.dialog(() => setMaking(false)) : null}
      {ending ? end.dialog(ending, () => setEnding(undefined)) : null}
    </>
  );
}

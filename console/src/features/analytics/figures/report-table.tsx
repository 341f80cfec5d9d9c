/** A table of a report: sorted and paged in the browser, since a report comes whole, and saved as CSV as it is sorted. */
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { type ReactNode, useState } from 'react';
import { type Cell, csvOf } from '../csv/csv.ts';
import { CsvButton } from '../csv/csv-button.tsx';
import { type Figure, figureOf, showOf } from './figure.ts';

export interface ReportColumn<Row> {
  readonly id: string;
  readonly header: string;
  /** What it is sorted by, and what stands in the CSV. */
  readonly value: (row: Row) => Cell;
  readonly cell?: (row: Row) => ReactNode;
}

export interface ReportTableProps<Row> {
  readonly title: string;
  readonly description?: ReactNode;
  readonly rows: readonly Row[];
  /** The first says what a row is about. */
  readonly columns: readonly ReportColumn<Row>[];
  readonly idOf: (row: Row) => string;
  /** Of the CSV. */
  readonly fileName: string;
  readonly empty: ReactNode;
  /** Until somebody sorts by another. */
  readonly newestFirst?: boolean;
  /** Inside of a container of its own. */
  readonly embedded?: boolean;
}

const rowsOfPage = 31;

export function ReportTable<Row>(props: ReportTableProps<Row>) {
  const { title, description, rows, columns, idOf, fileName, empty, newestFirst = false } = props;
  const [sorting, sort] = useState({ column: newestFirst ? columns[0]?.id : undefined, descending: newestFirst });
  const [page, turnTo] = useState(1);
  const by = columns.find(({ id }) => id === sorting.column);
  const sorted = by === undefined ? rows : rows.toSorted((one, other) => compare(by.value(one), by.value(other)));
  const ordered = sorting.descending ? sorted.toReversed() : sorted;
  const pages = Math.max(1, Math.ceil(rows.length / rowsOfPage));
  const shownPage = Math.min(page, pages);
  const definitions = columns.map(toDefinition<Row>);
  return (
    <Table
      header={
        <Header
          variant="h2"
          description={description}
          actions={
            <CsvButton
              name={fileName}
              of={title}
              disabled={rows.length === 0}
              content={() => csvOf(columns, ordered)}
            />
          }
        >
          {title}
        </Header>
      }
      items={ordered.slice((shownPage - 1) * rowsOfPage, shownPage * rowsOfPage)}
      columnDefinitions={definitions}
      trackBy={idOf}
      sortingColumn={definitions.find(({ id }) => id === sorting.column)}
      sortingDescending={sorting.descending}
      onSortingChange={({ detail }) => {
        const column = definitions.find(({ sortingField }) => sortingField === detail.sortingColumn.sortingField)?.id;
        sort({ column, descending: detail.isDescending ?? false });
        turnTo(1);
      }}
      variant={props.embedded === true ? 'embedded' : 'container'}
      stickyColumns={{ first: 1 }}
      ariaLabels={{ tableLabel: title }}
      empty={empty}
      pagination={
        pages === 1 ? undefined : (
          <Pagination
            currentPageIndex={shownPage}
            pagesCount={pages}
            onChange={({ detail }) => turnTo(detail.currentPageIndex)}
            ariaLabels={{
              nextPageLabel: 'Next page',
              previousPageLabel: 'Previous page',
              pageLabel: (n) => `Page ${n}`,
            }}
          />
        )
      }
    />
  );
}

function toDefinition<Row>({ id, header, value, cell }: ReportColumn<Row>, index: number) {
  return {
    ...{ id, header, sortingField: id, minWidth: index === 0 ? 120 : 100, isRowHeader: index === 0 },
    cell: (row: Row) => (cell === undefined ? (value(row) ?? '–') : cell(row)),
  } satisfies TableProps.ColumnDefinition<Row>;
}

/** What is not known comes first. */
function compare(one: Cell, other: Cell): number {
  if (one === other) return 0;
  if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one).localeCompare(String(other), 'en');
}

/** Columns of figures: shown as people read them, in the CSV with all their digits. */
export function figureColumns<Row>(figures: readonly Figure<Row>[]): ReportColumn<Row>[] {
  return figures.map((figure) => ({
    ...{ id: figure.id, header: figure.title },
    value: (row) => figureOf(figure.id, row),
    cell: (row) => showOf(figure, row),
  }));
}

export interface DayTableProps<Day extends { readonly Date: string }> {
  readonly title?: string;
  readonly days: readonly Day[];
  readonly figures: readonly Figure<Day>[];
  /** `usage`: the days are added to it. */
  readonly name: string;
}

export function DayTable<Day extends { readonly Date: string }>({ title, days, figures, name }: DayTableProps<Day>) {
  return (
    <ReportTable
      title={title ?? 'Day by day'}
      description="Above, averages are those of the days, and change is from the first day to the last. Distinct endpoints and users are counted by days in UTC."
      rows={days}
      columns={[{ id: 'Date', header: 'Date', value: (day) => day.Date }, ...figureColumns(figures)]}
      idOf={(day) => day.Date}
      fileName={`${name}_${days[0]?.Date}_${days.at(-1)?.Date}`}
      empty="No days"
      newestFirst
    />
  );
}

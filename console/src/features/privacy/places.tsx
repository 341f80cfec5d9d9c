/** What an erasure came to, place by place. A place in which nothing was found is named all the same. */
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { ErasureLocation } from '../../../../server/src/contract/repoint-types.ts';
import { showNumber } from '../../ui/numbers.ts';

export function Places({ places }: { readonly places: readonly ErasureLocation[] }) {
  return (
    <Table
      header={<Header variant="h2">Where it was looked</Header>}
      items={places.toSorted((one, other) => other.Found - one.Found)}
      trackBy="Name"
      wrapLines
      ariaLabels={{ tableLabel: 'Places of the erasure' }}
      columnDefinitions={[
        { id: 'name', header: 'Place', minWidth: 180, isRowHeader: true, cell: ({ Name }) => Name },
        { id: 'found', header: 'Found', cell: ({ Found }) => showNumber(Found) },
        { id: 'erased', header: 'Erased', cell: ({ Erased }) => showNumber(Erased) },
        { id: 'retained', header: 'Kept', cell: ({ Retained }) => showNumber(Retained) },
        { id: 'left', header: 'Left over', cell: ({ LeftOver }) => showNumber(LeftOver) },
      ]}
      empty="The search has not begun."
    />
  );
}

export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

export function NotErased({ items }: { readonly items: readonly LeftOut[] }) {
  if (items.length === 0) return null;
  return (
    <Table
      header={<Header variant="h2">Not erased, and why</Header>}
      items={[...items]}
      trackBy={({ what, why }) => `${what} ${why}`}
      wrapLines
      ariaLabels={{ tableLabel: 'What was not erased' }}
      columnDefinitions={[
        { id: 'what', header: 'What', minWidth: 200, isRowHeader: true, cell: ({ what }) => what },
        { id: 'why', header: 'Why', minWidth: 220, cell: ({ why }) => why },
      ]}
    />
  );
}

/** What an erasure came to, place by place. Those in which there was nothing are named all the same, in one line. */
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { ErasureLocation } from '../../../../server/src/contract/repoint-types.ts';
import { showNumber } from '../../ui/numbers.ts';

export function Places({ places }: { readonly places: readonly ErasureLocation[] }) {
  const some = places.filter(
    ({ Found, Erased = 0, Retained = 0, LeftOver = 0 }) => Found + Erased + Retained + LeftOver,
  );
  const none = places.filter((place) => !some.includes(place)).map(({ Name }) => Name);
  return (
    <Table
      header={<Header variant="h2">Where it was looked</Header>}
      items={some.toSorted((one, other) => other.Found - one.Found)}
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
      empty={places.length === 0 ? 'The search has not begun.' : 'Nothing was found anywhere.'}
      footer={<Others names={none} besides={some.length > 0} />}
    />
  );
}

export interface OthersProps {
  readonly names: readonly string[];
  /** Whether there was something elsewhere. */
  readonly besides: boolean;
}

export function Others({ names, besides }: OthersProps) {
  if (names.length === 0) return null;
  return (
    <ExpandableSection
      variant="footer"
      headerText={`Nothing in ${names.length} ${besides ? 'other places' : 'places'}`}
    >
      <Box color="text-body-secondary">{names.join(', ')}</Box>
    </ExpandableSection>
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

/** The server, its database and its queues in figures. */
import type { HealthResponse } from '../../../../server/src/contract/repoint-types.ts';
import { Facts } from '../../ui/facts.tsx';
import { showBytes, showNumber } from '../../ui/numbers.ts';
import { PageButton } from '../../ui/page-button.tsx';

interface HealthProps {
  readonly health: HealthResponse;
}

export function ServerFacts({ health: { Version, NodeVersion, Disk, Ledger } }: HealthProps) {
  return (
    <Facts
      title="Server"
      description="The process that answered this page."
      facts={[
        { label: 'Repoint', value: Version },
        { label: 'Node.js', value: NodeVersion },
        {
          label: 'Free on the disk of the data directory',
          value: `${showBytes(Disk.FreeBytes)} of ${showBytes(Disk.TotalBytes)}`,
        },
        { label: 'Erasure ledger', value: Ledger.Place },
        { label: 'Entries of the ledger', value: showNumber(Ledger.Entries) },
        {
          label: 'Erased bytes still in files',
          value: Ledger.RemovalWaitsHours === undefined ? 'None' : `For ${Ledger.RemovalWaitsHours} hours`,
        },
      ]}
    />
  );
}

export function DatabaseFacts({ health: { Database } }: HealthProps) {
  return (
    <Facts
      title="Database"
      facts={[
        {
          label: 'PostgreSQL',
          value: `${Database.Version}, ${Database.Kind === 'EMBEDDED' ? 'embedded' : 'of its own'}`,
        },
        { label: 'Size', value: showBytes(Database.Bytes) },
        {
          label: 'Connections',
          value: `${showNumber(Database.Connections)} of ${showNumber(Database.MaxConnections)}`,
        },
        { label: 'Last migration', value: Database.Migration },
        { label: 'Longest transaction that writes', value: `${showNumber(Database.OldestTransactionSeconds)} s` },
      ]}
    />
  );
}

export function QueueFacts({ health: { Jobs, Streams, Sending } }: HealthProps) {
  return (
    <Facts
      title="Queues"
      actions={<PageButton to="/background-jobs">Background jobs</PageButton>}
      facts={[
        { label: 'Jobs that run', value: showNumber(Jobs.Running) },
        { label: 'Jobs that wait', value: showNumber(Jobs.Waiting) },
        { label: 'Jobs to be tried again', value: showNumber(Jobs.Retrying) },
        { label: 'Jobs that failed for good', value: showNumber(Jobs.Failed) },
        { label: 'Messages that wait for a provider, here', value: showNumber(Sending.WaitingForProviders) },
        { label: 'Providers left alone, here', value: showNumber(Sending.ProvidersDown) },
        { label: 'Event streams', value: showNumber(Streams.Streams) },
        { label: 'Event streams behind', value: showNumber(Streams.Behind) },
        { label: 'Events that wait for a stream', value: showNumber(Streams.WaitingEvents) },
      ]}
    />
  );
}

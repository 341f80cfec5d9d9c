/** Processes of the server, and what it does by the clock. Both lists are short: they come whole. */
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type {
  BackgroundSchedule,
  HealthResponse,
  ServerProcess,
} from '../../../../server/src/contract/repoint-types.ts';
import { Time } from '../../ui/time.tsx';

interface HealthProps {
  readonly health: HealthResponse;
}

export function Processes({ health }: HealthProps) {
  return (
    <Table<ServerProcess>
      header={<Header variant="h2">Processes</Header>}
      items={[...health.Processes]}
      trackBy="NodeId"
      wrapLines
      ariaLabels={{ tableLabel: 'Processes of the server' }}
      columnDefinitions={[
        {
          id: 'host',
          header: 'Machine',
          minWidth: 150,
          isRowHeader: true,
          cell: ({ HostName, ProcessId, Answered }) => `${HostName}, ${ProcessId}${Answered ? ' (answered)' : ''}`,
        },
        { id: 'roles', header: 'Roles', minWidth: 150, cell: ({ Roles }) => Roles.join(', ') },
        { id: 'version', header: 'Version', minWidth: 90, cell: ({ Version }) => Version },
        { id: 'since', header: 'Since', minWidth: 150, cell: ({ StartTime }) => <Time value={StartTime} /> },
        {
          id: 'seen',
          header: 'Last heard of',
          minWidth: 150,
          cell: ({ HeartbeatTime }) => <Time value={HeartbeatTime} />,
        },
        { id: 'node', header: 'Node', minWidth: 200, cell: ({ NodeId }) => NodeId },
      ]}
    />
  );
}

export function Schedules({ health }: HealthProps) {
  return (
    <Table<BackgroundSchedule>
      header={
        <Header variant="h2" description="Housekeeping. Campaigns have schedules of their own.">
          Jobs by the clock
        </Header>
      }
      items={[...health.Schedules]}
      trackBy="JobName"
      wrapLines
      ariaLabels={{ tableLabel: 'Jobs by the clock' }}
      empty="No process of the role scheduler has started yet."
      columnDefinitions={[
        { id: 'name', header: 'Job', minWidth: 220, isRowHeader: true, cell: ({ JobName }) => JobName },
        { id: 'last', header: 'Last time', minWidth: 160, cell: ({ LastTime }) => <Time value={LastTime} /> },
        { id: 'since', header: 'Since', minWidth: 160, cell: ({ KnownSince }) => <Time value={KnownSince} /> },
      ]}
    />
  );
}

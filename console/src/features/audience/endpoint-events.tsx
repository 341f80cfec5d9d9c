/** The timeline of an endpoint: what happened, newest first, each with the whole record. */
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import type { TableProps } from '@cloudscape-design/components/table';
import type { EndpointEvent } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { awsCommand } from '../../ui/command-line.tsx';
import { Empty } from '../../ui/empty.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Source } from '../../ui/source.tsx';
import { Time } from '../../ui/time.tsx';

const columns: TableProps.ColumnDefinition<EndpointEvent>[] = [
  { id: 'when', header: 'When', minWidth: 170, width: 180, cell: ({ ArrivalDate }) => <Time value={ArrivalDate} /> },
  {
    id: 'type',
    header: 'Event',
    minWidth: 170,
    isRowHeader: true,
    cell: ({ EventType }) => (
      <Box variant="code">
        <bdi>{EventType}</bdi>
      </Box>
    ),
  },
  {
    id: 'record',
    header: 'Record',
    minWidth: 300,
    cell: ({ Record }) => (
      <ExpandableSection headerText="Show">
        <Source text={JSON.stringify(Record, null, 2)} />
      </ExpandableSection>
    ),
  },
];

export function EndpointEvents({ endpointId }: { readonly endpointId: string }) {
  const { repoint, scope, region } = useApi();
  const { projectId } = useProjectPlace();
  const endpoint = { ApplicationId: projectId, EndpointId: endpointId };
  return (
    <PagedTable
      title="Timeline"
      queryKey={[...scope, 'endpoint-events', projectId, endpointId]}
      load={(page) => repoint.send('GetEndpointEvents', { ...endpoint, ...page })}
      columns={columns}
      idOf={({ ArrivalDate, EventType, Record }) => `${ArrivalDate} ${EventType} ${JSON.stringify(Record)}`}
      nameOf={({ EventType }) => EventType}
      selectable={false}
      empty={
        <Empty
          title="Nothing happened yet"
          command={awsCommand(
            'put-events',
            region,
            `--application-id ${projectId}`,
            '--events-request file://events.json',
          )}
        >
          Events of your app and of messages show up here. From a terminal:
        </Empty>
      }
    />
  );
}

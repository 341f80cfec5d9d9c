/** What an endpoint was sent, and why something was not. */
import Box from '@cloudscape-design/components/box';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { TableProps } from '@cloudscape-design/components/table';
import type { EndpointMessage } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';

const types: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  SUCCESSFUL: 'success',
  SENT: 'success',
  DELIVERED: 'success',
  PERMANENT_FAILURE: 'error',
  TEMPORARY_FAILURE: 'warning',
  UNKNOWN_FAILURE: 'warning',
};

const columns: TableProps.ColumnDefinition<EndpointMessage>[] = [
  { id: 'when', header: 'When', minWidth: 170, cell: ({ StartedAt }) => <Time value={StartedAt} /> },
  { id: 'channel', header: 'Channel', minWidth: 90, cell: ({ ChannelType }) => ChannelType },
  {
    id: 'from',
    header: 'Sent by',
    minWidth: 140,
    cell: ({ CampaignName, CampaignId, Origin }) => (
      <bdi>{CampaignName ?? CampaignId ?? Origin ?? 'A direct call'}</bdi>
    ),
  },
  {
    id: 'status',
    header: 'What became of it',
    minWidth: 220,
    isRowHeader: true,
    cell: (message) => (
      <StatusIndicator type={types[message.Status] ?? 'stopped'}>{describeStatus(message)}</StatusIndicator>
    ),
  },
  {
    id: 'detail',
    header: 'Provider says',
    minWidth: 200,
    cell: ({ StatusMessage, Attempts }) => (
      <>
        <bdi>{StatusMessage ?? '–'}</bdi>
        {Attempts > 1 ? <Box variant="small">{Attempts} attempts</Box> : null}
      </>
    ),
  },
];

/** The server says in words why a message was held back; of what left, the status alone says enough. */
function describeStatus({ Reason, Status }: EndpointMessage): string {
  if (Reason !== undefined) return Reason;
  const words = Status.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function EndpointMessages({ endpointId }: { readonly endpointId: string }) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const endpoint = { ApplicationId: projectId, EndpointId: endpointId };
  return (
    <PagedTable
      title="Messages"
      description="Sent or not: a message that was held back has its reason."
      queryKey={[...scope, 'endpoint-messages', projectId, endpointId]}
      load={(page) => repoint.send('GetEndpointMessages', { ...endpoint, ...page })}
      columns={columns}
      idOf={({ RunId, StartedAt, ChannelType, TreatmentId }) => [RunId, StartedAt, ChannelType, TreatmentId].join(' ')}
      nameOf={({ StartedAt }) => StartedAt}
      selectable={false}
      empty={<Empty title="No messages">Nothing was sent to this endpoint, and nothing was held back.</Empty>}
    />
  );
}

/** Messages that were stored because their channel has no provider: readable here, and gone from nowhere else. */
import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { OutboxMessage } from '../../../../server/src/contract/repoint-types.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { useDebounced } from '../../ui/debounced.ts';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { PageButton } from '../../ui/page-button.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';

const every = { value: '', label: 'All channels' };
const channels = [
  every,
  ...['EMAIL', 'SMS', 'VOICE', 'GCM', 'APNS', 'ADM', 'BAIDU', 'CUSTOM'].map((value) => ({ value, label: value })),
];

export function OutboxPage() {
  const { repoint, scope } = useApi();
  const { projectId, path } = useProjectPlace();
  const [channel, setChannel] = useState('');
  const [typed, setTyped] = useState('');
  const [emptying, setEmptying] = useState(false);
  const address = useDebounced(typed.trim());
  return (
    <ProjectFrame title="Outbox" description="Messages of channels without a provider. They never left this machine.">
      <PagedTable<OutboxMessage>
        title="Messages"
        queryKey={[...scope, 'outbox', projectId, channel, address]}
        load={(page) =>
          repoint.send('GetOutboxMessages', {
            ...{ ApplicationId: projectId, ...page },
            ...(channel !== '' && { ChannelType: channel }),
            ...(address !== '' && { Address: address }),
          })
        }
        filter={
          <SpaceBetween direction="horizontal" size="xs">
            <TextFilter
              filteringText={typed}
              filteringPlaceholder="Whole address"
              filteringAriaLabel="Whole address"
              onChange={({ detail }) => setTyped(detail.filteringText)}
            />
            <Select
              selectedOption={channels.find(({ value }) => value === channel) ?? every}
              options={channels}
              onChange={({ detail }) => setChannel(detail.selectedOption.value ?? '')}
              ariaLabel="Channel"
            />
          </SpaceBetween>
        }
        columns={[
          {
            id: 'when',
            header: 'When',
            minWidth: 170,
            isRowHeader: true,
            cell: ({ MessageId, CreationDate }) => (
              <PageLink to={path(`outbox/${encodeURIComponent(MessageId)}`)}>
                <Time value={CreationDate} />
              </PageLink>
            ),
          },
          { id: 'channel', header: 'Channel', minWidth: 90, cell: ({ ChannelType }) => <Badge>{ChannelType}</Badge> },
          { id: 'to', header: 'To', minWidth: 180, cell: ({ Address }) => <bdi>{Address}</bdi> },
          { id: 'what', header: 'What', minWidth: 240, cell: ({ Summary }) => <bdi>{Summary ?? '–'}</bdi> },
        ]}
        idOf={({ MessageId }) => MessageId}
        nameOf={({ CreationDate }) => CreationDate}
        selectable={false}
        actions={() => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => setEmptying(true)}>Empty the outbox</Button>
            <PageButton to={path('test-messages')} variant="primary">
              Send a test message
            </PageButton>
          </SpaceBetween>
        )}
        empty={
          <Empty title={channel === '' && address === '' ? 'The outbox is empty' : 'No message fits'}>
            Whatever a channel without a provider would send lies here, as it would have left.
          </Empty>
        }
      />
      {emptying ? <EmptyOutbox onClose={() => setEmptying(false)} /> : null}
    </ProjectFrame>
  );
}

function EmptyOutbox({ onClose }: { readonly onClose: () => void }) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const notices = useNotices();
  const empty = useMutation({
    mutationFn: () => repoint.send('DeleteOutboxMessages', { ApplicationId: projectId }),
    onSuccess: async () => {
      notices.done('The outbox is empty');
      onClose();
      await cache.invalidateQueries({ queryKey: [...scope, 'outbox', projectId] });
    },
  });
  return (
    <DeleteDialog
      kind="messages"
      name="outbox"
      pending={empty.isPending}
      error={empty.error}
      onDelete={() => empty.mutate()}
      onClose={onClose}
    >
      All messages in the outbox of this project go. What was counted of them stays.
    </DeleteDialog>
  );
}

/** What people wrote to the numbers of the account in the last thirty days, and what was done about it. */
import Badge from '@cloudscape-design/components/badge';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState } from 'react';
import type { InboundMessage } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { useDebounced } from '../../ui/debounced.ts';
import { Empty } from '../../ui/empty.tsx';
import { Page } from '../../ui/page.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';

export function InboundPage() {
  const { repoint, scope } = useApi();
  const [typed, setTyped] = useState('');
  const number = useDebounced(typed.trim());
  return (
    <Page title="Inbound messages" description="What people wrote to your numbers in the last thirty days.">
      <PagedTable<InboundMessage>
        title="Messages"
        queryKey={[...scope, 'inbound', number]}
        load={(page) => repoint.send('GetInboundMessages', { ...page, ...(number !== '' && { Number: number }) })}
        filter={
          <TextFilter
            filteringText={typed}
            filteringPlaceholder="Whole number that it was written to"
            filteringAriaLabel="Number that it was written to"
            onChange={({ detail }) => setTyped(detail.filteringText)}
          />
        }
        columns={[
          { id: 'when', header: 'When', minWidth: 170, cell: ({ ReceivedDate }) => <Time value={ReceivedDate} /> },
          { id: 'from', header: 'From', minWidth: 140, isRowHeader: true, cell: ({ From }) => From },
          { id: 'to', header: 'To', minWidth: 140, cell: (message) => message.Number },
          { id: 'text', header: 'Text', minWidth: 220, cell: ({ Body }) => <bdi>{Body}</bdi> },
          {
            id: 'did',
            header: 'What it did',
            minWidth: 150,
            cell: ({ Action }) => <Badge>{Action.toLowerCase().replaceAll('_', ' ')}</Badge>,
          },
          { id: 'answer', header: 'Answer', minWidth: 200, cell: ({ Answer }) => <bdi>{Answer?.Text ?? '–'}</bdi> },
        ]}
        idOf={({ InboundMessageId }) => InboundMessageId}
        nameOf={({ ReceivedDate }) => ReceivedDate}
        selectable={false}
        empty={
          <Empty title="No messages">What people write to a number of a provider with a callback shows up here.</Empty>
        }
      />
    </Page>
  );
}

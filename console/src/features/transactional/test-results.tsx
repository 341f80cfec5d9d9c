/** What became of each test message, as the API answered. */
import type { EndpointMessageResult, MessageResponse, MessageResult } from '@aws-sdk/client-pinpoint';
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useProjectPlace } from '../../app/project-place.tsx';
import { PageButton } from '../../ui/page-button.tsx';

export function TestResults({ response }: { readonly response: MessageResponse }) {
  const { path } = useProjectPlace();
  const results: readonly [string, MessageResult | EndpointMessageResult][] = [
    ...Object.entries(response.Result ?? {}),
    ...Object.entries(response.EndpointResult ?? {}),
  ];
  return (
    <Table
      header={
        <Header variant="h2" actions={<PageButton to={path('outbox')}>Open the outbox</PageButton>}>
          What became of it
        </Header>
      }
      items={[...results]}
      trackBy={([recipient]) => recipient}
      wrapLines
      ariaLabels={{ tableLabel: 'Results of the test' }}
      columnDefinitions={[
        {
          id: 'to',
          header: 'Recipient',
          minWidth: 180,
          isRowHeader: true,
          cell: ([recipient]) => <bdi>{recipient}</bdi>,
        },
        {
          id: 'status',
          header: 'Status',
          minWidth: 160,
          cell: ([, { DeliveryStatus }]) => (
            <StatusIndicator type={DeliveryStatus === 'SUCCESSFUL' ? 'success' : 'error'}>
              {DeliveryStatus}
            </StatusIndicator>
          ),
        },
        { id: 'code', header: 'Code', minWidth: 80, cell: ([, { StatusCode }]) => StatusCode },
        { id: 'says', header: 'Says', minWidth: 240, cell: ([, { StatusMessage }]) => <bdi>{StatusMessage}</bdi> },
      ]}
    />
  );
}

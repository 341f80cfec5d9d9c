/** All receipts of the account, in their chain: each can be opened, and the chain checked from its first to its last. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState } from 'react';
import type { ErasureReceiptSummary } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { CommandLine } from '../../ui/command-line.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { useDebounced } from '../../ui/debounced.ts';
import { Empty } from '../../ui/empty.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { JobProgress, JobStatus } from '../../ui/long-job.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { Page } from '../../ui/page.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';
import { useChainCheck } from './chain-check.ts';
import { canCheck } from './receipt-check.ts';
import { useReceiptKeys } from './receipt-queries.ts';

const kinds: Readonly<Record<ErasureReceiptSummary['Kind'], string>> = {
  PERSON: 'People',
  FILES: 'Files',
  PROJECT: 'Project',
  ACCOUNT: 'Account',
};

const columns: TableProps.ColumnDefinition<ErasureReceiptSummary>[] = [
  {
    id: 'number',
    header: 'Number',
    minWidth: 90,
    isRowHeader: true,
    cell: ({ Number: number, ErasureId }) => (
      <PageLink to={`/erasure-receipts/${encodeURIComponent(ErasureId)}`}>{showNumber(number)}</PageLink>
    ),
  },
  { id: 'kind', header: 'Of', minWidth: 100, cell: ({ Kind }) => kinds[Kind] },
  { id: 'state', header: 'State', minWidth: 145, cell: ({ State }) => <JobStatus status={State} /> },
  { id: 'issued', header: 'Issued', minWidth: 120, cell: ({ IssuedDate }) => <Time value={IssuedDate} /> },
  { id: 'project', header: 'Project', minWidth: 150, cell: ({ ProjectId }) => ProjectId ?? '–' },
  {
    id: 'hash',
    header: 'SHA-256',
    minWidth: 120,
    cell: ({ Sha256 }) => <Box variant="code">{Sha256.slice(0, 12)}…</Box>,
  },
];

export function ReceiptsPage() {
  const { repoint, scope } = useApi();
  const [typed, setTyped] = useState('');
  const project = useDebounced(typed.trim());
  return (
    <Page
      title="Erasure receipts"
      description="Of people, files, projects and the account. They name nobody, and outlive what they are about."
    >
      <SpaceBetween size="l">
        <ChainSection />
        <PagedTable<ErasureReceiptSummary>
          title="Receipts"
          queryKey={[...scope, 'erasure-receipts', 'list', project]}
          load={(page) =>
            repoint.send('GetErasureReceipts', { ...page, ...(project !== '' && { ProjectId: project }) })
          }
          columns={columns}
          idOf={({ ErasureId }) => ErasureId}
          nameOf={({ Number: number }) => `receipt ${number}`}
          selectable={false}
          filter={
            <TextFilter
              filteringText={typed}
              filteringPlaceholder="ID of a project, which may be gone"
              filteringAriaLabel="ID of a project"
              onChange={({ detail }) => setTyped(detail.filteringText)}
            />
          }
          empty={
            <Empty title="No receipts" command="npm run repoint -- erasure receipts --out receipts">
              Each erasure that ends with something done has one. All of them as files:
            </Empty>
          }
        />
      </SpaceBetween>
    </Page>
  );
}

function ChainSection() {
  const keys = useReceiptKeys();
  const { state, begin, stop } = useChainCheck();
  const actions =
    state.step === 'checking' ? (
      <Button onClick={stop}>Stop</Button>
    ) : (
      <Button disabled={!canCheck() || keys.data === undefined} onClick={() => void begin()}>
        Check the chain
      </Button>
    );
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Each receipt holds the SHA-256 of the one before: what is taken out, put in or replaced shows."
          actions={actions}
        >
          The chain
        </Header>
      }
    >
      <SpaceBetween size="m">
        {state.step === 'checking' ? (
          <JobProgress label="Receipts checked, in this browser" done={state.checked} of={state.of} />
        ) : null}
        {state.step === 'good' ? (
          <StatusIndicator type="success">
            {showNumber(state.checked)} receipts are as they were signed, and none is missing
          </StatusIndicator>
        ) : null}
        {state.step === 'bad' ? (
          <Alert type="error" header="The chain is broken">
            {state.fault}
          </Alert>
        ) : null}
        {state.step === 'failed' ? <ErrorAlert error={state.error} /> : null}
        <Loaded query={keys}>
          {({ Item }) => (
            <SpaceBetween size="xs">
              {Item.map(({ KeyId, PublicKey, Current }) => (
                <Box key={KeyId}>
                  {Current ? 'Public key' : 'Former public key'}: <Copyable label="the public key" text={PublicKey} />
                </Box>
              ))}
            </SpaceBetween>
          )}
        </Loaded>
        <Box color="text-body-secondary">
          Whoever keeps the key and now and then the newest receipt elsewhere can tell a change later. On the machine of
          the server, all that are stored are checked by:
        </Box>
        <CommandLine command="npm run repoint -- erasure check" />
      </SpaceBetween>
    </Container>
  );
}

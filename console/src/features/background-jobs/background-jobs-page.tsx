/** What the server does in the background and has not done yet: what runs, waits, and failed and why; trying again. */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import type { BackgroundJob } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { useDebounced } from '../../ui/debounced.ts';
import { Empty } from '../../ui/empty.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { Page } from '../../ui/page.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';

const states: Readonly<Record<BackgroundJob['State'], { text: string; type: StatusIndicatorProps.Type }>> = {
  RUNNING: { text: 'Running', type: 'in-progress' },
  WAITING: { text: 'Waiting', type: 'pending' },
  SCHEDULED: { text: 'Later', type: 'pending' },
  RETRYING: { text: 'To be tried again', type: 'warning' },
  FAILED: { text: 'Failed for good', type: 'error' },
};
const every = { value: '', label: 'Every state' };
const choices = [every, ...Object.entries(states).map(([value, { text }]) => ({ value, label: text }))];

export function BackgroundJobsPage() {
  const { repoint, scope } = useApi();
  const [search, setSearch] = useSearchParams();
  const state = search.get('state') ?? '';
  const typed = search.get('name') ?? '';
  const name = useDebounced(typed.trim());
  const retry = useRetry();
  const look = (key: string, value: string) =>
    setSearch(
      (current) => {
        const next = new URLSearchParams(current);
        if (value === '') next.delete(key);
        else next.set(key, value);
        return next;
      },
      { replace: true },
    );
  return (
    <Page
      title="Background jobs"
      description="Imports, exports, erasures and housekeeping of the whole server. What is done is not kept here."
    >
      <SpaceBetween size="l">
        <Counts />
        {retry.error ? <ErrorAlert error={retry.error} /> : null}
        <PagedTable<BackgroundJob>
          title="Jobs"
          queryKey={[...scope, 'background-jobs', 'list', state, name]}
          load={(page) =>
            repoint.send('GetBackgroundJobs', {
              ...{ ...page, ...(state !== '' && { State: state }), ...(name !== '' && { JobName: name }) },
            })
          }
          isChanging={({ State }) => State === 'RUNNING' || State === 'WAITING'}
          filter={
            <SpaceBetween direction="horizontal" size="xs">
              <Select
                selectedOption={choices.find(({ value }) => value === state) ?? every}
                options={choices}
                onChange={({ detail }) => look('state', detail.selectedOption.value ?? '')}
                ariaLabel="State"
              />
              <TextFilter
                filteringText={typed}
                filteringPlaceholder="Whole name of a job"
                filteringAriaLabel="Whole name of a job"
                onChange={({ detail }) => look('name', detail.filteringText)}
              />
            </SpaceBetween>
          }
          columns={columns}
          idOf={({ JobId }) => JobId}
          nameOf={({ JobId, JobName }) => `${JobName} ${JobId}`}
          actions={(selected) => (
            <Button
              disabled={selected === undefined || selected.State === 'RUNNING'}
              disabledReason={selected?.State === 'RUNNING' ? 'It is running.' : undefined}
              loading={retry.isPending}
              onClick={() => selected && retry.mutate(selected)}
            >
              Run now
            </Button>
          )}
          empty={
            <Empty
              title={state === '' && name === '' ? 'Nothing to do' : 'No job fits'}
              command="npm run repoint -- doctor"
            >
              Whatever the server does later waits here. The whole server is examined by
            </Empty>
          }
        />
      </SpaceBetween>
    </Page>
  );
}

function Counts() {
  const { repoint, scope } = useApi();
  const query = useQuery({
    queryKey: [...scope, 'background-jobs', 'counts'],
    queryFn: () => repoint.send('GetBackgroundJobs', { PageSize: '1' }),
    refetchInterval: 5_000,
  });
  return (
    <Loaded query={query}>
      {({ Counts: counts }) => (
        <Facts
          title="At this moment"
          facts={[
            { label: 'Running', value: showNumber(counts.Running) },
            { label: 'Waiting', value: showNumber(counts.Waiting) },
            { label: 'The first has waited since', value: <Time value={counts.OldestWaitingTime} /> },
            { label: 'Later', value: showNumber(counts.Scheduled) },
            { label: 'To be tried again', value: showNumber(counts.Retrying) },
            { label: 'Failed for good', value: showNumber(counts.Failed) },
          ]}
        />
      )}
    </Loaded>
  );
}

const columns: readonly TableProps.ColumnDefinition<BackgroundJob>[] = [
  {
    id: 'name',
    header: 'Job',
    minWidth: 140,
    isRowHeader: true,
    cell: ({ JobName, JobId }) => (
      <>
        {JobName} <Box variant="small">{JobId}</Box>
      </>
    ),
  },
  {
    id: 'state',
    header: 'State',
    minWidth: 160,
    cell: ({ State }) => <StatusIndicator type={states[State].type}>{states[State].text}</StatusIndicator>,
  },
  { id: 'reason', header: 'Why it failed', minWidth: 160, cell: ({ Reason }) => Reason ?? '–' },
  {
    id: 'attempts',
    header: 'Attempts',
    minWidth: 100,
    cell: ({ Attempts, MaxAttempts }) => `${Attempts} of ${MaxAttempts}`,
  },
  { id: 'created', header: 'Created', minWidth: 160, cell: ({ CreationDate }) => <Time value={CreationDate} /> },
  {
    id: 'run',
    header: 'Runs',
    minWidth: 160,
    cell: ({ State, StartTime, RunTime }) => (State === 'FAILED' ? 'No more' : <Time value={StartTime ?? RunTime} />),
  },
];

function useRetry() {
  const { repoint, scope } = useApi();
  const cache = useQueryClient();
  const notices = useNotices();
  return useMutation({
    mutationFn: ({ JobId }: BackgroundJob) => repoint.send('RetryBackgroundJob', { JobId }),
    onSuccess: ({ JobId, JobName }) => {
      notices.done(`Job ${JobId} (${JobName}) runs now, and is tried as often as a new one`);
      return cache.invalidateQueries({ queryKey: [...scope, 'background-jobs'] });
    },
  });
}

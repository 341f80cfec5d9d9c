/**
 * A job of the server that takes a while: asked again until it is over. Its id is in the address of the page, so that a
 * reload, or another person, finds it where it is.
 */
import ProgressBar from '@cloudscape-design/components/progress-bar';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { inWords } from './words.ts';

const pollMilliseconds = 1_000;

export interface LongJob<Job> {
  readonly queryKey: readonly unknown[];
  readonly load: () => Promise<Job>;
  readonly isOver: (job: Job) => boolean;
}

export function useLongJob<Job>({ queryKey, load, isOver }: LongJob<Job>): UseQueryResult<Job> {
  return useQuery({
    queryKey,
    queryFn: load,
    refetchInterval: ({ state }) => (state.data !== undefined && isOver(state.data) ? false : pollMilliseconds),
  });
}

/** For lists with jobs in them. */
export function pollWhile(someUnderWay: boolean): number | false {
  return someUnderWay ? pollMilliseconds : false;
}

const kinds: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  COMPLETED: 'success',
  FAILED: 'error',
  PARTIALLY_COMPLETED: 'warning',
  CANCELLED: 'stopped',
  DENIED: 'stopped',
  DELETED: 'stopped',
  EXPIRED: 'stopped',
  INVALID: 'error',
};

/** `JobStatus` and `State` of the APIs, in words. */
export function JobStatus({ status = 'CREATED' }: { readonly status?: string | undefined }) {
  return <StatusIndicator type={kinds[status] ?? 'in-progress'}>{inWords(status)}</StatusIndicator>;
}

const over = new Set(Object.keys(kinds));

export function isOver(status: string | undefined): boolean {
  return status !== undefined && over.has(status);
}

export interface JobProgressProps {
  readonly label: string;
  readonly done: number;
  readonly of: number;
  readonly text?: string;
  readonly status?: 'in-progress' | 'success' | 'error';
}

export function JobProgress({ label, done, of, text, status = 'in-progress' }: JobProgressProps) {
  return (
    <ProgressBar
      label={label}
      value={of === 0 ? 0 : Math.round((100 * done) / of)}
      additionalInfo={text}
      status={status}
      resultText={text ?? label}
    />
  );
}

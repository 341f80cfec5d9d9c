/** The two moments of a stop: from the first on nothing new is sent, from the second on answers are not waited for. */
import type { Outcome } from '../../driver.ts';

/** Between the two, where nothing else is said. */
const graceMilliseconds = 5_000;

export const notSent: Outcome = {
  status: 'TEMPORARY_FAILURE',
  statusCode: 503,
  statusMessage: 'Not sent: the server is stopping',
};

export const unansweredAtStop: Outcome = {
  status: 'UNKNOWN_FAILURE',
  statusCode: 504,
  statusMessage: 'Sent, but the server stopped before the answer came',
};

export interface Stop {
  readonly aborted: boolean;
  readonly isOver: boolean;
  /** Resolves at the second moment, or never. */
  readonly over: Promise<void>;
  forget(): void;
}

export interface StopEvents {
  onAborted?(): void;
  onOver?(): void;
  /** Between the two. */
  readonly milliseconds?: number;
}

export function watchStop(signal: AbortSignal, events: StopEvents): Stop {
  const { milliseconds = graceMilliseconds } = events;
  const { promise: over, resolve } = Promise.withResolvers<void>();
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    events.onAborted?.();
    timer = setTimeout(() => {
      isOver = true;
      events.onOver?.();
      resolve();
    }, milliseconds);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return {
    get aborted() {
      return signal.aborted;
    },
    get isOver() {
      return isOver;
    },
    over,
    forget() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

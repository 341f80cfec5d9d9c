/** The two moments of a stop: from the first on nothing new is sent, from the second on answers are not waited for. */

export interface Stop {
  readonly aborted: boolean;
  readonly isOver: boolean;
  /** Resolves at the second moment, or never. */
  readonly over: Promise<void>;
  forget(): void;
}

export interface StopEvents {
  onAborted(): void;
  onOver(): void;
}

/** @param milliseconds between the two */
export function watchStop(signal: AbortSignal, milliseconds: number, { onAborted, onOver }: StopEvents): Stop {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    onAborted();
    timer = setTimeout(() => {
      isOver = true;
      onOver();
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

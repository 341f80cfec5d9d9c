/**
 * Delivers pieces of a batch side by side, and holds what the port promises of a process that stops: what was not sent
 * is given back, answers of what was sent are waited for a little longer.
 */
import type { Logger } from '../../../../kernel/logger.ts';
import type { Outcome } from '../../driver.ts';

/** After the process was told to stop. */
const graceMilliseconds = 5_000;

export const notSent: Outcome = {
  status: 'TEMPORARY_FAILURE',
  statusCode: 503,
  statusMessage: 'Not sent: the server is being stopped',
};

const fault: Outcome = { status: 'UNKNOWN_FAILURE', statusCode: 500, statusMessage: 'Internal error' };

export interface Patience {
  /** The process stops: begin nothing new. */
  readonly stopping: AbortSignal;
  /** Some seconds later: wait no longer. */
  readonly ended: AbortSignal;
}

/**
 * @param send never throws but for a fault of ours, which becomes UNKNOWN_FAILURE
 * @returns when every piece is settled
 */
export async function deliverEach<Piece>(
  pieces: readonly Piece[],
  parts: {
    readonly signal: AbortSignal;
    readonly logger: Logger;
    send(piece: Piece, patience: Patience): Promise<Outcome>;
    settle(piece: Piece, outcome: Outcome): void;
  },
): Promise<void> {
  const { signal } = parts;
  const grace = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const beginGrace = () => {
    timer = setTimeout(() => grace.abort(), graceMilliseconds);
  };
  signal.addEventListener('abort', beginGrace, { once: true });
  const patience = { stopping: signal, ended: grace.signal };
  const deliver = async (piece: Piece) => {
    if (signal.aborted) return parts.settle(piece, notSent);
    const outcome = await parts.send(piece, patience).catch((error: unknown) => {
      parts.logger.error({ err: error }, 'a driver failed at one message');
      return fault;
    });
    parts.settle(piece, outcome);
  };
  try {
    await Promise.all(pieces.map(deliver));
  } finally {
    signal.removeEventListener('abort', beginGrace);
    clearTimeout(timer);
  }
}

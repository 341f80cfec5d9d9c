/**
 * Delivers pieces of a batch side by side, and holds what the port promises: each is settled once whatever happens, and
 * when the process stops, what was not sent is given back and answers of what was sent are waited for a little longer.
 */
import { describeFault, type Logger } from '../../../../kernel/logger.ts';
import type { Outcome } from '../../driver.ts';
import { notSent, unansweredAtStop, watchStop } from './stop.ts';

const fault: Outcome = { status: 'UNKNOWN_FAILURE', statusCode: 500, statusMessage: 'Internal error' };

export interface Patience {
  /** The process stops: begin nothing new. */
  readonly stopping: AbortSignal;
  /** Some seconds later: nobody waits any longer. */
  readonly ended: AbortSignal;
}

export interface Delivery<Piece> {
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Most pieces under way at once. @default all */
  readonly atOnce?: number;
  /** Never throws but for a fault of ours, which becomes UNKNOWN_FAILURE. */
  send(piece: Piece, patience: Patience): Promise<Outcome>;
  settle(piece: Piece, outcome: Outcome): void;
  /** The process stops: what waits for a connection is to be given up. */
  stopWaiting?(): void;
}

/** @throws what `settle` threw, once every piece is settled: it is the caller's */
export async function deliverEach<Piece>(pieces: readonly Piece[], delivery: Delivery<Piece>): Promise<void> {
  const { signal, logger, atOnce = pieces.length } = delivery;
  const ending = new AbortController();
  const stop = watchStop(signal, { onAborted: () => delivery.stopWaiting?.(), onOver: () => ending.abort() });
  const unanswered = stop.over.then(() => unansweredAtStop);
  const patience = { stopping: signal, ended: ending.signal };
  const outcomeOf = async (piece: Piece): Promise<Outcome> => {
    try {
      return await delivery.send(piece, patience);
    } catch (error) {
      logger.error({ fault: describeFault(error) }, 'a driver failed at one message');
      return fault;
    }
  };
  const thrown: unknown[] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < pieces.length; at = next++) {
      const piece = pieces[at] as Piece;
      const outcome = signal.aborted ? notSent : await Promise.race([outcomeOf(piece), unanswered]);
      try {
        delivery.settle(piece, outcome);
      } catch (error) {
        thrown.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, pieces.length) }, work));
  stop.forget();
  if (thrown.length > 0) throw thrown[0];
}

/**
 * Messages whose provider is our own database: claimed, stored and settled in one transaction, with their events, those of
 * many callers together (docs/decisions/0027). All of it is there or nothing.
 */
import type { RawBuilder } from 'kysely';
import { Coalescer, sendLast, type Transaction, withTimePartition } from '../../../database/index.ts';
import type { DriverStorage, OutgoingMessage, StagedMessage } from '../../channels/index.ts';
import { claimSends } from '../sends/claim.ts';
import type { SendResult, WantedSend } from '../sends/send.ts';
import { type SettledSend, settleSends } from '../sends/settle.ts';
import type { PipelineOptions } from './pipeline.ts';
import { isTold, notSent, toResult } from './results.ts';

/** One message, and where it is stored. */
interface StoredSend {
  readonly send: WantedSend;
  /** Of the message. */
  readonly key: string;
  readonly staged: StagedMessage;
  readonly writing: DriverStorage['writing'];
  readonly isErased: IsErased;
}

/** Whether the recipient was erased since the message was begun. */
export type IsErased = (() => boolean) | undefined;

/** Somebody was erased between their claim and its commit. */
class ErasedMeanwhile extends Error {}

export class StoredSends {
  readonly #options: PipelineOptions;
  readonly #writes: Coalescer<StoredSend, SendResult>;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#writes = new Coalescer({
      name: 'stored messages',
      run: (sends) => this.#write(sends),
      maximumBatch: 200,
      maximumInFlight: 2,
      // A batch costs about as much as two dozen messages do, whatever is in it.
      worthwhileBeside: 24,
      maximumWaiting: 20_000,
      key: ({ send: { run, recipient } }) => `${run.projectNumber} ${run.id} ${recipient.text}`,
    });
  }

  get figures() {
    return this.#writes.figures;
  }

  /** Durable when it resolves. @throws ServiceError; the message is not stored then, and nothing is written of it */
  send(
    storage: DriverStorage,
    {
      send,
      message,
      isErased,
    }: { readonly send: WantedSend; readonly message: OutgoingMessage; readonly isErased: IsErased },
  ): Promise<SendResult> {
    const { writing } = storage;
    return this.#writes.submit({ send, key: message.key, staged: storage.stage(message), writing, isErased });
  }

  drain(): Promise<void> {
    return this.#writes.drain();
  }

  async #write(sends: readonly StoredSend[]): Promise<readonly SendResult[]> {
    const { database, clock, learnt, logger } = this.#options;
    const now = clock.now();
    const moments = sends.map(({ send }) => send.run.startedAt);
    const written = await withTimePartition(database.query, 'sends', moments, () => this.#writeOnce(sends, now));
    try {
      await learnt(written.settled);
    } catch (error) {
      // The outcomes are written, and the next message to the address teaches the same.
      logger.error({ err: error }, 'what providers told of addresses could not be kept');
    }
    return written.results;
  }

  /** Again without those who are erased while it runs: of them nothing may be stored any more. */
  async #writeOnce(sends: readonly StoredSend[], now: Date): Promise<Written> {
    for (;;) {
      try {
        return await this.#options.database.keyedTransaction((tx) => this.#writeIn(tx, sends, now));
      } catch (error) {
        if (!(error instanceof ErasedMeanwhile)) throw error;
      }
    }
  }

  async #writeIn(tx: Transaction, sends: readonly StoredSend[], now: Date): Promise<Written> {
    const { hashes, recorded } = this.#options;
    const live = sends.filter(({ isErased }) => !isErased?.());
    const verdicts = await claimSends(
      tx,
      hashes,
      live.map(({ send }) => send),
      live.map(({ staged }) => staged.outcome),
    );
    const verdictOf = new Map(live.map((each, index) => [each, verdicts[index]]));
    const stored: StoredSend[] = [];
    const settled: SettledSend[] = [];
    const refused: SettledSend[] = [];
    const results = sends.map((each): SendResult => {
      const { send, key, staged } = each;
      const verdict = verdictOf.get(each) ?? 'ERASED';
      if (verdict === 'CLAIMED') {
        stored.push(each);
        settled.push({ send, key, outcome: staged.outcome, attempts: 1, expectsReceipt: false });
        return toResult(staged.outcome);
      }
      const outcome = notSent(verdict, send.channelType);
      if (isTold(verdict)) refused.push({ send, key, outcome, attempts: 1, expectsReceipt: false });
      return outcome;
    });
    await sendLast(tx, writingAll(stored));
    if (refused.length > 0) settled.push(...(await settleSends(tx, refused, now)));
    await recorded(tx, settled, now);
    // What follows is the commit. Endpoints are locked until then; of a bare address this is the last look.
    if (live.some(({ isErased }) => isErased?.())) throw new ErasedMeanwhile();
    return { results, settled };
  }
}

interface Written {
  readonly results: readonly SendResult[];
  readonly settled: readonly SettledSend[];
}

/** Those that are written by the same function go together. */
export function writingAll(sends: readonly Pick<StoredSend, 'staged' | 'writing'>[]): RawBuilder<unknown>[] {
  const groups = Map.groupBy(sends, ({ writing }) => writing);
  return [...groups].flatMap(([writing, group]) => writing(group.map(({ staged }) => staged)));
}

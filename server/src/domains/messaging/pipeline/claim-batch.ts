/**
 * Claims a batch of a run in the transaction that moves its cursor. Messages whose provider is our own database leave with
 * it: claim, message and outcome are one row written once, and either all of a batch has left or nothing of it.
 */
import { sendLast, type Transaction } from '../../../database/index.ts';
import type { DriverStorage, OutgoingMessage, StagedMessage } from '../../channels/index.ts';
import { claimSends, type Verdict } from '../sends/claim.ts';
import type { WantedSend } from '../sends/send.ts';
import type { SettledSend } from '../sends/settle.ts';
import type { PipelineOptions, RoutedSend } from './pipeline.ts';
import { writingAll } from './stored-sends.ts';

export interface ClaimedBatch {
  /** In the order of the sends. */
  readonly verdicts: readonly Verdict[];
  /** Claimed, and to be delivered once the transaction has committed. */
  readonly toDeliver: readonly RoutedSend[];
  /** Those that leave with the transaction. */
  readonly settled: readonly SettledSend[];
}

interface Staged {
  readonly staged: StagedMessage;
  readonly writing: DriverStorage['writing'];
}

export interface BatchParts extends Pick<PipelineOptions, 'hashes' | 'recorded' | 'clock'> {
  /** False: everything waits until it is delivered, as the run's own rate allows. */
  readonly leavesAtOnce: boolean;
  messageOf(send: WantedSend): OutgoingMessage;
}

export async function claimBatch(
  tx: Transaction,
  { hashes, recorded, clock, leavesAtOnce, messageOf }: BatchParts,
  routed: readonly RoutedSend[],
): Promise<ClaimedBatch> {
  const staged = leavesAtOnce ? await stage(routed, messageOf) : [];
  const verdicts = await claimSends(
    tx,
    hashes,
    routed.map(({ send }) => send),
    staged.some((each) => each !== undefined) ? staged.map((each) => each?.staged.outcome) : undefined,
  );
  const toDeliver: RoutedSend[] = [];
  const stored: Staged[] = [];
  const settled: SettledSend[] = [];
  for (const [index, each] of routed.entries()) {
    if (verdicts[index] !== 'CLAIMED') continue;
    const message = staged[index];
    if (message === undefined) toDeliver.push(each);
    else {
      stored.push(message);
      settled.push({ send: each.send, outcome: message.staged.outcome, attempts: 1, expectsReceipt: false });
    }
  }
  if (stored.length > 0) {
    await sendLast(tx, writingAll(stored));
    await recorded(tx, settled, clock.now());
  }
  return { verdicts, toDeliver, settled };
}

/** Of those that are stored. Who they leave through is asked once for all that share the question. */
async function stage(
  routed: readonly RoutedSend[],
  messageOf: (send: WantedSend) => OutgoingMessage,
): Promise<(Staged | undefined)[]> {
  const storages = new Map<RoutedSend['findProvider'], DriverStorage | undefined>();
  for (const { findProvider } of routed) {
    if (!storages.has(findProvider)) storages.set(findProvider, (await findProvider())?.driver.storage);
  }
  return routed.map(({ send, findProvider, outcome }) => {
    const storage = storages.get(findProvider);
    if (storage === undefined || outcome !== undefined) return undefined;
    return { staged: storage.stage(messageOf(send)), writing: storage.writing };
  });
}

/** Counts what became of messages, in the transaction that writes it; and of whom nothing will be told any more. */
import { randomInt } from 'node:crypto';
import { sendLast } from '../../../database/index.ts';
import type { ErasedClaimsHandler, SettledHandler } from '../../messaging/index.ts';
import { counterOf } from './counters.ts';
import { addingToCounts, CountSheet, type FailedRecipient, takingBackSends } from './counts-store.ts';

/** So many rows a counter at most: whoever counts at the same time seldom meets another there. */
const parts = 32;

export const countOutcomes: SettledHandler = async (tx, settled) => {
  const sheet = new CountSheet();
  const failed: FailedRecipient[] = [];
  for (const { send, outcome } of settled) {
    const { origin } = send.detail;
    if (origin.kind !== 'campaign') continue;
    const { projectNumber } = send.run;
    sheet.add(projectNumber, origin.activityId, counterOf(outcome.status));
    if (outcome.status === 'SUCCESSFUL') continue;
    const { text: endpointId, bucket } = send.recipient;
    failed.push({ projectNumber, bucket, endpointId, campaignId: origin.campaignId });
  }
  const counts = sheet.all;
  if (counts.length === 0) return;
  await sendLast(tx, [
    addingToCounts(counts, -randomInt(1, parts + 1)),
    ...(failed.length === 0 ? [] : [takingBackSends(inKeyOrder(failed))]),
  ]);
};

function inKeyOrder(recipients: readonly FailedRecipient[]): FailedRecipient[] {
  return recipients.toSorted(
    (one, other) =>
      one.projectNumber - other.projectNumber ||
      one.bucket - other.bucket ||
      (one.endpointId < other.endpointId ? -1 : 1),
  );
}

/**
 * Claims of people who were erased before anything was known of their message: counted as ERASED when they go, so that
 * totals stay whole.
 */
export const countErasedClaims: ErasedClaimsHandler = async (tx, projectNumber, claims) => {
  const sheet = new CountSheet();
  for (const { origin } of claims) {
    if (origin.kind === 'campaign') sheet.add(projectNumber, origin.activityId, 'ERASED');
  }
  if (sheet.all.length > 0) await addingToCounts(sheet.all, -randomInt(1, parts + 1)).execute(tx);
};

/** Counts what became of messages, in the transaction that writes it; and of whom nothing will be told any more. */
import { randomInt } from 'node:crypto';
import { sql } from 'kysely';
import { sendLast, type Transaction } from '../../../database/index.ts';
import { addressKey, normaliseAddress } from '../../../kernel/address.ts';
import { bucketOf } from '../../../kernel/bucket.ts';
import type { RemovedHandler } from '../../audience/index.ts';
import { countOpenClaims, type SettledHandler } from '../../messaging/index.ts';
import { counterOf } from './counters.ts';
import { addingToCounts, CountSheet, type FailedRecipient, forgetRecipients, takingBackSends } from './counts-store.ts';

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

/** All that an endpoint can be of: its address is taken for one of them. */
const channelTypes = [
  ...['EMAIL', 'SMS', 'VOICE', 'GCM', 'APNS', 'APNS_SANDBOX', 'APNS_VOIP', 'APNS_VOIP_SANDBOX', 'ADM', 'BAIDU'],
  ...['CUSTOM', 'PUSH'],
];

/**
 * Part of every deletion of endpoints, before their messages are forgotten: who was claimed and had no message yet is
 * counted as ERASED, so that totals stay whole.
 */
export const forgetCampaignRecipients: RemovedHandler = async (tx, projectNumber, { endpointIds, addresses }) => {
  if (endpointIds.length > 0) {
    const endpoints = endpointIds.map((id) => ({ id, bucket: bucketOf(id) }));
    const open = await countOpenClaims(tx, projectNumber, endpoints);
    const sheet = new CountSheet();
    for (const { activityId, count } of open) sheet.add(projectNumber, activityId, 'ERASED', count);
    if (open.length > 0) await addingToCounts(sheet.all, -randomInt(1, parts + 1)).execute(tx);
    await forgetRecipients(tx, projectNumber, endpoints);
  }
  await forgetAddresses(tx, projectNumber, addresses);
};

async function forgetAddresses(tx: Transaction, projectNumber: number, addresses: readonly string[]): Promise<void> {
  if (addresses.length === 0) return;
  const keys = addresses.flatMap((address) => channelTypes.map((channelType) => runAddressKey(channelType, address)));
  await sql`
    delete from campaign_addresses
    using campaign_runs as run
    where run.project_number = ${projectNumber} and run.number = campaign_addresses.run_number
      and run.state not in ('CANCELLED', 'COMPLETED') and address_key = any (${keys}::bigint[])`.execute(tx);
}

/** One address on two channels is two: a number gets an SMS and a call. */
export function runAddressKey(channelType: string, address: string): string {
  return addressKey(`${channelType} ${normaliseAddress(address)}`);
}

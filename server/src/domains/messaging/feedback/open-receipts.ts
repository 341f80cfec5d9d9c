/**
 * Messages whose provider said nothing final for three days: an SMS is told of with record_status UNKNOWN then
 * (dossier/events-journeys-console §2.7).
 */
import { sql } from 'kysely';
import type { Database, Executor } from '../../../database/index.ts';
import type { EventLog } from '../../events/index.ts';
import { findSend, holdSend } from '../sends/log.ts';
import { smsEventOf } from '../sends/records.ts';
import { storableMessageId } from '../sends/send.ts';
import { toTold } from '../sends/stored.ts';
import type { LinkedSend } from '../tracking/links.ts';

const waitMilliseconds = 72 * 3600 * 1000;
const pageSize = 200;

/** The last word on a send came. @returns whether it is the first last word: providers may say it twice */
export async function closeReceipt(
  query: Executor,
  providerMessageId: string,
  { projectNumber, runId, recipient }: Pick<LinkedSend, 'projectNumber' | 'runId' | 'recipient'>,
  now: Date,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update provider_messages set closed_at = ${now}
    where provider_message_id = ${storableMessageId(providerMessageId)} and project_number = ${projectNumber}
      and run_id = ${runId} and recipient = ${recipient} and closed_at is null`.execute(query);
  return (numAffectedRows ?? 0n) > 0n;
}

interface OpenReceipt extends LinkedSend {
  readonly providerMessageId: string;
  readonly sentAt: Date;
}

/** Page by page, each in a transaction with its events, so that it may be run again after a kill. */
export async function closeOldReceipts(
  {
    database,
    events,
    keySecret,
  }: { readonly database: Database; readonly events: EventLog; readonly keySecret: Buffer },
  now: Date,
): Promise<void> {
  for (;;) {
    const count = await database.transaction(async (tx) => {
      const { rows } = await sql<OpenReceipt>`
        select provider_message_id as "providerMessageId", sent_at as "sentAt", project_number as "projectNumber",
               bucket, recipient, run_id as "runId", started_at as "startedAt"
        from provider_messages
        where closed_at is null and sent_at < ${new Date(now.getTime() - waitMilliseconds)}
        order by sent_at limit ${pageSize}
        for update skip locked`.execute(tx);
      for (const receipt of rows) {
        // Held, so that a deletion of the recipient comes before, or finds the event.
        const send = (await holdSend(tx, receipt)) ? await findSend(tx, receipt) : undefined;
        if (send?.channelType === 'SMS') {
          const told = toTold(send, keySecret);
          const times = { final: true, occurredAt: receipt.sentAt, arrivedAt: now };
          await events.append(tx, [smsEventOf(told, 'UNKNOWN', times)]);
        }
        await tx
          .updateTable('provider_messages')
          .set({ closed_at: now })
          .where('provider_message_id', '=', receipt.providerMessageId)
          .where('sent_at', '=', receipt.sentAt)
          .execute();
      }
      return rows.length;
    });
    if (count < pageSize) return;
  }
}

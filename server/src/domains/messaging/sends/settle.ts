/** Writes down what became of claimed messages, in one transaction with their events. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { Outcome } from '../../channels/index.ts';
import type { SendStatus, WantedSend } from './send.ts';

export interface SettledSend {
  readonly send: WantedSend;
  /** Of the provider; or why nothing left, when the claim said so. */
  readonly outcome: Omit<Outcome, 'status'> & { readonly status: SendStatus };
  readonly attempts: number;
  /** The provider will tell what became of it: its id of the message must lead back here. */
  readonly expectsReceipt: boolean;
}

/**
 * An upsert, though every row is there: it finds its partition and row directly, where an update that joins would go
 * through all partitions.
 */
export async function settleSends(tx: Transaction, settled: readonly SettledSend[], now: Date): Promise<void> {
  if (settled.length === 0) return;
  await sql`
    insert into sends (project_number, bucket, recipient, run_id, started_at, channel_type, detail, status, status_code,
                       status_message, message_id, attempts, settled_at)
    select given.*, clock_timestamp()
    from json_to_recordset(${JSON.stringify(settled.map(toRow))}::json)
      as given (project_number bigint, bucket int, recipient text, run_id text, started_at timestamptz,
                channel_type text, detail jsonb, status text, status_code int, status_message text, message_id text,
                attempts int)
    on conflict (project_number, bucket, recipient, run_id, started_at) do update set
      status = excluded.status, status_code = excluded.status_code, status_message = excluded.status_message,
      message_id = excluded.message_id, attempts = excluded.attempts, settled_at = excluded.settled_at`.execute(tx);
  await insertProviderMessages(
    tx,
    settled.filter(({ expectsReceipt, outcome }) => expectsReceipt && outcome.messageId !== undefined),
    now,
  );
}

function toRow({ send, outcome, attempts }: SettledSend) {
  return {
    ...keyOf(send),
    channel_type: send.channelType,
    detail: send.detail,
    status: outcome.status,
    status_code: outcome.statusCode,
    status_message: outcome.statusMessage,
    message_id: outcome.messageId,
    attempts,
  };
}

function keyOf({ run, recipient }: WantedSend) {
  return {
    project_number: run.projectNumber,
    bucket: recipient.bucket,
    recipient: recipient.text,
    run_id: run.id,
    started_at: run.startedAt,
  };
}

async function insertProviderMessages(tx: Transaction, settled: readonly SettledSend[], now: Date): Promise<void> {
  if (settled.length === 0) return;
  const rows = settled.map(({ send, outcome }) => ({
    provider_message_id: outcome.messageId,
    sent_at: now,
    ...keyOf(send),
  }));
  await sql`
    insert into provider_messages (provider_message_id, sent_at, project_number, bucket, recipient, run_id, started_at)
    select * from json_to_recordset(${JSON.stringify(rows)}::json)
      as given (provider_message_id text, sent_at timestamptz, project_number bigint, bucket int, recipient text,
                run_id text, started_at timestamptz)
    on conflict do nothing`.execute(tx);
}

/** A claim that no outcome was written for: its process was killed between the two. */
export interface UnsettledSend {
  readonly recipient: string;
  readonly bucket: number;
  readonly attempts: number;
}

/**
 * Of one run, in a range of buckets, in the order of the key. The range is read by the primary key, whatever other runs
 * are in it: that happens after a crash only.
 */
export async function findUnsettled(
  query: Executor,
  run: { readonly projectNumber: number; readonly id: string; readonly startedAt: Date },
  range: { readonly firstBucket: number; readonly endBucket: number },
  limit: number,
): Promise<UnsettledSend[]> {
  const { rows } = await sql<UnsettledSend>`
    select recipient, bucket, attempts from sends
    where project_number = ${run.projectNumber} and bucket >= ${range.firstBucket} and bucket < ${range.endBucket}
      and run_id = ${run.id} and started_at = ${run.startedAt} and status = 'CLAIMED'
    order by bucket, recipient
    limit ${limit}`.execute(query);
  return rows;
}

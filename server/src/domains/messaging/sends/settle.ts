/** Writes down what became of claimed messages, in one transaction with their events. */
import { type RawBuilder, sql } from 'kysely';
import {
  bigintArray,
  booleanArray,
  type Executor,
  integerArray,
  type Transaction,
  textArray,
  timestampArray,
} from '../../../database/index.ts';
import { storableText } from '../../../kernel/storable-text.ts';
import type { Outcome } from '../../channels/index.ts';
import { type RunSendStatus, storableMessageId, type WantedSend } from './send.ts';

export interface SettledSend {
  readonly send: WantedSend;
  /** Of the provider; or why nothing left, when the claim said so. */
  readonly outcome: Omit<Outcome, 'status'> & { readonly status: RunSendStatus };
  readonly attempts: number;
  /** The provider will tell what became of it: its id of the message must lead back here. */
  readonly expectsReceipt: boolean;
  /** Of the message (`messageKey`), where whoever settles it has it at hand. */
  readonly key?: string;
}

/**
 * Writes outcomes to claims that are still there; of a run, to those that have none: should two have sent the same
 * message, the first word stands.
 * @returns those: of a person who was erased meanwhile nothing is written any more
 */
export async function settleSends(
  tx: Transaction,
  settled: readonly SettledSend[],
  now: Date,
): Promise<readonly SettledSend[]> {
  const { rows } = await updatingSends(settled).execute(tx);
  const there = rows.map(({ ordinal }) => settled[ordinal] as SettledSend);
  const receipted = there.filter(({ expectsReceipt, outcome }) => expectsReceipt && outcome.messageId !== undefined);
  // Awaited: it may lack its partition, which the caller makes.
  if (receipted.length > 0) await insertingProviderMessages(receipted, now).execute(tx);
  return there;
}

/** The bounds are for the planner, which then opens the partitions of these weeks only. */
function updatingSends(settled: readonly SettledSend[]): RawBuilder<{ readonly ordinal: number }> {
  const column = <Value>(read: (each: SettledSend) => Value) => settled.map(read);
  const starts = column(({ send }) => send.run.startedAt.getTime());
  return sql`
    update sends set
      status = given.status, status_code = given.status_code, status_message = given.status_message,
      message_id = given.message_id, attempts = given.attempts, settled_at = clock_timestamp()
    from unnest(
      ${keysOf(settled.map(({ send }) => send))},
      ${integerArray(settled.map((_each, index) => index))}::int[],
      ${textArray(column(({ outcome }) => outcome.status))}::text[],
      ${integerArray(column(({ outcome }) => outcome.statusCode))}::int[],
      ${textArray(column(({ outcome }) => storableText(outcome.statusMessage)))}::text[],
      ${textArray(column(messageIdOf))}::text[],
      ${integerArray(column(({ attempts }) => attempts))}::int[],
      ${booleanArray(column(({ send }) => send.run.kind !== 'direct'))}::boolean[])
      as given (project_number, bucket, recipient, run_id, started_at, ordinal, status, status_code, status_message,
                message_id, attempts, of_run)
    where sends.project_number = given.project_number and sends.bucket = given.bucket
      and sends.recipient = given.recipient and sends.run_id = given.run_id and sends.started_at = given.started_at
      and (sends.status = 'CLAIMED' or not given.of_run)
      and sends.started_at >= ${new Date(Math.min(...starts))} and sends.started_at <= ${new Date(Math.max(...starts))}
    returning given.ordinal`;
}

function insertingProviderMessages(settled: readonly SettledSend[], now: Date): RawBuilder<unknown> {
  return sql`
    insert into provider_messages (project_number, bucket, recipient, run_id, started_at, provider_message_id, sent_at)
    select * from unnest(
      ${keysOf(settled.map(({ send }) => send))},
      ${textArray(settled.map(messageIdOf))}::text[],
      ${timestampArray(settled.map(() => now))}::timestamptz[])
    on conflict do nothing`;
}

function messageIdOf({ outcome: { messageId } }: SettledSend): string | null {
  return messageId === undefined ? null : storableMessageId(messageId);
}

/** Arrays of the columns of a send's key, in its order. */
export function keysOf(sends: readonly WantedSend[]): RawBuilder<unknown> {
  return sql`
    ${bigintArray(sends.map(({ run }) => run.projectNumber))}::bigint[],
    ${integerArray(sends.map(({ recipient }) => recipient.bucket))}::int[],
    ${textArray(sends.map(({ recipient }) => recipient.text))}::text[],
    ${textArray(sends.map(({ run }) => run.id))}::text[],
    ${timestampArray(sends.map(({ run }) => run.startedAt))}::timestamptz[]`;
}

/** A claim that no outcome was written for: its process was killed between the two. */
export interface UnsettledSend {
  readonly recipient: string;
  readonly bucket: number;
  readonly attempts: number;
}

/**
 * Of one run, in a range of buckets, in the order of the key, behind `after`. The range is read by the primary key, whatever other runs
 * are in it: that happens after a crash only.
 */
export async function findUnsettled(
  query: Executor,
  run: { readonly projectNumber: number; readonly id: string; readonly startedAt: Date },
  range: { readonly firstBucket: number; readonly endBucket: number },
  after: Pick<UnsettledSend, 'bucket' | 'recipient'> | undefined,
  limit: number,
): Promise<UnsettledSend[]> {
  const { rows } = await sql<UnsettledSend>`
    select recipient, bucket, attempts from sends
    where project_number = ${run.projectNumber} and bucket >= ${range.firstBucket} and bucket < ${range.endBucket}
      and (bucket, recipient) > (${after?.bucket ?? -1}::int, ${after?.recipient ?? ''}::text)
      and run_id = ${run.id} and started_at = ${run.startedAt} and status = 'CLAIMED'
    order by bucket, recipient
    limit ${limit}`.execute(query);
  return rows;
}

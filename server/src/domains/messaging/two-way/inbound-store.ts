/** SQL over `inbound_messages`: what people wrote, and what was done about it. */
import { sql } from 'kysely';
import type { Database, Executor, Transaction } from '../../../database/index.ts';
import type { Decision } from './decide.ts';

/** Of the answer: SendStatus of messaging, or why none could leave. Of a destination: see `PublishStatus`. */
export interface StoredInbound {
  /** 32 hex characters. */
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  readonly providerKey: string;
  readonly providerMessageId: string;
  readonly number: string;
  readonly from: string;
  readonly addressHash: Buffer;
  readonly body: string;
  readonly keyword: string | null;
  readonly action: Decision['action'];
  readonly sentAt: Date;
  readonly receivedAt: Date;
  readonly projectNumber: number | null;
  readonly answer: string | null;
  readonly answerStatus: string | null;
  readonly answerDetail: string | null;
  readonly topicStatus: PublishStatus | null;
  readonly topicDetail: string | null;
  readonly webhookStatus: PublishStatus | null;
  readonly webhookDetail: string | null;
}

/** `RETRYING`: it failed, and will be tried again. */
export type PublishStatus = 'PENDING' | 'RETRYING' | 'PUBLISHED' | 'FAILED';
export type Destination = 'TOPIC' | 'WEBHOOK';

export type NewInbound = Omit<
  StoredInbound,
  'answer' | 'answerStatus' | 'answerDetail' | 'topicStatus' | 'topicDetail' | 'webhookStatus' | 'webhookDetail'
>;

const columns = sql`
  id, account_id as "accountId", region, provider_key as "providerKey", provider_message_id as "providerMessageId",
  number, from_address as "from", address_hash as "addressHash", body, keyword, action, sent_at as "sentAt",
  received_at as "receivedAt", project_number as "projectNumber", answer, answer_status as "answerStatus",
  answer_detail as "answerDetail", topic_status as "topicStatus", topic_detail as "topicDetail",
  webhook_status as "webhookStatus", webhook_detail as "webhookDetail"`;

/** @returns the ids of those that had not been told before */
export async function insertInbound(tx: Transaction, messages: readonly NewInbound[]): Promise<ReadonlySet<string>> {
  const rows = messages.map(({ addressHash, ...message }) => ({
    ...message,
    addressHash: `\\x${addressHash.toString('hex')}`,
  }));
  const inserted = await sql<{ id: string }>`
    insert into inbound_messages (id, account_id, region, provider_key, provider_message_id, number, from_address,
                                  address_hash, body, keyword, action, sent_at, received_at, project_number)
    select given.id, "accountId", given.region, "providerKey", "providerMessageId", given.number, "from",
           "addressHash", given.body, given.keyword, given.action, "sentAt", "receivedAt", "projectNumber"
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as given (id text, "accountId" text, region text, "providerKey" text, "providerMessageId" text, number text,
                "from" text, "addressHash" bytea, body text, keyword text, action text, "sentAt" timestamptz,
                "receivedAt" timestamptz, "projectNumber" bigint)
    -- Two that are told the same at once wait for each other in one order.
    order by "providerKey", "providerMessageId"
    on conflict do nothing
    returning id`.execute(tx);
  return new Set(inserted.rows.map(({ id }) => id));
}

/** What an answer begins with: on its way, or held back for good. */
export interface PlannedAnswer {
  readonly text: string;
  readonly status: 'PENDING' | 'THROTTLED';
}

/** What is about to be done, in the transaction that stores the message. */
export async function planInbound(
  tx: Transaction,
  { id, answer, destinations }: { id: string; answer: PlannedAnswer | undefined; destinations: readonly Destination[] },
): Promise<void> {
  await sql`
    update inbound_messages set
      answer = ${answer?.text ?? null}, answer_status = ${answer?.status ?? null},
      topic_status = ${destinations.includes('TOPIC') ? 'PENDING' : null},
      webhook_status = ${destinations.includes('WEBHOOK') ? 'PENDING' : null}
    where id = ${id}`.execute(tx);
}

/** Messages from an address that were answered since then. */
export async function countAnswered(
  query: Executor,
  { accountId, addressHash }: Pick<StoredInbound, 'accountId' | 'addressHash'>,
  since: Date,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from inbound_messages
    where account_id = ${accountId} and address_hash = ${addressHash} and received_at > ${since}
      and answer is not null and answer_status <> 'THROTTLED'`.execute(query);
  return rows[0]?.count ?? 0;
}

export async function findInbound(query: Executor, id: string): Promise<StoredInbound | undefined> {
  const { rows } = await sql<StoredInbound>`select ${columns} from inbound_messages where id = ${id}`.execute(query);
  return rows[0];
}

export async function noteAnswer(
  query: Executor,
  id: string,
  { status, statusMessage }: { readonly status: string; readonly statusMessage: string },
): Promise<void> {
  await sql`
    update inbound_messages set answer_status = ${status}, answer_detail = ${statusMessage} where id = ${id}`.execute(
    query,
  );
}

export async function notePublished(
  query: Executor,
  id: string,
  destination: Destination,
  { status, detail }: { readonly status: PublishStatus; readonly detail: string | null },
): Promise<void> {
  const [statusColumn, detailColumn] =
    destination === 'TOPIC' ? ['topic_status', 'topic_detail'] : ['webhook_status', 'webhook_detail'];
  await sql`
    update inbound_messages set ${sql.ref(statusColumn)} = ${status}, ${sql.ref(detailColumn)} = ${detail}
    where id = ${id}`.execute(query);
}

/** Newest first. @param number undefined: of all numbers */
export async function listInbound(
  query: Executor,
  { accountId, number }: { readonly accountId: string; readonly number: string | undefined },
  after: readonly unknown[] | undefined,
  limit: number,
): Promise<StoredInbound[]> {
  const [time, id] = (after ?? []) as [string?, string?];
  const behind =
    time === undefined || id === undefined
      ? sql`true`
      : sql`(received_at < ${time}::timestamptz or received_at = ${time}::timestamptz and id > ${id})`;
  const ofNumber = number === undefined ? sql`true` : sql`number = ${number}`;
  const { rows } = await sql<StoredInbound>`
    select ${columns} from inbound_messages where account_id = ${accountId} and ${ofNumber} and ${behind}
    order by received_at desc, id limit ${limit}`.execute(query);
  return rows;
}

const sweepBatch = 5_000;

/** In pieces, so that no statement holds its locks for long. */
export async function deleteInboundBefore({ query }: Database, moment: Date, signal: AbortSignal): Promise<void> {
  for (let deleted = sweepBatch; deleted >= sweepBatch; ) {
    signal.throwIfAborted();
    const { numAffectedRows } = await sql`
      delete from inbound_messages where id in (
        select id from inbound_messages where received_at < ${moment} limit ${sweepBatch})`.execute(query);
    deleted = Number(numAffectedRows ?? 0n);
  }
}

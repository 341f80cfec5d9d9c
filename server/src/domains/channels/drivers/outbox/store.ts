/** All SQL over `outbox_messages`. */
import { sql } from 'kysely';
import type { Database, Executor, Transaction } from '../../../../database/index.ts';
import { addressKey as keyOfAddress } from '../../../../kernel/address.ts';
import { bucketOf } from '../../../../kernel/bucket.ts';
import type { Position } from '../../../../kernel/paging.ts';
import type { ChannelType } from '../../channel-types.ts';
import type { MessageContent, OutgoingMessage, RawEmailContent } from '../../message.ts';

export interface NewMessage {
  readonly message: OutgoingMessage;
  readonly projectNumber: number;
  readonly bucket: number;
  readonly addressKey: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Raw MIME is base64 here. */
export type StoredContent =
  | Exclude<MessageContent, RawEmailContent>
  | (Omit<RawEmailContent, 'mime'> & { readonly mime: string });

/** A message of a listing. */
export interface MessageHead {
  /** Its key. */
  readonly id: string;
  readonly channelType: ChannelType;
  readonly address: string;
  readonly endpointId: string | null;
  /** Subject of an e-mail, beginning of an SMS or a call. */
  readonly summary: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface StoredMessage extends MessageHead {
  readonly content: StoredContent;
}

/** Of one statement: a mail may have ten megabytes, and a batch hundreds of mails. */
const statementLength = 8_000_000;

/** Messages whose key is there already are left as they are. */
export async function insertMessages(query: Executor, messages: readonly NewMessage[]): Promise<void> {
  // One order for all, so that two batches with the same messages do not wait for each other.
  const rows = messages.map(toRow).sort((one, other) => (one.order < other.order ? -1 : 1));
  let statement: string[] = [];
  let length = 0;
  for (const { json } of rows) {
    if (length > 0 && length + json.length > statementLength) {
      await insertRows(query, statement);
      statement = [];
      length = 0;
    }
    statement.push(json);
    length += json.length;
  }
  if (statement.length > 0) await insertRows(query, statement);
}

async function insertRows(query: Executor, rows: readonly string[]): Promise<void> {
  await sql`
    insert into outbox_messages (project_number, bucket, message_key, channel_type, address, address_key, endpoint_id,
                                 content, created_at, expires_at)
    select * from json_to_recordset(${`[${rows.join(',')}]`}::json) as given
      (project_number bigint, bucket integer, message_key uuid, channel_type text, address text, address_key bigint,
       endpoint_id text, content jsonb, created_at timestamptz, expires_at timestamptz)
    on conflict do nothing`.execute(query);
}

function toRow({ message, projectNumber, bucket, addressKey, createdAt, expiresAt }: NewMessage) {
  const { key, channelType, address, endpointId, content } = message;
  const row = {
    ...{ project_number: projectNumber, bucket, message_key: key, channel_type: channelType, address },
    ...{ address_key: addressKey, endpoint_id: endpointId, created_at: createdAt, expires_at: expiresAt },
    content: content.kind === 'raw email' ? { ...content, mime: content.mime.toString('base64') } : content,
  };
  return { order: `${projectNumber} ${bucket} ${key}`, json: JSON.stringify(row, storable) };
}

/** Text that a template cut in the middle of a character is no reason to lose the message. */
function storable(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\u{fffd}') : value;
}

const head = sql`
  replace(message_key::text, '-', '') as id, channel_type as "channelType", address, endpoint_id as "endpointId",
  coalesce(content ->> 'subject', left(content ->> 'body', 140)) as summary,
  created_at as "createdAt", expires_at as "expiresAt"`;

export interface MessageFilter {
  readonly channelType?: string | undefined;
  /** Exactly. */
  readonly address?: string | undefined;
}

/** Newest first, behind `after` = [creation time, id]. */
export async function listMessages(
  query: Executor,
  projectNumber: number,
  { channelType, address }: MessageFilter,
  after: Position | undefined,
  limit: number,
): Promise<MessageHead[]> {
  const [createdAt, id] = after ?? [];
  const ofAddress =
    address === undefined ? sql`` : sql`and address_key = ${keyOfAddress(address)}::bigint and address = ${address}`;
  const { rows } = await sql<MessageHead>`
    select ${head} from outbox_messages
    where project_number = ${projectNumber} ${ofAddress}
      ${channelType === undefined ? sql`` : sql`and channel_type = ${channelType}`}
      ${after === undefined ? sql`` : sql`and (created_at, message_key) < (${createdAt}::timestamptz, ${id}::uuid)`}
    order by created_at desc, message_key desc
    limit ${limit}`.execute(query);
  return rows;
}

const isThere = (projectNumber: number, id: string) => sql`
  project_number = ${projectNumber} and bucket between 0 and 1023 and message_key = ${id}::uuid`;

export async function findMessage(
  query: Executor,
  projectNumber: number,
  id: string,
): Promise<StoredMessage | undefined> {
  const { rows } = await sql<StoredMessage>`
    select ${head}, content from outbox_messages where ${isThere(projectNumber, id)}`.execute(query);
  return rows[0];
}

/** @returns whether it was there */
export async function deleteMessage(tx: Transaction, projectNumber: number, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`delete from outbox_messages where ${isThere(projectNumber, id)}`.execute(tx);
  return (numAffectedRows ?? 0n) > 0n;
}

export async function deleteAllMessages(tx: Transaction, projectNumber: number): Promise<void> {
  await sql`delete from outbox_messages where project_number = ${projectNumber}`.execute(tx);
}

/** What was sent to endpoints that were deleted; of messages to bare addresses nobody knows whose they are. */
export async function forgetOutboxMessages(
  tx: Transaction,
  projectNumber: number,
  { endpointIds }: { readonly endpointIds: readonly string[] },
): Promise<void> {
  if (endpointIds.length === 0) return;
  await sql`
    delete from outbox_messages
    using unnest(${endpointIds.map((id) => bucketOf(id))}::int[], ${endpointIds}::text[]) as gone (bucket, id)
    where project_number = ${projectNumber} and outbox_messages.bucket = gone.bucket and endpoint_id = gone.id`.execute(
    tx,
  );
}

const sweepBatch = 5_000;

/** In pieces, so that no statement holds its locks for long. */
export async function deleteExpiredMessages({ query }: Database, now: Date, signal: AbortSignal): Promise<void> {
  for (let deleted = sweepBatch; deleted >= sweepBatch; ) {
    signal.throwIfAborted();
    const { numAffectedRows } = await sql`
      delete from outbox_messages where (project_number, bucket, message_key) in (
        select project_number, bucket, message_key from outbox_messages where expires_at <= ${now} limit ${sweepBatch})`.execute(
      query,
    );
    deleted = Number(numAffectedRows ?? 0n);
  }
}

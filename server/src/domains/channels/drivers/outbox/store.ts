/** All SQL over `outbox_messages`. */
import { type RawBuilder, sql } from 'kysely';
import {
  bigintArray,
  type Database,
  type Executor,
  integerArray,
  jsonbArray,
  type Transaction,
  textArray,
  timestampArray,
} from '../../../../database/index.ts';
import { addressKey as keyOfAddress } from '../../../../kernel/address.ts';
import type { Position } from '../../../../kernel/paging.ts';
import { storableJson, storableText } from '../../../../kernel/storable-text.ts';
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

/** Statements that write messages; those whose key is there already are left as they are. */
export function insertingMessages(messages: readonly NewMessage[]): RawBuilder<unknown>[] {
  // One order for all, so that two batches with the same messages do not wait for each other.
  const rows = messages.map(toRow).sort((one, other) => (one.order < other.order ? -1 : 1));
  const statements: RawBuilder<unknown>[] = [];
  let statement: NewRow[] = [];
  let length = 0;
  for (const row of rows) {
    if (length > 0 && length + row.json.length > statementLength) {
      statements.push(insertingRows(statement));
      statement = [];
      length = 0;
    }
    statement.push(row);
    length += row.json.length;
  }
  if (statement.length > 0) statements.push(insertingRows(statement));
  return statements;
}

function insertingRows(rows: readonly NewRow[]): RawBuilder<unknown> {
  const messages = rows.map(({ message }) => message);
  return sql`
    insert into outbox_messages (project_number, bucket, message_key, channel_type, address, address_key, endpoint_id,
                                 content, created_at, expires_at)
    select project_number, bucket, message_key::uuid, channel_type, address, address_key, endpoint_id, content,
           created_at, expires_at
    from unnest(
      ${bigintArray(messages.map(({ projectNumber }) => projectNumber))}::bigint[],
      ${integerArray(messages.map(({ bucket }) => bucket))}::int[],
      ${textArray(messages.map(({ message }) => message.key))}::text[],
      ${textArray(messages.map(({ message }) => message.channelType))}::text[],
      ${textArray(messages.map(({ message }) => storableText(message.address)))}::text[],
      ${bigintArray(messages.map(({ addressKey }) => addressKey))}::bigint[],
      ${textArray(messages.map(({ message }) => message.endpointId ?? null))}::text[],
      ${jsonbArray(rows.map(({ json }) => json))}::jsonb[],
      ${timestampArray(messages.map(({ createdAt }) => createdAt))}::timestamptz[],
      ${timestampArray(messages.map(({ expiresAt }) => expiresAt))}::timestamptz[])
      as given (project_number, bucket, message_key, channel_type, address, address_key, endpoint_id, content,
                created_at, expires_at)
    on conflict do nothing`;
}

interface NewRow {
  readonly order: string;
  readonly message: NewMessage;
  /** Of the content. */
  readonly json: string;
}

function toRow(message: NewMessage): NewRow {
  const { projectNumber, bucket } = message;
  const { key, content } = message.message;
  const stored = content.kind === 'raw email' ? { ...content, mime: content.mime.toString('base64') } : content;
  return { order: `${projectNumber} ${bucket} ${key}`, message, json: storableJson(stored) };
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

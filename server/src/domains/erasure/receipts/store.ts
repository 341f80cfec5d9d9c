/** SQL over `erasure_receipts`, `erasure_receipt_chains` and `erasure_receipt_keys`. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { Position } from '../../../kernel/paging.ts';
import type { ReceiptKind } from './document.ts';

export interface StoredReceipt {
  readonly accountId: string;
  readonly number: number;
  readonly erasureId: string;
  readonly kind: ReceiptKind;
  readonly projectId: string | null;
  readonly state: string;
  readonly issuedAt: Date;
  readonly keyId: string;
  /** SHA-256 of the document, hex. */
  readonly hash: string;
  /** The receipt, byte for byte. */
  readonly document: string;
}

const columns = sql`
  account_id as "accountId", number, erasure_id as "erasureId", kind, project_id as "projectId", state,
  issued_at as "issuedAt", key_id as "keyId", encode(hash, 'hex') as hash, document`;

export interface ChainHead {
  readonly length: number;
  /** Null while there is no receipt. */
  readonly hash: string | null;
}

/** Until the transaction ends, nobody else adds to the chain. */
export async function lockChain(tx: Transaction, accountId: string): Promise<ChainHead> {
  const { rows } = await sql<ChainHead>`
    insert into erasure_receipt_chains as chain (account_id, length) values (${accountId}, 0)
    on conflict (account_id) do update set length = chain.length
    returning length, encode(hash, 'hex') as hash`.execute(tx);
  return rows[0] as ChainHead;
}

/** Only under the lock of its chain. */
export async function appendReceipt(tx: Transaction, receipt: StoredReceipt): Promise<void> {
  await sql`
    insert into erasure_receipts (
      account_id, number, erasure_id, kind, project_id, state, issued_at, key_id, hash, document)
    values (${receipt.accountId}, ${receipt.number}, ${receipt.erasureId}, ${receipt.kind}, ${receipt.projectId},
      ${receipt.state}, ${receipt.issuedAt}, ${receipt.keyId}, decode(${receipt.hash}, 'hex'), ${receipt.document})`.execute(
    tx,
  );
  await sql`
    update erasure_receipt_chains set length = ${receipt.number}, hash = decode(${receipt.hash}, 'hex')
    where account_id = ${receipt.accountId}`.execute(tx);
}

export async function noteKey(tx: Transaction, key: { id: string; publicKey: string; now: Date }): Promise<void> {
  await sql`
    insert into erasure_receipt_keys (key_id, public_key, first_used_at)
    values (${key.id}, ${key.publicKey}, ${key.now}) on conflict do nothing`.execute(tx);
}

export interface StoredKey {
  readonly keyId: string;
  readonly publicKey: string;
  readonly firstUsedAt: Date;
}

/** The newest first. */
export async function listKeys(query: Executor): Promise<StoredKey[]> {
  const { rows } = await sql<StoredKey>`
    select key_id as "keyId", public_key as "publicKey", first_used_at as "firstUsedAt" from erasure_receipt_keys
    order by first_used_at desc, key_id`.execute(query);
  return rows;
}

export async function findReceipt(
  query: Executor,
  accountId: string,
  erasureId: string,
): Promise<StoredReceipt | undefined> {
  const { rows } = await sql<StoredReceipt>`
    select ${columns} from erasure_receipts
    where erasure_id = ${erasureId} and account_id = ${accountId}`.execute(query);
  return rows[0];
}

/** Newest first, behind `after` = [number]. */
export async function listReceipts(
  query: Executor,
  accountId: string,
  projectId: string | undefined,
  after: Position | undefined,
  limit: number,
): Promise<StoredReceipt[]> {
  const { rows } = await sql<StoredReceipt>`
    select ${columns} from erasure_receipts
    where account_id = ${accountId} and ${after === undefined ? sql`true` : sql`number < ${after[0]}::bigint`}
      and ${projectId === undefined ? sql`true` : sql`project_id = ${projectId}`}
    order by number desc limit ${limit}`.execute(query);
  return rows;
}

/** The chain from its beginning, behind a number. */
export async function readChain(
  query: Executor,
  accountId: string,
  after: number,
  limit: number,
): Promise<StoredReceipt[]> {
  const { rows } = await sql<StoredReceipt>`
    select ${columns} from erasure_receipts
    where account_id = ${accountId} and number > ${after} order by number limit ${limit}`.execute(query);
  return rows;
}

export interface StoredChain extends ChainHead {
  readonly accountId: string;
}

/** Also of accounts that are not there any more. */
export async function listChains(query: Executor): Promise<StoredChain[]> {
  const { rows } = await sql<StoredChain>`
    select account_id as "accountId", length, encode(hash, 'hex') as hash from erasure_receipt_chains
    order by account_id`.execute(query);
  return rows;
}

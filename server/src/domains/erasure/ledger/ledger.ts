/**
 * The erasure ledger (E10): appended in the transaction that accepts an erasure, in the database and in a store outside of
 * it. An entry is written to the store last, before the commit: so nothing is accepted that the store does not have. What
 * the store has and the database has not was lost with a restore, or its transaction was rolled back; of those that this
 * process has seen rolled back, the ledger says so.
 */
import { sql } from 'kysely';
import type { Database, Executor, Transaction } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import { firstLink, readLine } from './chain.ts';
import type { LedgerBody, LedgerEntry } from './entry.ts';
import type { LedgerStore } from './store.ts';
import { LedgerWriter } from './writer.ts';

export interface LedgerParts {
  readonly database: Database;
  readonly store: LedgerStore;
  readonly masterKey: MasterKey;
  readonly clock: Clock;
  readonly logger: Logger;
}

export const ledgerKey = (masterKey: MasterKey) => masterKey.derive('erasure ledger');

/** What was appended in a transaction that may still end either way. */
interface Pending {
  readonly id: string;
  /** Of the transaction, as text. */
  readonly transaction: string;
}

export class Ledger {
  readonly store: LedgerStore;
  readonly #parts: LedgerParts;
  readonly #key: Buffer;
  readonly #writer: LedgerWriter;
  #pending: Pending[] = [];

  constructor(parts: LedgerParts) {
    this.#parts = parts;
    this.store = parts.store;
    this.#key = ledgerKey(parts.masterKey);
    this.#writer = new LedgerWriter(parts.store, this.#key, parts.logger);
  }

  /**
   * Last in a transaction that accepts an erasure.
   * @throws ServiceUnavailableException when the store does not take it: then nothing is accepted
   */
  async append(tx: Transaction, accountId: string, body: LedgerBody): Promise<void> {
    const entry: LedgerEntry = { id: newId(), at: this.#parts.clock.now().toISOString(), accountId, body };
    // First here: whoever finds it in the store and not in the database waits for this transaction.
    const { rows } = await sql<{ transaction: string }>`
      insert into erasure_ledger (id, appended_at, entry)
      values (${entry.id}, ${entry.at}::timestamptz, ${JSON.stringify(entry)}::jsonb)
      returning pg_current_xact_id()::text as transaction`.execute(tx);
    this.#pending.push({ id: entry.id, transaction: rows[0]?.transaction as string });
    await this.#writer.append([entry]);
  }

  /** Says in the ledger which entries never happened. */
  async settle(): Promise<void> {
    const pending = this.#pending;
    if (pending.length === 0) return;
    const { rows } = await sql<{ id: string; there: boolean; status: string | null }>`
      select given.id, exists (select from erasure_ledger where erasure_ledger.id = given.id) as there,
             pg_xact_status(transaction::xid8) as status
      from unnest(${pending.map(({ id }) => id)}::text[], ${pending.map(({ transaction }) => transaction)}::text[])
        as given (id, transaction)`.execute(this.#parts.database.query);
    const undone = rows.filter(({ there, status }) => !there && status === 'aborted').map(({ id }) => id);
    const at = this.#parts.clock.now().toISOString();
    await this.#writer.append(
      undone.map((of) => ({ id: newId(), at, accountId: '', body: { kind: 'VOID', of } as const })),
    );
    const over = new Set([...undone, ...rows.filter(({ there }) => there).map(({ id }) => id)]);
    this.#pending = this.#pending.filter(({ id }) => !over.has(id));
  }

  /** Entries that the database has and the store lacks: it was lost, or is another one now. */
  async complete(entries: readonly string[]): Promise<void> {
    const portion = 500;
    for (let from = 0; from < entries.length; from += portion) {
      const { rows } = await sql<{ entry: LedgerEntry }>`
        select entry from erasure_ledger
        where id = any (${entries.slice(from, from + portion)}::text[]) order by appended_at, id`.execute(
        this.#parts.database.query,
      );
      await this.#writer.append(rows.map(({ entry }) => entry));
    }
  }

  compare(): Promise<LedgerDifference> {
    return compareLedgers(this.#parts.database.query, this.store, this.#key);
  }

  close(): Promise<void> {
    return this.#writer.close();
  }
}

export interface LedgerDifference {
  /** Of the store, the database does not know them: to be done again, in this order. */
  readonly due: readonly LedgerEntry[];
  /** Ids of those that only the database knows. */
  readonly missing: readonly string[];
  /** How many the database has. */
  readonly known: number;
}

/** @throws OperatorError when the store was changed; ObjectStoreError */
export async function compareLedgers(query: Executor, store: LedgerStore, key: Buffer): Promise<LedgerDifference> {
  // The store first: what is accepted meanwhile is in the database then, and no entry looks due that is not.
  const stored = new Map<string, LedgerEntry | undefined>();
  const undone = new Set<string>();
  for await (const entry of readStore(store, key)) {
    if (entry.body.kind === 'VOID') undone.add(entry.body.of);
    else stored.set(entry.id, entry);
  }
  const { rows } = await sql<{ id: string }>`select id from erasure_ledger`.execute(query);
  const known = new Set(rows.map(({ id }) => id));
  const due: LedgerEntry[] = [];
  for (const [id, entry] of stored) if (entry !== undefined && !known.has(id) && !undone.has(id)) due.push(entry);
  due.sort((one, other) => (one.at === other.at ? (one.id < other.id ? -1 : 1) : one.at < other.at ? -1 : 1));
  return { due, missing: [...known].filter((id) => !stored.has(id)), known: known.size };
}

/** Every entry of every chain, each checked. @throws OperatorError */
export async function* readStore(store: LedgerStore, key: Buffer): AsyncGenerator<LedgerEntry> {
  const last = new Map<string, ReturnType<typeof firstLink>>();
  for await (const { writer, lines } of store.read()) {
    let link = last.get(writer) ?? firstLink(writer);
    for (const line of lines) {
      const read = readLine(key, link, line, `${store.place} (${writer})`);
      link = read.last;
      yield read.entry;
    }
    last.set(writer, link);
  }
}

/**
 * The executable part of the personal-data inventory (DESIGN decision 8): whom something is about, and every place that
 * may hold a person, with how they are found there, taken out, and read out. Preview, erasure, verification, access export
 * and retention are all driven by it. Domains export their locations; `app/inventory.ts` joins them.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Executor } from './open.ts';
import type { Transaction } from './transaction.ts';

/**
 * Of one project, and resolved before anything runs: a few hundred endpoints at most, larger requests come in pieces.
 * An empty list matches nothing, ever.
 */
export interface Subject {
  readonly accountId: string;
  readonly projectNumber: number;
  /** Folded. */
  readonly endpoints: readonly { readonly bucket: number; readonly id: string }[];
  /** Those that go as a whole, with all their endpoints. */
  readonly users: readonly { readonly bucket: number; readonly userId: string }[];
  readonly addresses: readonly SubjectAddress[];
  /**
   * The moment of acceptance: what belongs to a later generation of an endpoint, or came later, is somebody's new life and
   * is left alone. Undefined before: everything is meant.
   */
  readonly through: Through | undefined;
}

export interface SubjectAddress {
  /** See `addressKey`. */
  readonly key: string;
  /** SHA-256 of the normalised address. */
  readonly sha256: Buffer;
  /** As somebody spells it; null while only its hash is known. */
  readonly address: string | null;
  /** Where only a keyed hash is known, as after a restore: the one of `AddressHashes`. */
  readonly hash?: Buffer;
}

export interface Through {
  /** Endpoints of higher generations were made afterwards. */
  readonly generation: number;
  readonly at: Date;
}

/** Columns by name, as they are stored. */
export type LocatedRow = Readonly<Record<string, unknown>>;

/** Rows of tables. */
export interface Location {
  /** For receipts and previews: fixed for ever. */
  readonly name: string;
  /** As the inventory names them. */
  readonly tables: readonly string[];
  /**
   * `at once`: few rows an endpoint, without generation or time: they go in the transaction that accepts the erasure, so
   * whatever is there later is of a later generation. They go with every deletion, even where the project erases nothing
   * else. `in steps`: any number of rows, told apart by generation or time.
   */
  readonly goes: 'at once' | 'in steps';
  /** The people themselves: whoever deletes an endpoint for itself has done it. */
  readonly isProfile?: true;
  find(query: Executor, subject: Subject): Promise<number>;
  /** One step, of `limit` rows where it goes in steps; repeated until it answers 0. @returns rows that went */
  forget(tx: Transaction, subject: Subject, limit: number): Promise<number>;
  /** For access requests and legal holds. A transaction, for it reads in portions. */
  read(tx: Transaction, subject: Subject): AsyncIterable<LocatedRow>;
  /** Takes out whose they are and leaves what happened; where it is left out, anonymising is forgetting. */
  anonymise?(tx: Transaction, subject: Subject, limit: number): Promise<number>;
  /** Rows by their age, for rules about how long a project keeps them. */
  readonly aged?: Aged;
  /** Messages that a provider has, or is being given. */
  countUnderWay?(query: Executor, subject: Subject): Promise<number>;
}

/** Of a project, older than a moment. */
export interface Aged {
  readonly dataClass: 'EVENTS' | 'SENDS' | 'OUTBOX_MESSAGES' | 'INBOUND_MESSAGES';
  find(query: Executor, project: AgedProject, before: Date): Promise<number>;
  /** One step of at most so many rows. @returns rows that went */
  forget(tx: Transaction, project: AgedProject, before: Date, limit: number): Promise<number>;
}

export type AgedProject = Pick<Subject, 'accountId' | 'projectNumber'>;

/** Files outside of the database: nothing of them is undone when a transaction is. */
export interface FileLocation {
  readonly name: string;
  /** As the inventory names them. */
  readonly files: readonly string[];
  /**
   * Of all pieces of a request at once: files are read from end to end, however many are looked for.
   * @throws when anything cannot be looked at: nothing is erased then
   */
  find(subjects: readonly Subject[], signal: AbortSignal): Promise<number>;
  /** Whether there is anything to look through. */
  hasAny(projectNumber: number): Promise<boolean>;
  /** Whether a file is being written that may still get one of these people; going through it now would be too early. */
  isBeingWritten(subjects: readonly Subject[]): Promise<boolean>;
  /**
   * Of all requests that wait, in one pass. Ends with a search that found nothing but what it skipped. May run again
   * after a kill.
   * @param requests the pieces of each
   * @param erased told of rows that went of a request, file by file
   */
  forget(
    requests: readonly (readonly Subject[])[],
    signal: AbortSignal,
    erased: (request: number, rows: number) => Promise<void>,
  ): Promise<FilesForgotten>;
  read(subject: Subject, signal: AbortSignal): AsyncIterable<LocatedRow>;
}

/** All there are, the people themselves first. */
export interface Locations {
  readonly rows: readonly Location[];
  readonly files: readonly FileLocation[];
}

export interface FilesForgotten {
  /** What could not be done, and why: keeps the erasure from being complete. Without personal data. */
  readonly skipped: readonly { readonly what: string; readonly why: string }[];
}

export interface RowsOf {
  readonly name: string;
  readonly table: string;
  readonly goes: Location['goes'];
  /** Columns that tell rows apart. */
  readonly key: readonly string[];
  /** Undefined where the subject has nothing to look for: then nothing is found. */
  readonly where: (subject: Subject) => RawBuilder<unknown> | undefined;
  /** What is read out. @default all columns */
  readonly columns?: RawBuilder<unknown>;
}

/** A location that is rows of one table, found by a condition on its indexed columns, and deleted. */
export function rowsOf({ name, table, goes, key, where, columns = sql`*` }: RowsOf): Location {
  const from = sql.table(table);
  const keys = sql.join(key.map((column) => sql.ref(column)));
  return {
    name,
    tables: [table],
    goes,
    async find(query, subject) {
      const condition = where(subject);
      return condition === undefined ? 0 : countRows(query, sql`select from ${from} where ${condition}`);
    },
    async forget(tx, subject, limit) {
      const condition = where(subject);
      if (condition === undefined) return 0;
      // The condition stands twice, so that either side is found by the index, whatever the planner thinks of the other.
      const step =
        goes === 'at once'
          ? sql``
          : sql`and (${keys}) in (select ${keys} from ${from} where ${condition} limit ${limit}::int)`;
      const { numAffectedRows } = await sql`delete from ${from} where ${condition} ${step}`.execute(tx);
      return Number(numAffectedRows ?? 0n);
    },
    read(tx, subject) {
      const condition = where(subject);
      return condition === undefined ? nothing() : readRows(tx, sql`select ${columns} from ${from} where ${condition}`);
    },
  };
}

/** @param where which rows of a project are older */
export function agedRows(
  dataClass: Aged['dataClass'],
  table: string,
  key: readonly string[],
  where: (project: AgedProject, before: Date) => RawBuilder<unknown>,
): Aged {
  const from = sql.table(table);
  const keys = sql.join(key.map((column) => sql.ref(column)));
  return {
    dataClass,
    find: (query, project, before) => countRows(query, sql`select from ${from} where ${where(project, before)}`),
    async forget(tx, project, before, limit) {
      const condition = where(project, before);
      const { numAffectedRows } = await sql`
        delete from ${from} where ${condition} and (${keys}) in (
          select ${keys} from ${from} where ${condition} limit ${limit}::int)`.execute(tx);
      return Number(numAffectedRows ?? 0n);
    },
  };
}

export async function countRows(query: Executor, select: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from (${select}) as found`.execute(query);
  return Number(rows[0]?.count ?? 0);
}

async function* nothing(): AsyncGenerator<LocatedRow> {}

const portion = 500;
let cursors = 0;

/** In portions, by a cursor of the transaction. */
export async function* readRows(tx: Transaction, select: RawBuilder<unknown>): AsyncGenerator<LocatedRow> {
  cursors += 1;
  const cursor = sql.id(`read_rows_${cursors}`);
  await sql`declare ${cursor} no scroll cursor for ${select}`.execute(tx);
  for (;;) {
    const { rows } = await sql<LocatedRow>`fetch ${sql.lit(portion)} from ${cursor}`.execute(tx);
    yield* rows;
    if (rows.length < portion) break;
  }
  await sql`close ${cursor}`.execute(tx);
}

/** Parts of conditions, by lists and not by joins: then the planner goes by the index, whatever it knows of the table. */
export const subjectBuckets = (rows: readonly { readonly bucket: number }[]) =>
  sql`any (${[...new Set(rows.map(({ bucket }) => bucket))]}::int[])`;

export const endpointIds = ({ endpoints }: Subject) => sql`any (${endpoints.map(({ id }) => id)}::text[])`;

export const userIds = ({ users }: Subject) => sql`any (${users.map(({ userId }) => userId)}::text[])`;

/** Alternatives that there are; undefined when there are none. */
export function eitherOf(conditions: readonly (RawBuilder<unknown> | false)[]): RawBuilder<unknown> | undefined {
  const some = conditions.filter((condition) => condition !== false);
  return some.length === 0 ? undefined : sql`(${sql.join(some, sql` or `)})`;
}

/** Whether a row is of the generations that are meant; by its time where it does not say of which it is. */
export function isOfSubject(
  { through }: Subject,
  generation: RawBuilder<unknown>,
  time: RawBuilder<unknown>,
): RawBuilder<unknown> {
  if (through === undefined) return sql`true`;
  return sql`case when ${generation} is null then ${time} <= ${through.at} else ${generation} <= ${through.generation}::bigint end`;
}

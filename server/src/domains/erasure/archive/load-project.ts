/**
 * Makes a project of an archive: all of it or nothing, in one transaction. It gets a number of its own, and whatever would
 * begin to send by itself is paused: the project that it was made from may still be running elsewhere.
 */
import type { Readable } from 'node:stream';
import { type RawBuilder, sql } from 'kysely';
import type { Database, Transaction } from '../../../database/index.ts';
import { badRequest, conflict } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import type { PersonalData } from '../../../kernel/personal-data.ts';
import { makeFacets } from '../../audience/index.ts';
import { requireDays } from '../../events/index.ts';
import { newMembership } from '../../segments/index.ts';
import { readPlaces } from '../scope/places.ts';
import { checkedEvents, storedEvents } from './archived-events.ts';
import { checkedEndpoints, checkedUsers, checkUsers } from './archived-people.ts';
import { columnsWithout, isArchived } from './contents.ts';
import type { End, Manifest } from './manifest.ts';
import { type Chunk, readArchive } from './read-archive.ts';

export interface LoadParts {
  readonly database: Database;
  readonly inventory: readonly PersonalData[];
}

export interface LoadOptions {
  readonly accountId: string;
  /** Where it is to be; the archive's own when left out. */
  readonly region?: string | undefined;
  readonly name?: string | undefined;
  /** A new id instead of the one it had. */
  readonly newId?: boolean | undefined;
  /** Part of the same transaction. */
  readonly also?: (tx: Transaction, loaded: LoadedProject) => Promise<void>;
  /** Told how many rows were read so far. */
  readonly progress?: (rows: number) => void;
}

export interface LoadedProject {
  readonly id: string;
  readonly number: number;
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly rows: number;
}

/** @throws BadRequestException for what is no whole archive, ConflictException when its id is taken */
export async function loadProject(parts: LoadParts, archive: Readable, options: LoadOptions): Promise<LoadedProject> {
  const places = await readPlaces(parts.database, 'PROJECT', parts.inventory);
  const tables = new Set(places.map(({ table }) => table).filter(isArchived));
  // The archive is read once, so the transaction cannot be tried again.
  return parts.database.transaction(
    async (tx) => {
      const loading = new Loading(tx, parts, options, tables);
      await readArchive(archive, loading);
      const loaded = await loading.finish();
      await options.also?.(tx, loaded);
      return loaded;
    },
    { retries: 0 },
  );
}

/** Has the life of one archive that is being read. */
class Loading {
  readonly #tx: Transaction;
  readonly #parts: LoadParts;
  readonly #options: LoadOptions;
  readonly #tables: ReadonlySet<string>;
  readonly #rows = new Map<string, number>();
  #project: Omit<LoadedProject, 'rows'> | undefined;
  #memberships: Record<string, number> = {};

  constructor(tx: Transaction, parts: LoadParts, options: LoadOptions, tables: ReadonlySet<string>) {
    this.#tx = tx;
    this.#parts = parts;
    this.#options = options;
    this.#tables = tables;
  }

  async begin(manifest: Manifest): Promise<void> {
    await requireSchema(this.#tx, manifest.schema);
    for (const membership of manifest.memberships) this.#memberships[membership] = await newMembership(this.#tx);
    this.#project = await insertProject(this.#tx, manifest, this.#options);
  }

  async read({ table, lines }: Chunk): Promise<void> {
    if (!this.#tables.has(table)) throw badRequest('The archive holds a table that this server does not know');
    await this.#write(table, `[${lines.join(',')}]`);
    this.#rows.set(table, (this.#rows.get(table) ?? 0) + lines.length);
    this.#options.progress?.([...this.#rows.values()].reduce((sum, count) => sum + count, 0));
  }

  async end({ rows }: End): Promise<void> {
    for (const table of new Set([...Object.keys(rows), ...this.#rows.keys()])) {
      if ((rows[table] ?? 0) !== (this.#rows.get(table) ?? 0))
        throw badRequest('The archive does not hold all that it says');
    }
  }

  async finish(): Promise<LoadedProject> {
    const project = this.#known();
    await checkUsers(this.#tx, project.number);
    await makeFacets(this.#tx, project.number);
    await keepGenerations(this.#tx, project.number);
    return { ...project, rows: [...this.#rows.values()].reduce((sum, count) => sum + count, 0) };
  }

  async #write(table: string, rows: string): Promise<void> {
    if (table === 'events') await makeDays(this.#tx, rows);
    const stored = table === 'events' ? storedEvents(rows) : sql`${rows}::jsonb`;
    const changes = { project_number: sql`${this.#known().number}::bigint`, ...changesOf(table, this.#memberships) };
    // Of the project, or of one of its lists: those have no column of it.
    const without = columnsWithout(this.#parts.inventory, table).filter((column) => column !== 'project_number');
    const columns = await columnsOf(this.#tx, table, without);
    const names = sql.join(columns.map((column) => sql.ref(column)));
    const values = sql.join(
      columns.map((column) => changes[column as keyof typeof changes] ?? sql`given.${sql.ref(column)}`),
    );
    try {
      await sql`
        insert into ${sql.table(table)} (${names})
        select ${values}
        from jsonb_populate_recordset(null::${sql.table(table)}, ${stored}) as given`.execute(this.#tx);
    } catch (error) {
      if (!isFaultOfRows(error)) throw error;
      throw badRequest(`The archive holds rows of ${table} that cannot be stored`);
    }
  }

  #known(): Omit<LoadedProject, 'rows'> {
    if (this.#project === undefined) throw badRequest('The archive has no manifest');
    return this.#project;
  }
}

/** Data exceptions and broken constraints: the archive's fault, not ours. */
function isFaultOfRows(error: unknown): boolean {
  return /^2[23]/.test(String((error as { code?: unknown }).code));
}

async function requireSchema(tx: Transaction, wanted: number): Promise<void> {
  const { rows } = await sql<{ schema: number }>`select max(number) as schema from schema_migrations`.execute(tx);
  if (wanted > (rows[0]?.schema ?? 0)) {
    throw badRequest('The archive was made by a newer version of the server; update this one first');
  }
}

async function insertProject(tx: Transaction, { project }: Manifest, options: LoadOptions) {
  const { accountId, region = project.region, name = project.name } = options;
  if (!/^[a-z0-9-]{1,32}$/.test(region)) throw badRequest('Region is not one');
  if (name.length < 1 || name.length > 64) throw badRequest('Name must have 1 to 64 characters');
  const id = options.newId === true ? newId() : project.id;
  const { rows } = await sql<{ number: number }>`
    insert into projects (account_id, region, id, name, created_at)
    values (${accountId}, ${region}, ${id}, ${name}, ${project.createdAt}::timestamptz)
    on conflict do nothing returning number`.execute(tx);
  const number = rows[0]?.number;
  if (number === undefined) throw conflict('The account has a project of this id, or one that is being erased');
  for (const [below, tags] of Object.entries(project.tags)) {
    await sql`
      insert into tags (account_id, region, resource, tags)
      values (${accountId}, ${region}, ${`apps/${id}${below}`}, ${JSON.stringify(tags)}::jsonb)`.execute(tx);
  }
  return { id, number, accountId, region, name };
}

/** Of the table as it is now: what an older archive does not have gets its default. */
async function columnsOf(tx: Transaction, table: string, without: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select attname as name from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''
      and attname <> all (${without}::text[])
    order by attnum`.execute(tx);
  return rows.map(({ name }) => name);
}

/** What is stored otherwise than it stands in the archive. */
function changesOf(
  table: string,
  memberships: Readonly<Record<string, number>>,
): Readonly<Record<string, RawBuilder<unknown>>> {
  const list = sql`(${JSON.stringify(memberships)}::jsonb ->> given.membership::text)::bigint`;
  const isOver = sql`given.state in ('COMPLETED', 'DELETED', 'INVALID')`;
  switch (table) {
    case 'segment_versions':
    case 'segment_endpoints':
    case 'segment_users':
      return { membership: list };
    case 'events':
      return checkedEvents;
    case 'endpoints':
      return checkedEndpoints;
    case 'audience_users':
      return checkedUsers;
    case 'audience_rules':
      return { suppresses: sql`false` };
    case 'campaigns':
      return {
        state: sql`case when ${isOver} then given.state else 'PAUSED' end`,
        is_paused: sql`not (${isOver})`,
      };
    case 'campaign_runs':
      return {
        state: sql`case when given.state = 'COMPLETED' then given.state else 'CANCELLED' end`,
        ended_at: sql`coalesce(given.ended_at, now())`,
      };
    default:
      return {};
  }
}

async function makeDays(tx: Transaction, rows: string): Promise<void> {
  const { rows: days } = await sql<{ day: Date }>`
    select distinct date_trunc('day', (row ->> 'arrived_at')::timestamptz, 'UTC') as day
    from jsonb_array_elements(${rows}::jsonb) as row`.execute(tx);
  await requireDays(
    tx,
    days.map(({ day }) => day),
  );
}

/** Generations that are made from now on are later than those that were read. */
async function keepGenerations(tx: Transaction, projectNumber: number): Promise<void> {
  await sql`
    select setval('endpoint_generations', newest) from (
      select max(generation) as newest from endpoints where project_number = ${projectNumber}) as read
    where newest > (select last_value from endpoint_generations)`.execute(tx);
}

/**
 * Writes a project as a tar of newline JSON, all of it as it was at one moment: one transaction sees everything. Rows are
 * never more than a page in memory, and pass through as the text that PostgreSQL makes of them.
 */
import type { Readable } from 'node:stream';
import { sql } from 'kysely';
import type { Pack } from 'tar-stream';
import type { Database, Transaction } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { notFound } from '../../../kernel/errors.ts';
import type { PersonalData } from '../../../kernel/personal-data.ts';
import { version } from '../../../kernel/version.ts';
import type { Owner } from '../scope/ownership.ts';
import { type Place, readPlaces } from '../scope/places.ts';
import { columnsWithout, isArchived, leftOut, partly } from './contents.ts';
import {
  archiveFormat,
  archiveVersion,
  type End,
  endName,
  type Manifest,
  manifestName,
  readProjectFacts,
} from './manifest.ts';
import { addFile, packed } from './packed.ts';

export interface ArchiveParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly inventory: readonly PersonalData[];
}

export type ProjectOwner = Extract<Owner, { scope: 'PROJECT' }>;

const rowsAPage = 2_000;

/**
 * The archive, compressed. Whoever stops reading ends the transaction.
 * @param ended told what was written, once it all was
 * @throws NotFoundException, in the stream, when the project is not there
 */
export function writeArchive(
  parts: ArchiveParts,
  owner: ProjectOwner,
  { signal, ended }: { readonly signal: AbortSignal; readonly ended: (rows: number) => void },
): Readable {
  return packed((tar) => packAll(parts, owner, tar, signal), ended);
}

async function packAll(
  { database, clock, inventory }: ArchiveParts,
  owner: ProjectOwner,
  tar: Pack,
  signal: AbortSignal,
): Promise<number> {
  // Parents before children: whoever reads it can write what is read.
  const places = [...(await readPlaces(database, 'PROJECT', inventory))].reverse();
  const work = async (tx: Transaction) => {
    const facts = await readProjectFacts(tx, owner);
    if (facts === undefined) throw notFound('Application not found');
    const { schema, memberships, createdAt, ...project } = facts;
    const manifest: Manifest = {
      ...{ format: archiveFormat, version: archiveVersion, schema, software: version, memberships, leftOut },
      createdAt: clock.now().toISOString(),
      project: { id: owner.projectId, region: owner.region, createdAt: createdAt.toISOString(), ...project },
    };
    await addFile(tar, manifestName, JSON.stringify(manifest, null, 2));
    const rows: Record<string, number> = {};
    for (const place of places.filter(({ table }) => isArchived(table))) {
      rows[place.table] = await packTable(
        tx,
        { place, owner, without: columnsWithout(inventory, place.table) },
        tar,
        signal,
      );
    }
    await addFile(tar, endName, JSON.stringify({ rows } satisfies End));
    return Object.values(rows).reduce((sum, count) => sum + count, 0);
  };
  return database.transaction(work, { isolationLevel: 'repeatable read', readOnly: true, retries: 0 });
}

interface Source {
  readonly place: Place;
  readonly owner: Owner;
  readonly without: readonly string[];
}

/** @returns how many rows */
async function packTable(tx: Transaction, source: Source, tar: Pack, signal: AbortSignal): Promise<number> {
  const { table, parts } = source.place;
  let written = 0;
  let file = 0;
  for (const part of parts) {
    for (let after: readonly string[] | null = null; ; ) {
      signal.throwIfAborted();
      const page = await readPage(tx, source, part, after);
      if (page.lines !== null) {
        file += 1;
        await addFile(tar, `tables/${table}/${String(file).padStart(7, '0')}.ndjson`, page.lines);
      }
      written += page.count;
      if (page.count < rowsAPage || page.last === null) break;
      after = page.last;
    }
  }
  return written;
}

interface Page {
  readonly count: number;
  readonly lines: string | null;
  readonly last: readonly string[] | null;
}

async function readPage(
  tx: Transaction,
  { place, owner, without }: Source,
  part: string,
  after: readonly string[] | null,
): Promise<Page> {
  const names = place.walk.map(({ name }) => sql.ref(name));
  const order = names.length === 0 ? sql`` : sql`order by ${sql.join(names)}`;
  const key = names.length === 0 ? sql`null::text[]` : sql`array[${sql.join(names.map((name) => sql`${name}::text`))}]`;
  const values = place.walk.map(({ type }, index) => sql`${after?.[index]}::${sql.raw(type)}`);
  const behind = after === null ? sql`` : sql`and (${sql.join(names)}) > (${sql.join(values)})`;
  const only = partly[place.table];
  // A table without an index to walk along has one row, or few: they come in one page.
  const limit = names.length === 0 ? sql`` : sql`limit ${rowsAPage}::int`;
  const { rows } = await sql<Page>`
    with page as materialized (
      select (to_jsonb(stored) - ${without}::text[])::text as line, ${key} as key, row_number() over (${order}) as position
      from only ${sql.raw(part)} as stored
      where ${place.condition(owner)} ${only === undefined ? sql`` : sql`and ${sql.raw(only)}`} ${behind}
      ${order} ${limit})
    select count(*) as count, string_agg(line, chr(10) order by position) as lines,
           (select key from page order by position desc limit 1) as last
    from page`.execute(tx);
  return rows[0] as Page;
}

/**
 * What is held on somebody, as an archive for themselves (E21): every place of the inventory, each as JSON and as CSV, a
 * few hundred rows a file. All of the database is seen at one moment, and what is read out is held against what the search
 * finds: an archive in which anything is missing is never finished.
 */
import { sql } from 'kysely';
import type { Pack } from 'tar-stream';
import type { Executor, LocatedRow, Location, Subject, Transaction } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { openWith } from '../../../kernel/master-key.ts';
import type { PersonalData } from '../../../kernel/personal-data.ts';
import { version } from '../../../kernel/version.ts';
import { toCsv } from '../../analytics/index.ts';
import { addFile } from '../archive/packed.ts';
import type { ErasureParts } from '../parts.ts';
import type { ReadPlace } from './request.ts';

export interface ContentParts {
  readonly erasure: ErasureParts;
  readonly inventory: readonly PersonalData[];
}

export interface AskedContent {
  readonly projectId: string;
  readonly subjects: readonly Subject[];
  /** Keyed, of everybody who is meant: what holds keep of them is found by these. */
  readonly hashes: readonly Buffer[];
}

/** Something came or went while it was read: another run gets it right. */
export class ArchiveIncomplete extends Error {
  constructor(place: string) {
    super(`Reading the place ${place} came to another count than searching it.`);
    this.name = 'ArchiveIncomplete';
  }
}

const heldPlace = 'kept under legal holds';
const rowsPerFile = 500;
const bytesPerFile = 4 * 1024 * 1024;

export async function packContent(
  { erasure, inventory }: ContentParts,
  asked: AskedContent,
  tar: Pack,
  signal: AbortSignal,
): Promise<ReadPlace[]> {
  const { database, clock, locations } = erasure;
  const now = clock.now();
  const places: ReadPlace[] = [];
  const add = async (name: string, found: number, rows: AsyncIterable<LocatedRow>) => {
    const read = await packPlace(tar, name, rows, signal);
    if (read !== found) throw new ArchiveIncomplete(name);
    places.push({ name, rows: read });
  };
  const readTables = async (tx: Transaction) => {
    for (const location of locations.rows) {
      let found = 0;
      for (const subject of asked.subjects) found += await location.find(tx, subject);
      await add(location.name, found, rowsOfTables(tx, location, asked.subjects, secretsOf(inventory, location)));
    }
    const held = await countHeld(tx, asked);
    await add(heldPlace, held, readHeld(tx, erasure, asked));
  };
  await database.transaction(readTables, { isolationLevel: 'repeatable read', readOnly: true, retries: 0 });
  for (const location of locations.files) {
    let found = 0;
    for (const subject of asked.subjects) found += await location.find([subject], signal);
    await add(location.name, found, rowsOfFiles(location, asked.subjects, signal));
  }
  const manifest = {
    ...{ format: 'repoint-personal-data/1', createdAt: toTimestamp(now), software: `repoint ${version}` },
    ...{ project: asked.projectId, places },
  };
  await addFile(tar, 'manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return places;
}

/** @returns how many rows */
async function packPlace(
  tar: Pack,
  name: string,
  rows: AsyncIterable<LocatedRow>,
  signal: AbortSignal,
): Promise<number> {
  const slug = name.replace(/[^a-z0-9]+/gi, '-');
  let written = 0;
  let file = 0;
  let portion: LocatedRow[] = [];
  let bytes = 0;
  const flush = async () => {
    if (portion.length === 0) return;
    file += 1;
    const suffix = `${slug}.${String(file).padStart(5, '0')}`;
    await addFile(tar, `json/${suffix}.json`, `[\n${portion.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);
    await addFile(tar, `csv/${suffix}.csv`, toTable(portion));
    written += portion.length;
    portion = [];
    bytes = 0;
  };
  for await (const row of rows) {
    signal.throwIfAborted();
    const plain = Object.fromEntries(Object.entries(row).map(([column, value]) => [column, toPlain(value)]));
    portion.push(plain);
    bytes += JSON.stringify(plain).length;
    if (portion.length >= rowsPerFile || bytes >= bytesPerFile) await flush();
  }
  await flush();
  return written;
}

function toTable(rows: readonly LocatedRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value);
  return toCsv(
    columns,
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, value]) => [column, cell(value)]))),
  );
}

/** Bytes as base64, times as ISO 8601. */
function toPlain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (value instanceof Date) return toTimestamp(value);
  if (typeof value === 'bigint') return value.toString();
  return Array.isArray(value) ? value.map(toPlain) : value;
}

async function* rowsOfTables(
  tx: Transaction,
  location: Location,
  subjects: readonly Subject[],
  secrets: ReadonlySet<string>,
): AsyncGenerator<LocatedRow> {
  for (const subject of subjects) {
    for await (const row of location.read(tx, subject)) {
      yield Object.fromEntries(Object.entries(row).filter(([column]) => !secrets.has(column)));
    }
  }
}

async function* rowsOfFiles(
  location: ErasureParts['locations']['files'][number],
  subjects: readonly Subject[],
  signal: AbortSignal,
): AsyncGenerator<LocatedRow> {
  for (const subject of subjects) yield* location.read(subject, signal);
}

/** Hashes of passwords and the like are not about a person, and nobody's to have. */
function secretsOf(inventory: readonly PersonalData[], { tables }: Location): ReadonlySet<string> {
  const classified = inventory.flatMap((domain) => domain.tables).filter(({ table }) => tables.includes(table));
  return new Set(
    classified.flatMap(({ columns }) => Object.keys(columns).filter((column) => columns[column] === 'secret')),
  );
}

const isHeld = ({ subjects, hashes }: AskedContent) => sql`
  project_number = ${subjects[0]?.projectNumber ?? null}::bigint and identity_hashes && ${hashes}::bytea[]`;

async function countHeld(query: Executor, asked: AskedContent): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from erasure_retained where ${isHeld(asked)}`.execute(query);
  return rows[0]?.count ?? 0;
}

const heldAtOnce = 500;

async function* readHeld(
  tx: Transaction,
  { sealKey }: Pick<ErasureParts, 'sealKey'>,
  asked: AskedContent,
): AsyncGenerator<LocatedRow> {
  for (let after = 0; ; ) {
    const { rows } = await sql<HeldRow>`
      select number, project_number as "projectNumber", hold_id as "holdId", location, sealed_fields as sealed,
             retained_at as "retainedAt", ends_at as "endsAt"
      from erasure_retained where ${isHeld(asked)} and number > ${after} order by number limit ${heldAtOnce}`.execute(
      tx,
    );
    for (const { projectNumber, holdId, location, sealed, retainedAt, endsAt } of rows) {
      const fields = JSON.parse(openWith(sealKey, `retained ${projectNumber} ${holdId}`, sealed)) as LocatedRow;
      yield { place: location, kept_since: retainedAt, kept_until: endsAt, fields };
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < heldAtOnce) return;
    after = last.number;
  }
}

interface HeldRow {
  readonly number: number;
  readonly projectNumber: number;
  readonly holdId: string;
  readonly location: string;
  readonly sealed: Buffer;
  readonly retainedAt: Date;
  readonly endsAt: Date;
}

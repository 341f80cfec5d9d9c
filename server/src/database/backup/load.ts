/**
 * Loads a backup into a database whose tables were made by the migrations that the backup had. All or nothing: one
 * transaction, in which every table must come to the number of rows that was written down.
 */
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { DatabaseConnection } from '../connection.ts';
import { connectOnce } from '../reach.ts';
import { type BackupPartition, readPartitions, readTables, schemas } from './catalogue.ts';
import type { BackupEnd, BackupHead } from './format.ts';
import { readBackup } from './read.ts';

const nodesAliveWithin = '30 seconds';

/** What is in the database that a backup is to be loaded into. */
export async function describeTarget(
  connection: DatabaseConnection,
): Promise<{ readonly isEmpty: boolean; readonly processes: number }> {
  return withClient(connection, async (client) => {
    const { rows } = await client.query<{ accounts: boolean; nodes: boolean; others: number }>(
      `select to_regclass('public.accounts') is not null as accounts, to_regclass('public.nodes') is not null as nodes,
              (select count(*)::int from pg_class join pg_namespace on pg_namespace.oid = relnamespace
               where relkind in ('r', 'p') and nspname = 'public') as others`,
    );
    const there = rows[0] as { accounts: boolean; nodes: boolean; others: number };
    if (!there.accounts) return { isEmpty: there.others === 0, processes: 0 };
    const { rows: found } = await client.query<{ isEmpty: boolean; processes: number }>(
      `select not exists (select from accounts) as "isEmpty",
              (select count(*)::int from nodes where heartbeat_at > now() - interval '${nodesAliveWithin}') as processes`,
    );
    return found[0] as { isEmpty: boolean; processes: number };
  });
}

/** Everything in it goes. */
export async function emptyDatabase(connection: DatabaseConnection): Promise<void> {
  await withClient(connection, async (client) => {
    await client.query('begin');
    for (const schema of schemas) await client.query(`drop schema if exists ${schema} cascade`);
    await client.query('create schema public');
    await client.query('commit');
  });
}

export interface LoadOptions {
  readonly connection: DatabaseConnection;
  readonly file: string;
  writeFile?(name: string, bytes: number, content: AsyncIterable<Buffer>): Promise<void>;
}

/** @returns rows that were loaded */
export async function loadBackup({ connection, file, writeFile }: LoadOptions): Promise<number> {
  return withClient(connection, async (client) => {
    await client.query('begin');
    const loaded = new Map<string, number>();
    let head: BackupHead | undefined;
    const { end } = await readBackup(file, {
      head: async (read) => {
        head = read;
        await prepare(client, read);
      },
      table: async (table, content) => {
        loaded.set(table, await loadTable(client, head as BackupHead, table, content));
      },
      ...(writeFile && { file: writeFile }),
    });
    checkRows(end, loaded);
    await client.query(
      `select setval(sequence::regclass, value, called) from unnest($1::text[], $2::bigint[], $3::boolean[])
                        as given (sequence, value, called)`,
      [...columnsOf((head as BackupHead).sequences)],
    );
    await client.query('commit');
    await client.query('analyze');
    return [...loaded.values()].reduce((sum, rows) => sum + rows, 0);
  });
}

function columnsOf(sequences: BackupHead['sequences']) {
  return [
    sequences.map(({ sequence }) => sequence),
    sequences.map(({ value }) => value),
    sequences.map(({ isCalled }) => isCalled),
  ];
}

/** Partitions of days that were, and no row that a migration has put in. */
async function prepare(client: pg.Client, head: BackupHead): Promise<void> {
  const there = new Set((await readPartitions(client)).map(({ table }) => table));
  for (const partition of head.partitions) {
    const { table, parent, bounds, options } = partition;
    if (there.has(table)) continue;
    if (!isPartition(partition))
      throw new OperatorError('The backup has a partition that Repoint would not have made.');
    const stored = options.length > 0 ? `with (${options.join(', ')})` : '';
    await client.query(`create table ${table} partition of ${parent} ${bounds} ${stored}`);
  }
  const known = new Map((await readTables(client)).map((each) => [each.table, each.columns]));
  for (const { table, columns } of head.tables) {
    const missing = columns.filter((column) => !known.get(table)?.includes(column));
    if (missing.length > 0) {
      throw new OperatorError(`The backup has columns in ${table} that this version of Repoint does not know.`);
    }
  }
  await client.query(`truncate ${head.tables.map(({ table }) => table).join(', ')}`);
}

/** What is in a file was written by whoever had it: nothing but names, moments and figures becomes a statement. */
function isPartition({ table, parent, bounds, options }: BackupPartition): boolean {
  const moment = String.raw`\('[0-9 :+.-]+'\)`;
  return (
    /^[a-z_]+\.[a-z0-9_]+$/.test(table) &&
    /^([a-z_]+\.)?[a-z0-9_]+$/.test(parent) &&
    new RegExp(`^FOR VALUES FROM ${moment} TO ${moment}$`).test(bounds) &&
    options.every((option) => /^[a-z_]+=[0-9.a-z]+$/.test(option))
  );
}

async function loadTable(
  client: pg.Client,
  head: BackupHead,
  table: string,
  content: AsyncIterable<Buffer>,
): Promise<number> {
  const columns = head.tables.find((each) => each.table === table)?.columns;
  if (columns === undefined)
    throw new OperatorError(`The backup has rows of ${table}, and does not say what they are.`);
  const names = columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(', ');
  const copy = client.query(copyFrom(`copy ${table} (${names}) from stdin (format binary)`));
  await pipeline(content, copy);
  return copy.rowCount;
}

function checkRows(end: BackupEnd, loaded: ReadonlyMap<string, number>): void {
  const wrong = Object.entries(end.tables)
    .filter(([table, { rows }]) => loaded.get(table) !== rows)
    .map(([table]) => table);
  if (wrong.length > 0) throw new Error(`Other numbers of rows than were written down: ${wrong.join(', ')}.`);
}

async function withClient<Result>(
  connection: DatabaseConnection,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = await connectOnce(connection, 'repoint restore');
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined); // It is gone already, and has rolled back.
  }
}

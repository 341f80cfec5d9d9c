/**
 * Brings a database to the version of this program: numbered SQL files, forward only, each in its own transaction,
 * all under one advisory lock, so that nodes may start at once.
 */
import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from '../kernel/logger.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { advisoryLocks } from './advisory-locks.ts';
import type { DatabaseConnection } from './connection.ts';
import { asServiceFault, faultCode } from './faults.ts';
import { connectAlone } from './reach.ts';

export interface MigrateOptions {
  readonly connection: DatabaseConnection;
  readonly logger: Logger;
  /** Stored at first; a database that stores another one is refused. Not checked when left out. */
  readonly masterKeyFingerprint?: string;
  /** The last one to be applied; all when left out. */
  readonly through?: string;
  /** Where the files are, for tests of the runner itself. */
  readonly directory?: string;
}

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/**
 * @returns the names of the files applied now
 * @throws OperatorError when the database is newer than the program, an applied file was edited, or the master key is
 *   another one
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations(options.directory ?? join(import.meta.dirname, 'migrations'));
  const client = await connectAlone(options.connection, 'repoint migrate', options.logger);
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryLocks.migration]);
    const all = pendingMigrations(migrations, await readApplied(client));
    const last = options.through === undefined ? undefined : migrations.find(({ name }) => name === options.through);
    if (options.through !== undefined && last === undefined) throw unknownMigration(options.through);
    const pending = all.filter(({ number }) => last === undefined || number <= last.number);
    for (const migration of pending) {
      await apply(client, migration);
      options.logger.info({ migration: migration.name }, 'migrated the database');
    }
    if (options.masterKeyFingerprint !== undefined) await checkMasterKey(client, options.masterKeyFingerprint);
    return pending.map(({ name }) => name);
  } catch (error) {
    throw asServiceFault(error);
  } finally {
    await client.end().catch(() => undefined); // The lock goes with the connection, however it ends.
  }
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file) => {
      const [, number] = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(file) ?? [];
      if (number === undefined) throw new Error(`${file} is not named like a migration (0001_name.sql).`);
      // A checkout on Windows must not look like an edited file.
      const text = (await readFile(join(directory, file), 'utf8')).replaceAll('\r\n', '\n');
      return { number: Number(number), name: file.slice(0, -'.sql'.length), text, checksum: hash('sha256', text) };
    }),
  );
}

async function readApplied(client: pg.Client): Promise<Applied[]> {
  await client.query(`
    create table if not exists schema_migrations (
      number integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`);
  return (await client.query<Applied>('select number, name, checksum from schema_migrations order by number')).rows;
}

/** What is still to be applied, after making sure that what was applied is what this program knows. */
function pendingMigrations(known: readonly Migration[], applied: readonly Applied[]): Migration[] {
  for (const { number, name, checksum } of applied) {
    const file = known.find((migration) => migration.number === number);
    if (file === undefined || file.name !== name) {
      throw unknownMigration(name);
    }
    if (file.checksum !== checksum) {
      throw new OperatorError(
        `Migration ${name} was edited after it had been applied. Restore the file; put the change into a new migration.`,
      );
    }
  }
  const newest = applied.at(-1)?.number ?? 0;
  const pending = known.filter(({ number }) => !applied.some((one) => one.number === number));
  const late = pending.find(({ number }) => number < newest);
  if (late !== undefined) {
    throw new OperatorError(
      `Migration ${late.name} was never applied, though later ones were. Give it a number above ${newest}.`,
    );
  }
  return pending;
}

function unknownMigration(name: string): OperatorError {
  return new OperatorError(
    `The database has migration ${name}, which this program does not know: it was migrated by a newer version. ` +
      'Start that version, or restore a backup made before the upgrade.',
  );
}

const lockTimeoutMilliseconds = 2_000;
const lockAttempts = 60;

/**
 * Waiting for a lock makes everybody queue behind the wait, so on a live database a migration gives up after two
 * seconds, lets the others pass, and tries again.
 */
async function apply(client: pg.Client, migration: Migration): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query('begin');
      await client.query(`set local lock_timeout = ${lockTimeoutMilliseconds}`);
      await client.query(migration.text);
      await client.query('insert into schema_migrations (number, name, checksum) values ($1, $2, $3)', [
        migration.number,
        migration.name,
        migration.checksum,
      ]);
      await client.query('commit');
      return;
    } catch (error) {
      await client.query('rollback').catch(() => undefined); // A broken connection has rolled back by itself.
      if (!waitedTooLong.has(faultCode(error) ?? '') || attempt >= lockAttempts) {
        throw new Error(`Migration ${migration.name} failed; nothing of it was kept.`, { cause: error });
      }
      await pause(1_000 + Math.random() * 1_000);
    }
  }
}

/** For a lock: until the limit, or so that both would have waited for ever. */
const waitedTooLong: ReadonlySet<string> = new Set(['55P03', '40P01']);

async function checkMasterKey(client: pg.Client, fingerprint: string): Promise<void> {
  const name = 'master key fingerprint';
  await client.query('insert into deployment (name, value) values ($1, $2) on conflict do nothing', [
    name,
    fingerprint,
  ]);
  const { rows } = await client.query<{ value: string }>('select value from deployment where name = $1', [name]);
  if (rows[0]?.value !== fingerprint) {
    throw new OperatorError(
      'The master key is not the one this database was made with: what it sealed could not be read. ' +
        'Use the first key (REPOINT_MASTER_KEY, or the file master-key in the data directory).',
    );
  }
}

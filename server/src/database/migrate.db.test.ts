import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, dropTestDatabase } from '../../tests/support/test-database.ts';
import { createLogger } from '../kernel/logger.ts';
import type { DatabaseConnection } from './connection.ts';
import { migrate } from './migrate.ts';
import { connectOnce } from './reach.ts';

const logger = createLogger('silent');
let connection: DatabaseConnection;
let directory: string;

beforeEach(async () => {
  connection = await createTestDatabase('empty');
  directory = mkdtempSync(join(tmpdir(), 'repoint-migrations-'));
  file('0001_first.sql', 'create table first (id int); create table deployment (name text primary key, value text);');
  file('0002_second.sql', 'create table second (id int); insert into second values (1);');
});

afterEach(async () => {
  rmSync(directory, { recursive: true });
  await dropTestDatabase(connection);
});

const file = (name: string, text: string) => writeFileSync(join(directory, name), text);
const run = (masterKeyFingerprint?: string) => migrate({ connection, logger, directory, masterKeyFingerprint });

async function read(text: string): Promise<unknown[]> {
  const client = await connectOnce(connection, 'test');
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('migrate', () => {
  it('applies what is new, in order, once', async () => {
    expect(await run()).toEqual(['0001_first', '0002_second']);
    expect(await run()).toEqual([]);
    file('0003_third.sql', 'alter table second add column name text');
    expect(await run()).toEqual(['0003_third']);
    expect(await read('select number, name from schema_migrations order by number')).toEqual([
      { number: 1, name: '0001_first' },
      { number: 2, name: '0002_second' },
      { number: 3, name: '0003_third' },
    ]);
  });

  it('keeps nothing of a file that fails, and all before it', async () => {
    file('0003_third.sql', 'create table third (id int); create table second (id int);');
    await expect(run()).rejects.toThrow('Migration 0003_third failed');
    expect(await read("select to_regclass('second')::text as second, to_regclass('third')::text as third")).toEqual([
      { second: 'second', third: null },
    ]);
    file('0003_third.sql', 'create table third (id int);');
    expect(await run()).toEqual(['0003_third']);
  });

  it('lets two nodes start at once', async () => {
    file('0003_slow.sql', 'select pg_sleep(0.3); create table slow (id int);');
    const applied = await Promise.all([run(), run(), run()]);
    expect(applied.flat().sort()).toEqual(['0001_first', '0002_second', '0003_slow']);
  });

  it('refuses a file that was edited after it had been applied, but not other line ends', async () => {
    await run();
    file('0002_second.sql', 'create table second (id int);\r\n insert into second values (1);'.replace('\r\n', ''));
    await expect(run()).resolves.toEqual([]);
    file('0002_second.sql', 'create table second (id bigint);');
    await expect(run()).rejects.toThrow('Migration 0002_second was edited');
  });

  it('refuses a database that a newer version migrated', async () => {
    file('0003_third.sql', 'create table third (id int)');
    await run();
    rmSync(join(directory, '0003_third.sql'));
    await expect(run()).rejects.toThrow(/0003_third, which this program does not know.*newer version/);
  });

  it('refuses a file that comes in late', async () => {
    rmSync(join(directory, '0001_first.sql'));
    await run();
    file('0001_first.sql', 'create table first (id int)');
    await expect(run()).rejects.toThrow('Migration 0001_first was never applied, though later ones were');
  });

  it('refuses another master key than the first', async () => {
    await run('first key');
    await run('first key');
    await expect(run('second key')).rejects.toThrow('The master key is not the one this database was made with');
  });

  it('lets others pass while it waits for a lock', async () => {
    await run();
    const holder = await connectOnce(connection, 'test');
    await holder.query('begin; select from second');
    file('0003_third.sql', 'alter table second add column name text');
    const migrating = run();
    // It waits for two seconds at most; a reader behind it gets its turn then.
    const begun = performance.now();
    await new Promise((resume) => setTimeout(resume, 300));
    expect(await read('select id from second')).toEqual([{ id: 1 }]);
    expect(performance.now() - begun).toBeLessThan(4_000);
    await holder.query('commit');
    await holder.end();
    expect(await migrating).toEqual(['0003_third']);
  });

  it('waits for a database that is still starting, and says what is wrong with one that does not let it in', async () => {
    const wrong = { url: connection.url.replace(/:[^:@]+@/, ':wrong@') };
    await expect(migrate({ connection: wrong, logger, directory })).rejects.toThrow(/it refuses the password/);
    const missing = { url: connection.url.replace(/test_[0-9a-f]+/, 'test_missing') };
    await expect(migrate({ connection: missing, logger, directory })).rejects.toThrow(
      /it has no database test_missing/,
    );
  });

  it('survives a kill in the middle', async () => {
    cpSync(join(import.meta.dirname, 'migrations'), directory, { recursive: true });
    rmSync(join(directory, '0001_first.sql'));
    rmSync(join(directory, '0002_second.sql'));
    file('9999_slow.sql', 'create table half (id int); select pg_sleep(2);');
    const script = `import { migrate } from '${join(import.meta.dirname, 'index.ts')}';
      import { createLogger } from '${join(import.meta.dirname, '../kernel/logger.ts')}';
      await migrate({ connection: { url: process.argv[1] }, logger: createLogger('silent'), directory: process.argv[2] });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, connection.url, directory], {
      stdio: 'inherit',
    });
    for (;;) {
      const rows = await read(
        "select pid from pg_stat_activity where datname = current_database() and query like '%pg_sleep(2)%' and pid <> pg_backend_pid()",
      );
      if (rows.length > 0) break;
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    file('9999_slow.sql', 'create table half (id int);');
    expect(await run()).toEqual(['9999_slow']);
  });
});

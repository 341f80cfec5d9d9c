/** Backups: everything comes back as it was, and nothing is touched for a file that is not whole. */
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sql } from 'kysely';
import { afterAll, expect, it } from 'vitest';
import { fillTables } from '../../../tests/support/fill-tables.ts';
import { createTestDatabase, dropTestDatabase, openTestDatabase } from '../../../tests/support/test-database.ts';
import { migrateJobs } from '../../jobs/index.ts';
import { type Database, ensureTimePartitions, migrate, openDatabase } from '../index.ts';
import type { BackupEnd, BackupHead } from './format.ts';
import { loadBackup } from './load.ts';
import { readBackup } from './read.ts';
import { writeBackup } from './write.ts';

const { database, connection, logger } = await openTestDatabase();
const target = await createTestDatabase('empty');
const restored = await openDatabase({ connection: target, logger });
const folder = mkdtempSync(join(tmpdir(), 'repoint-backup-'));
const file = join(folder, 'backup.tar.zst');
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await restored.close();
  await dropTestDatabase(target);
});

async function rootTables({ query }: Database): Promise<string[]> {
  const { rows } = await sql<{ table: string }>`
    select case nspname when 'public' then relname else nspname || '.' || relname end as "table"
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p') and not relispartition and nspname in ('public', 'graphile_worker')
    order by 1`.execute(query);
  return rows.map(({ table }) => table);
}

/** A row in every table whose constraints let one guess; the others have what the migrations put in. */
async function fillAll(): Promise<void> {
  await sql`
    insert into accounts (account_id, name, created_at) values ('123456789012', 'test', now())`.execute(database.query);
  await sql`
    insert into projects (number, account_id, region, id, name, created_at)
    overriding system value values (1, '123456789012', 'us-east-1', 'p', 'test', now())`.execute(database.query);
  for (const table of ['events', 'sends', 'outbox_messages', 'provider_messages', 'event_fingerprints']) {
    await ensureTimePartitions(database.query, table, new Date()).catch(() => undefined); // Not all are cut by time.
  }
  const values = { project_number: 1, account_id: '123456789012', region: 'us-east-1', bucket: 7 };
  for (let round = 0; round < 2; round += 1) {
    for (const table of await rootTables(database)) {
      // Some want what nobody can guess.
      await fillTables(database, { tables: [table], values, marker: `row ${round}` }).catch(() => undefined);
    }
  }
  await sql`
    insert into events (project_number, bucket, arrived_at, type, occurred_at, endpoint_id, generation, envelope)
    select 1, n % 1024, now(), 'seen', now(), 'endpoint ' || n, n, jsonb_build_object('n', n, 'text', repeat('é', 200))::text
    from generate_series(1, 5000) as n`.execute(database.query);
}

async function contentOf({ query }: Database): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const table of await rootTables({ query } as Database)) {
    const { rows } = await sql<{ content: string }>`
      select count(*) || ' ' || coalesce(md5(string_agg(stored::text, e'\n' order by stored::text)), '') as content
      from ${sql.table(table)} as stored`.execute(query);
    content[table] = rows[0]?.content as string;
  }
  return content;
}

async function sequencesOf({ query }: Database): Promise<unknown[]> {
  const { rows } = await sql`
    select sequencename, last_value::text from pg_sequences where schemaname in ('public', 'graphile_worker')
    order by 1`.execute(query);
  return rows;
}

async function write(): Promise<{ head: BackupHead; end: BackupEnd }> {
  const all: { head: BackupHead; end: BackupEnd }[] = [];
  const ended = (written: { head: BackupHead; end: BackupEnd }) => all.push(written);
  const { signal } = new AbortController();
  await pipeline(writeBackup({ connection, now: new Date(), signal, ended }), createWriteStream(file));
  return all[0] as { head: BackupHead; end: BackupEnd };
}

it('E10: every row and every sequence comes back', { timeout: 120_000 }, async () => {
  await migrate({ connection, logger, masterKeyFingerprint: 'test' });
  await fillAll();
  const before = await contentOf(database);
  const sequences = await sequencesOf(database);
  const written = await write();
  await migrate({ connection: target, logger, through: written.head.schema });
  await migrateJobs({ connection: target, logger });
  const rows = await loadBackup({ connection: target, file });
  const leftOut = ['nodes', 'erasure_touched'];
  const without = (content: Record<string, string>) =>
    Object.fromEntries(Object.entries(content).filter(([table]) => !leftOut.includes(table)));
  expect(without(await contentOf(restored))).toEqual(without(before));
  expect(await sequencesOf(restored)).toEqual(sequences);
  expect(rows).toBe(Object.values(written.end.tables).reduce((sum, table) => sum + table.rows, 0));
  const filled = Object.entries(before).filter(([, content]) => !content.startsWith('0 '));
  expect(filled.length).toBeGreaterThan(55);
  console.log(`E10 round trip: ${rows} rows, ${filled.length} of ${Object.keys(before).length} tables with rows`);
});

it('E10: what is written while the backup is made is not in it', async () => {
  let stop = false;
  const writer = (async () => {
    for (let n = 0; !stop; n += 1) {
      await database.transaction(async (tx) => {
        await sql`insert into attribute_names (project_number, kind, name) values (1, 'attribute', ${`a${n}`})`.execute(
          tx,
        );
        await sql`insert into attribute_names (project_number, kind, name) values (1, 'metric', ${`a${n}`})`.execute(
          tx,
        );
      });
    }
  })();
  const { end } = await write();
  stop = true;
  await writer;
  const seen: Buffer[] = [];
  await readBackup(file, {
    table: async (table, content) => {
      for await (const chunk of content) if (table === 'public.attribute_names') seen.push(chunk);
    },
  });
  const text = Buffer.concat(seen).toString('latin1');
  const count = (kind: string) => text.split(kind).length - 1;
  expect(end.tables['public.attribute_names']?.rows).toBeGreaterThan(0);
  // One transaction writes both, so one moment has as many of either.
  const { rows } = await sql<{ kind: string; count: number }>`
    select kind, count(*)::int as count from attribute_names where name !~ '^a[0-9]' group by kind`.execute(
    database.query,
  );
  const others = (kind: string) => rows.find((row) => row.kind === kind)?.count ?? 0;
  expect(count('attribute') - others('attribute')).toBe(count('metric') - others('metric'));
});

it('E10: a file that is cut off or damaged is refused', async () => {
  await write();
  const whole = readFileSync(file);
  const broken = join(folder, 'broken');
  writeFileSync(broken, whole.subarray(0, whole.length / 2));
  await expect(readBackup(broken, {})).rejects.toThrow(/not a (whole )?backup|not a backup, or not a whole one/);
  const damaged = Buffer.from(whole);
  damaged[Math.floor(whole.length / 2)] = (damaged[Math.floor(whole.length / 2)] as number) ^ 0xff;
  writeFileSync(broken, damaged);
  await expect(readBackup(broken, {})).rejects.toThrow(/damaged|not a whole one/);
  writeFileSync(broken, 'something else');
  await expect(readBackup(broken, {})).rejects.toThrow(/not a backup/);
  await expect(readBackup(join(folder, 'none'), {})).rejects.toThrow(/There is no file/);
});

it('E10: a load that fails leaves nothing behind', async () => {
  const before = await contentOf(restored);
  await write();
  const broken = join(folder, 'broken');
  const whole = readFileSync(file);
  writeFileSync(broken, whole.subarray(0, whole.length - 2_000));
  await expect(loadBackup({ connection: target, file: broken })).rejects.toThrow(/not a whole/);
  expect(await contentOf(restored)).toEqual(before);
});

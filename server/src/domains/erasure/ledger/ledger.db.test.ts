/** E10: the ledger outside of the database, and what is done again when a restore has lost it. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngine } from '../../../../tests/support/erasure-parts.ts';
import { s3Credentials, startS3Server } from '../../../../tests/support/s3-server.ts';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import { personalDataInventory } from '../../../app/inventory.ts';
import { ensureTimePartitions, type Transaction } from '../../../database/index.ts';
import { MasterKey } from '../../../kernel/master-key.ts';
import { closeAccount, reopenAccount } from '../account/close.ts';
import { runErasure } from '../engine/run.ts';
import type { LedgerEntry } from './entry.ts';
import { LedgerHashes } from './hashes.ts';
import { ledgerHook } from './hook.ts';
import { Ledger, ledgerKey, readStore } from './ledger.ts';
import { noteClosedAccount, noteReopenedAccount } from './project.ts';
import { replay } from './replay.ts';
import { namesIn, namingColumns, notNaming } from './scan.ts';
import { type LedgerSettings, openLedgerStore } from './store.ts';

const testDatabase = await openTestDatabase();
const { database, logger } = testDatabase;
const engine = await openEngine(testDatabase);
const masterKey = new MasterKey(Buffer.alloc(32, 7));
const { signal } = new AbortController();
const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

let dataDirectory: string;
let ledger: Ledger;
beforeEach(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'repoint-ledger-'));
  directories.push(dataDirectory);
  await sql`truncate erasure_ledger`.execute(database.query);
  ledger = openLedger();
});

const settings = () => ({ ledgerUrl: undefined, dataDirectory, s3: { endpoint: undefined, region: 'us-east-1' } });
const opened: Ledger[] = [];
const openLedger = (of: LedgerSettings = settings()) => {
  const store = openLedgerStore(of);
  const made = new Ledger({ database, store, masterKey, clock: engine.parts.clock, logger });
  opened.push(made);
  return made;
};
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
const hashes = new LedgerHashes({
  ...{ identities: engine.parts.audience.identities, addresses: engine.parts.hashes, key: ledgerKey(masterKey) },
});
const withLedger = () => engine.with({ hooks: [ledgerHook(ledger, hashes)] });
const replayParts = () => ({ ...engine.parts, ledgerHashes: hashes, inventory: personalDataInventory });
const replayNow = () => replay(replayParts(), openLedger(), signal);
async function entriesStored() {
  const entries: LedgerEntry[] = [];
  for await (const entry of readStore(openLedger().store, ledgerKey(masterKey))) entries.push(entry);
  return entries;
}
const ledgerFiles = () =>
  readdirSync(join(dataDirectory, 'erasure-ledger')).map((name) => join(dataDirectory, 'erasure-ledger', name));

const tables = [
  ...['endpoints', 'endpoint_facets', 'audience_users', 'endpoint_addresses', 'events', 'outbox_messages'],
  ...['erasure_requests', 'erasure_pieces'],
];

/** What a backup of this moment has of a project; putting it back is the restore. */
async function backUp(projectNumber: number): Promise<() => Promise<void>> {
  // As text: JavaScript's numbers are too small for some.
  const saved = new Map<string, string>();
  for (const table of tables) {
    const { rows } = await sql<{ all: string }>`
      select coalesce(jsonb_agg(to_jsonb(stored)), '[]')::text as all
      from ${sql.table(table)} as stored where project_number = ${projectNumber}`.execute(database.query);
    saved.set(table, rows[0]?.all as string);
  }
  const { rows: known } = await sql<{ id: string }>`select id from erasure_ledger`.execute(database.query);
  return () =>
    database.transaction(async (tx: Transaction) => {
      await sql`delete from erasure_requests where project_number = ${projectNumber}`.execute(tx);
      await sql`delete from erasure_ledger where not id = any (${known.map(({ id }) => id)}::text[])`.execute(tx);
      for (const [table, rows] of saved) {
        await sql`delete from ${sql.table(table)} where project_number = ${projectNumber}`.execute(tx);
        await sql`
          insert into ${sql.table(table)} overriding system value
          select * from jsonb_populate_recordset(null::${sql.table(table)}, ${rows}::jsonb)`.execute(tx);
      }
    });
}

async function endpointsOf(projectNumber: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from endpoints where project_number = ${projectNumber} order by id`.execute(database.query);
  return rows.map(({ id }) => id);
}

const eraseNow = async (project: Parameters<typeof engine.request>[0], ids: string[], mode?: 'ERASE_AND_SUPPRESS') =>
  runErasure(withLedger(), await engine.request(project, ids, mode), signal);

describe('E10: what the ledger holds', () => {
  it('names nobody, and is there before the acceptance is', async () => {
    const project = await engine.newProject();
    await engine.write(project.projectNumber, ['Anna-17']);
    await eraseNow(project, ['anna-17']);
    const text = ledgerFiles()
      .map((file) => readFileSync(file, 'utf8'))
      .join('');
    expect(text.split('\n')).toHaveLength(2);
    expect(text).not.toMatch(/anna|example\.com/i);
    const [entry] = await entriesStored();
    expect(entry).toMatchObject({
      accountId: project.accountId,
      body: { kind: 'PEOPLE', mode: 'ERASE', endpoints: [hashes.endpoint(project.projectNumber, 'anna-17')] },
    });
  });

  it('keeps every chain in order when many are accepted at once', async () => {
    const append = (number: number) =>
      database.transaction((tx) =>
        ledger.append(tx, '123456789012', {
          ...{ kind: 'SUPPRESSION', projectNumber: number, change: 'SUPPRESS', identities: [] },
        }),
      );
    await Promise.all(Array.from({ length: 100 }, (_, number) => append(number)));
    const entries = await entriesStored();
    expect(new Set(entries.map(({ body }) => 'projectNumber' in body && body.projectNumber)).size).toBe(100);
    expect(await ledger.compare()).toMatchObject({ due: [], missing: [], known: 100 });
  });

  it('leaves out a last line that was cut off, and refuses one that was changed', async () => {
    const project = await engine.newProject();
    await engine.write(project.projectNumber, ['one', 'two']);
    await eraseNow(project, ['one']);
    await eraseNow(project, ['two']);
    const [file = ''] = ledgerFiles();
    appendFileSync(file, '0123456789abcdef {"number":3,"id":"cut o');
    expect(await openLedger().compare()).toMatchObject({ due: [], missing: [], known: 2 });
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"mode":"ERASE"', '"mode":"DELETED"'));
    await expect(openLedger().compare()).rejects.toThrow(/was changed: line 1/);
    writeFileSync(file, text.slice(text.indexOf('\n') + 1));
    await expect(openLedger().compare()).rejects.toThrow(/was changed: line 1/);
  });

  it('accepts nothing that the store does not take', async () => {
    const project = await engine.newProject();
    await engine.write(project.projectNumber, ['stays']);
    writeFileSync(join(dataDirectory, 'erasure-ledger'), 'a file where the folder should be');
    await expect(eraseNow(project, ['stays'])).rejects.toThrow('The erasure ledger cannot be written');
    expect(await endpointsOf(project.projectNumber)).toEqual(['stays']);
    rmSync(join(dataDirectory, 'erasure-ledger'));
    await eraseNow(project, ['stays']);
    expect(await endpointsOf(project.projectNumber)).toEqual([]);
  });

  it('says of a transaction that was rolled back that it never happened', async () => {
    const project = await engine.newProject();
    await engine.write(project.projectNumber, ['kept']);
    const failing = { ...withLedger() };
    const hooks = [...failing.hooks, { accepting: () => Promise.reject(new Error('rolled back')) }];
    await expect(runErasure({ ...failing, hooks }, await engine.request(project, ['kept']), signal)).rejects.toThrow(
      'rolled back',
    );
    expect((await ledger.compare()).due).toHaveLength(1);
    await ledger.settle();
    expect(await openLedger().compare()).toMatchObject({ due: [], missing: [] });
    await replayNow();
    expect(await endpointsOf(project.projectNumber)).toEqual(['kept']);
  });

  it('stands in a bucket of S3 just as well, in chains that nobody shares', async () => {
    const s3 = await startS3Server(['ledger']);
    const bucket = { endpoint: s3.endpoint, region: 'us-east-1' };
    process.env['AWS_ACCESS_KEY_ID'] = s3Credentials.accessKeyId;
    process.env['AWS_SECRET_ACCESS_KEY'] = s3Credentials.secretAccessKey;
    const inBucket = () => openLedger({ ledgerUrl: 's3://ledger/of/shop', dataDirectory, s3: bucket });
    const [one, other] = [inBucket(), inBucket()];
    const change = { kind: 'SUPPRESSION', projectNumber: 1, change: 'SUPPRESS', identities: [] } as const;
    for (const each of [one, other, one]) await database.transaction((tx) => each.append(tx, '123456789012', change));
    expect(await inBucket().compare()).toMatchObject({ due: [], missing: [], known: 3 });
    await sql`delete from erasure_ledger`.execute(database.query);
    expect((await inBucket().compare()).due).toHaveLength(3);
  });

  it('is completed from the database when the store was lost', async () => {
    const project = await engine.newProject();
    await engine.write(project.projectNumber, ['one']);
    const restore = await backUp(project.projectNumber);
    await eraseNow(project, ['one']);
    rmSync(join(dataDirectory, 'erasure-ledger'), { recursive: true });
    expect((await openLedger().compare()).missing).toHaveLength(1);
    await replayNow();
    expect((await openLedger().compare()).missing).toEqual([]);
    await restore();
    await replayNow();
    expect(await endpointsOf(project.projectNumber)).toEqual([]);
  });
});

describe('E10: after a restore', () => {
  it('those erased after the backup are gone again, everywhere, and nobody else is', async () => {
    const project = await engine.newProject();
    const { projectNumber } = project;
    await engine.write(projectNumber, ['before', 'After', 'bystander']);
    await ensureTimePartitions(database.query, 'events', new Date());
    await sql`
      insert into events (project_number, bucket, arrived_at, type, occurred_at, endpoint_id, generation, envelope)
      select project_number, bucket, now(), 'seen', now(), id, generation, '{}' from endpoints
      where project_number = ${projectNumber}`.execute(database.query);
    await eraseNow(project, ['before']);
    const restore = await backUp(projectNumber);
    await eraseNow(project, ['after']);
    await restore();
    expect(await endpointsOf(projectNumber)).toEqual(['after', 'bystander']);
    expect(await replayNow()).toEqual({ entries: 1, found: 1 });
    expect(await endpointsOf(projectNumber)).toEqual(['bystander']);
    const { rows } = await sql<{ endpoint_id: string }>`
      select endpoint_id from events where project_number = ${projectNumber}`.execute(database.query);
    expect(rows).toEqual([{ endpoint_id: 'bystander' }]);
    // Once is enough.
    expect(await replayNow()).toEqual({ entries: 0, found: 0 });
    const { rows: requests } = await sql<{ id: string }>`
      select id from erasure_requests where project_number = ${projectNumber} and origin = 'RESTORE'`.execute(
      database.query,
    );
    expect(requests).toHaveLength(1);
    await runErasure(withLedger(), { projectNumber, id: requests[0]?.id as string }, signal);
    const { rows: ended } = await sql<{ state: string }>`
      select state from erasure_requests where id = ${requests[0]?.id}`.execute(database.query);
    expect(ended).toEqual([{ state: 'COMPLETED' }]);
  });

  it('somebody who was made anew before the backup stays', async () => {
    const project = await engine.newProject();
    await engine.write(project.projectNumber, ['back', 'other']);
    await eraseNow(project, ['back']);
    await engine.write(project.projectNumber, ['back']);
    const restore = await backUp(project.projectNumber);
    await eraseNow(project, ['other']);
    await restore();
    expect(await replayNow()).toEqual({ entries: 1, found: 1 });
    expect(await endpointsOf(project.projectNumber)).toEqual(['back']);
  });

  it('new endpoints do not get generations of those that were erased', async () => {
    const project = await engine.newProject();
    await engine.write(project.projectNumber, ['gone']);
    const restore = await backUp(project.projectNumber);
    const { rows: before } = await sql<{ value: number }>`
      select last_value as value from endpoint_generations`.execute(database.query);
    await sql`select setval('endpoint_generations', ${Number(before[0]?.value) + 1_000})`.execute(database.query);
    await eraseNow(project, ['gone']);
    await restore();
    await sql`select setval('endpoint_generations', ${Number(before[0]?.value)})`.execute(database.query);
    await replayNow();
    await engine.write(project.projectNumber, ['gone']);
    const { rows: requests } = await sql<{ id: string }>`
      select id from erasure_requests where project_number = ${project.projectNumber}`.execute(database.query);
    for (const { id } of requests) await runErasure(withLedger(), { projectNumber: project.projectNumber, id }, signal);
    expect(await endpointsOf(project.projectNumber)).toEqual(['gone']);
  });

  it('who was suppressed is suppressed again, whether they are in the backup or not', async () => {
    const project = await engine.newProject();
    await engine.write(project.projectNumber, ['blocked']);
    await eraseNow(project, ['blocked'], 'ERASE_AND_SUPPRESS');
    await sql`delete from suppressed_identities where project_number = ${project.projectNumber}`.execute(
      database.query,
    );
    await sql`delete from erasure_ledger`.execute(database.query);
    // Of the identities that were named, and of the people that they led to.
    expect((await replayNow()).entries).toBe(2);
    await engine.write(project.projectNumber, ['blocked', 'free']).catch(() => undefined);
    expect(await endpointsOf(project.projectNumber)).not.toContain('blocked');
  });

  it('a kill between the ledger and the commit: what was asked for is done at the next start', async () => {
    const project = await engine.newProject();
    await engine.write(project.projectNumber, ['asked', 'bystander']);
    const hooks = [...withLedger().hooks, { accepting: () => Promise.reject(new Error('killed')) }];
    const request = await engine.request(project, ['asked']);
    await expect(runErasure({ ...withLedger(), hooks }, request, signal)).rejects.toThrow('killed');
    // The process that could have told is gone.
    expect(await endpointsOf(project.projectNumber)).toEqual(['asked', 'bystander']);
    expect(await replayNow()).toEqual({ entries: 1, found: 1 });
    expect(await endpointsOf(project.projectNumber)).toEqual(['bystander']);
    // The request goes on as if nothing had happened, and counts what went where it was asked for.
    await runErasure(withLedger(), request, signal);
    const { rows } = await sql<{ id: string; state: string; found: number; erased: number }>`
      select id, state, found, erased from erasure_requests
      join erasure_counts using (project_number) where project_number = ${project.projectNumber}
        and request_id = id and location = 'endpoints'`.execute(database.query);
    expect(rows).toEqual([{ id: request.id, state: 'COMPLETED', found: 1, erased: 1 }]);
    expect(await replayNow()).toEqual({ entries: 0, found: 0 });
  });

  it('a request that the backup has goes on at once, from where it stood in the backup', async () => {
    const project = await engine.newProject();
    await engine.write(project.projectNumber, ['asked', 'bystander']);
    const request = await engine.request(project, ['asked']);
    const hooks = [...withLedger().hooks, { accepting: () => Promise.reject(new Error('killed')) }];
    await expect(runErasure({ ...withLedger(), hooks }, request, signal)).rejects.toThrow('killed');
    const restore = await backUp(project.projectNumber);
    await runErasure(withLedger(), request, signal);
    await restore();
    // That of the kill, and that of the acceptance which was lost.
    expect(await replayNow()).toEqual({ entries: 2, found: 1 });
    expect(await endpointsOf(project.projectNumber)).toEqual(['bystander']);
  });

  it('an entry whose transaction is still under way is waited for, and not done twice', async () => {
    const project = await engine.newProject();
    await engine.write(project.projectNumber, ['slow']);
    let release: () => void = () => undefined;
    const held = new Promise<void>((settle) => {
      release = settle;
    });
    let appended: () => void = () => undefined;
    const isAppended = new Promise<void>((settle) => {
      appended = settle;
    });
    const hold = {
      accepting: async () => {
        appended();
        await held;
      },
    };
    const running = runErasure(
      { ...withLedger(), hooks: [...withLedger().hooks, hold] },
      await engine.request(project, ['slow']),
      signal,
    );
    await isAppended;
    const replaying = replayNow();
    setTimeout(release, 200);
    await running;
    expect(await replaying).toEqual({ entries: 1, found: 0 });
    expect(await endpointsOf(project.projectNumber)).toEqual([]);
  });
});

describe('E10: accounts after a restore', () => {
  const closedAt = async (accountId: string) => {
    const { rows } = await sql<{ closedAt: Date | null }>`
      select closed_at as "closedAt" from accounts where account_id = ${accountId}`.execute(database.query);
    return rows[0]?.closedAt;
  };

  it('one that was closed is closed again, with the same dates, unless it was opened since', async () => {
    const [closed, reopened] = [await engine.newProject(), await engine.newProject()];
    const now = new Date('2026-03-01T10:00:00Z');
    for (const { accountId } of [closed, reopened]) {
      await database.transaction(async (tx) => {
        const closing = { accountId, confirmation: accountId, now, days: 30 };
        await noteClosedAccount(ledger, tx, await closeAccount(tx, closing));
      });
    }
    await database.transaction(async (tx) => {
      await reopenAccount(tx, reopened.accountId);
      await noteReopenedAccount(ledger, tx, reopened.accountId);
    });
    await sql`
      update accounts set closed_at = null, erased_after = null where account_id = ${closed.accountId}`.execute(
      database.query,
    );
    await sql`
      update projects set deleted_at = null, closed_with_account = false
      where account_id = ${closed.accountId}`.execute(database.query);
    await sql`delete from erasure_ledger`.execute(database.query);
    expect((await replayNow()).entries).toBe(3);
    expect(await closedAt(closed.accountId)).toEqual(now);
    expect(await closedAt(reopened.accountId)).toBeNull();
  });
});

it('E10: every column that names people is read through, or has a reason why it need not be', () => {
  const unknown = personalDataInventory.flatMap(({ tables: all }) =>
    all.flatMap(({ table, columns }) =>
      Object.entries(columns)
        .filter(([column, kind]) => kind === 'identity' && !(column in namingColumns) && !(column in notNaming))
        .map(([column]) => `${table}.${column}`),
    ),
  );
  expect(unknown, 'say in ledger/scan.ts what these name').toEqual([]);
  expect(namesIn('endpoints', { id: 'identity', user_id: 'identity', status: 'personal' })).toHaveLength(2);
});

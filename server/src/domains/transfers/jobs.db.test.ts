/** Runs that end otherwise than planned: taken over, without a project, failing again and again, met by a deletion. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../../tests/support/test-database.ts';
import { migrateJobs } from '../../jobs/index.ts';
import { systemClock } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import type { ObjectStore } from '../../object-store/index.ts';
import { LocalObjectStore } from '../../object-store/local.ts';
import { Audience, endpointKey, subjectOf } from '../audience/index.ts';
import { createImport, prepareImport } from './import/create.ts';
import { runImport } from './import/run.ts';
import { transferJobs } from './jobs.ts';
import { transferLocations } from './locations.ts';
import { findJob, type JobKey, RunEnded } from './store.ts';

const { database, connection, logger } = await openTestDatabase();
await migrateJobs({ connection, logger });
const directory = mkdtempSync(join(tmpdir(), 'repoint-runs-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const local = new LocalObjectStore(directory);
const audience = new Audience({ database, tombstoneKey: Buffer.alloc(32) });
const parts = { database, clock: systemClock, audience, objectStore: local };
const { signal } = new AbortController();
const rows = 5_000;
const endpointOf = (id: string) => ({ ...endpointKey(0, id), address: null });

let project: { number: number; accountId: string };
let key: JobKey;
beforeEach(async () => {
  const accountId = String(Math.floor(Math.random() * 1e12)).padStart(12, '0');
  await sql`insert into accounts (account_id, name, created_at) values (${accountId}, 'test', now())`.execute(
    database.query,
  );
  const { rows: made } = await sql<{ number: number }>`
    insert into projects (account_id, region, id, name, created_at)
    values (${accountId}, 'us-east-1', ${newId()}, 'test', now()) returning number`.execute(database.query);
  project = { number: made[0]?.number as number, accountId };
  const bucket = `b-${accountId}`;
  await local.write({ bucket, key: 'people.json' }, people());
  const prepared = await prepareImport({ query: database.query, objectStore: local }, project, {
    ...{ Format: 'JSON', RoleArn: 'role', S3Url: `s3://${bucket}/people.json` },
    ...{ RegisterEndpoints: true, DefineSegment: true },
  });
  key = await database.transaction((tx) => createImport(tx, prepared, new Date()));
});

async function* people(): AsyncGenerator<Buffer> {
  for (let number = 0; number < rows; number += 1) {
    yield Buffer.from(`{"Id":"e${number}","ChannelType":"EMAIL","Address":"e${number}@example.com"}\n`);
  }
}

/** A store that stops half-way until somebody has done something. */
function halting(meanwhile: () => Promise<void>): ObjectStore {
  const read: ObjectStore['read'] = async function* (object, abort) {
    const chunks: Buffer[] = [];
    for await (const chunk of local.read(object, abort)) chunks.push(chunk);
    const whole = Buffer.concat(chunks);
    yield whole.subarray(0, whole.length / 2);
    while (((await state())?.processed ?? 0) < 2_000) await new Promise((resume) => setTimeout(resume, 10));
    await meanwhile();
    yield whole.subarray(whole.length / 2);
  };
  return Object.assign(new LocalObjectStore(directory), { read });
}

const state = () => findJob(database.query, 'IMPORT', key);
async function membersOfJob(): Promise<number> {
  const { rows: found } = await sql<{ count: number }>`
    select count(*) as count from segment_endpoints join transfer_jobs using (membership)
    where transfer_jobs.id = ${key.id}`.execute(database.query);
  return found[0]?.count ?? 0;
}

describe('a run', () => {
  it('that another one takes over writes no more, and together they deal with every row once', async () => {
    const first = runImport({ ...parts, objectStore: halting(() => runImport(parts, key, signal)) }, key, signal);
    await expect(first).rejects.toBeInstanceOf(RunEnded);
    expect(await state()).toMatchObject({ status: 'COMPLETED', processed: rows, failed: 0 });
    expect(await membersOfJob()).toBe(rows);
  });

  it('goes on where it was aborted', async () => {
    const stop = new AbortController();
    const aborted = runImport({ ...parts, objectStore: halting(async () => stop.abort()) }, key, stop.signal);
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    const before = (await state())?.processed ?? 0;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(rows);
    await runImport(parts, key, signal);
    expect(await state()).toMatchObject({ status: 'COMPLETED', processed: rows });
  });

  it('ends when its project is deleted', async () => {
    const objectStore = halting(async () => {
      await sql`update projects set deleted_at = now() where number = ${project.number}`.execute(database.query);
    });
    await expect(runImport({ ...parts, objectStore }, key, signal)).rejects.toBeInstanceOf(RunEnded);
    await runImport(parts, key, signal);
    expect((await state())?.processed).toBeLessThan(rows);
  });

  it('does not keep on its list who was deleted meanwhile', async () => {
    const objectStore = halting(async () => {
      const gone = subjectOf(
        { accountId: project.accountId, projectNumber: project.number },
        { endpoints: [endpointOf('e0'), endpointOf('e1')], userIds: ['u'], through: undefined },
      );
      await database.transaction(async (tx) => {
        for (const location of transferLocations) await location.forget(tx, gone, rows);
      });
    });
    await runImport({ ...parts, objectStore }, key, signal);
    expect(await state()).toMatchObject({ status: 'COMPLETED', processed: rows });
    expect(await membersOfJob()).toBe(rows - 2);
  });

  it('refuses a file that was replaced since it was found', async () => {
    const accountBucket = `b-${project.accountId}`;
    await local.write({ bucket: accountBucket, key: 'people.json' }, people());
    await runImport(parts, key, signal);
    expect(await state()).toMatchObject({
      ...{ status: 'FAILED', failures: [expect.stringContaining('people.json: The file changed while it was read')] },
    });
  });

  it('is given up after many attempts, and not before', async () => {
    const broken = halting(async () => {
      throw new RangeError('a mistake of ours');
    });
    const [importing] = transferJobs({ ...parts, objectStore: broken });
    const run = (attempt: number) => importing?.run({ ...key }, { id: '1', attempt, signal });
    await expect(run(1)).rejects.toThrow('a mistake of ours');
    expect(await state()).toMatchObject({ status: 'PROCESSING', completedAt: null });
    await expect(run(25)).rejects.toThrow('a mistake of ours');
    expect(await state()).toMatchObject({ status: 'FAILED', fault: 'The server could not finish the job' });
    expect(await membersOfJob()).toBe(0);
    await run(26);
  });
});

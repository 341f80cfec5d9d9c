/** The engine when something goes wrong: requirements E4, E9, E14, E16 and E17. */
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { openEngine } from '../../../../tests/support/erasure-parts.ts';
import { tablesWith } from '../../../../tests/support/tables-with.ts';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import { ensureTimePartitions, type FileLocation, type Location } from '../../../database/index.ts';
import type { ErasureParts } from '../parts.ts';
import type { LocationCounts, RequestKey, StoredRequest } from '../requests/request.ts';
import { findRequest, listCounts } from '../requests/store.ts';
import { runRetention } from '../retention/run.ts';
import { deleteRule, writeRule } from '../retention/store.ts';
import { giveUp } from './end.ts';
import { ErasureIncomplete, finishErasures } from './finish.ts';
import { runErasure } from './run.ts';

const testDatabase = await openTestDatabase();
const { database } = testDatabase;
const engine = await openEngine(testDatabase);
const { signal } = new AbortController();

let project: Awaited<ReturnType<typeof engine.newProject>>;
let ids: string[];
let made = 0;
beforeEach(async () => {
  project = await engine.newProject();
  made += 1;
  ids = Array.from({ length: 250 }, (_, index) => `qk${made}-${index}`);
  await engine.write(project.projectNumber, ids);
});

const stored = (key: RequestKey) => findRequest(database.query, key) as Promise<StoredRequest>;
const left = () => tablesWith(database, `qk${made}-`);
async function erasedOf(key: RequestKey, location: string): Promise<number | undefined> {
  return (await listCounts(database.query, key)).find((counts) => counts.location === location)?.erased;
}
/** A place that a test scripts. */
const place = (changes: Partial<Location>): Location => ({
  ...{ name: 'scripted', tables: [], goes: 'in steps' },
  find: async () => 0,
  forget: async () => 0,
  async *read() {},
  ...changes,
});
const files = (changes: Partial<FileLocation>): FileLocation => ({
  ...{ name: 'scripted files', files: [] },
  find: async () => 0,
  hasAny: async () => true,
  isBeingWritten: async () => false,
  forget: async () => ({ skipped: [] }),
  async *read() {},
  ...changes,
});
async function withToday() {
  await ensureTimePartitions(database.query, 'events', new Date(), { interval: 'day', fillFactor: 100, ahead: 1 });
  return database.query;
}
/** As the two jobs do it. */
async function run(parts: ErasureParts, key: RequestKey): Promise<void> {
  await runErasure(parts, key, signal);
  await finishErasures(parts, key.projectNumber, signal);
}
const fault = async () => {
  throw new Error('the place cannot be asked');
};

describe('E4: a search that fails', () => {
  it.each([
    ['in a table', () => engine.with({ rows: [place({ find: fault })] })],
    ['in files', () => engine.with({ files: [files({ find: fault })] })],
  ])('%s: nothing is erased, and in the end the request has failed', async (_name, makeParts) => {
    const parts = makeParts();
    const key = await engine.request(project, ids);
    const before = await left();
    await expect(run(parts, key)).rejects.toThrow('cannot be asked');
    expect(await stored(key)).toMatchObject({ state: 'FINDING', acceptedAt: null });
    expect(await left()).toEqual(before);
    await giveUp(parts, key);
    expect(await stored(key)).toMatchObject({ state: 'FAILED', acceptedAt: null, sealedIdentities: null });
    expect(await left()).toEqual(before);
  });
});

describe('E9: what is skipped', () => {
  it('is named, and keeps the request from being completed until it is done', async () => {
    let isAway = true;
    const forget: FileLocation['forget'] = async (_requests, _signal, erased) => {
      await erased(0, 1);
      return { skipped: isAway ? [{ what: 's3://crm/cold.json.gz', why: 'The object is in cold storage' }] : [] };
    };
    const parts = engine.with({ files: [files({ forget })] });
    const key = await engine.request(project, ids);
    await expect(run(parts, key)).rejects.toThrow(ErasureIncomplete);
    const partly = await stored(key);
    expect(partly).toMatchObject({ state: 'PARTIALLY_COMPLETED', endedAt: null });
    expect(partly.skipped).toContainEqual({ what: 's3://crm/cold.json.gz', why: 'The object is in cold storage' });
    // The people are gone all the same.
    expect(await left()).toEqual([]);
    isAway = false;
    await run(parts, key);
    expect(await stored(key)).toMatchObject({ state: 'COMPLETED', skipped: [] });
  });

  it('for good is told for good', async () => {
    const skipped = [{ what: 's3://crm/locked.json', why: 'The object is locked' }];
    const parts = engine.with({ files: [files({ forget: async () => ({ skipped }) })] });
    const key = await engine.request(project, ids);
    await expect(run(parts, key)).rejects.toThrow(ErasureIncomplete);
    await giveUp(parts, key);
    expect(await stored(key)).toMatchObject({ state: 'PARTIALLY_COMPLETED', skipped, sealedIdentities: null });
  });
});

describe('E16: interrupted', () => {
  it('at any step, a request goes on where it was, and counts nothing twice', { timeout: 60_000 }, async () => {
    await sql`
      insert into events (project_number, bucket, arrived_at, type, occurred_at, endpoint_id, envelope)
      select ${project.projectNumber}, bucket, now(), 'seen', now(), id, '{}' from endpoints, generate_series(1, 20)
      where project_number = ${project.projectNumber}`.execute(await withToday());
    const key = await engine.request(project, ids);
    const whole = engine.with({});
    let runs = 0;
    // Each run may do a little more than the one before.
    for (let steps = 1; ; steps += 2) {
      runs += 1;
      try {
        await runErasure(failingAfter(whole, steps), key, signal);
        break;
      } catch (error) {
        expect(String(error)).toContain('killed');
      }
    }
    expect(runs).toBeGreaterThan(5);
    expect(await stored(key)).toMatchObject({ state: 'COMPLETED', endpoints: 250 });
    expect(await left()).toEqual([]);
    expect([await erasedOf(key, 'endpoints'), await erasedOf(key, 'events of endpoints')]).toEqual([250, 5_000]);
    const { rows } = await sql`
      select from erasure_pieces where request_id = ${key.id} and sealed_subject is not null`.execute(database.query);
    expect(rows).toEqual([]);
  });

  it('two who run the same request do it once', { timeout: 60_000 }, async () => {
    const key = await engine.request(project, ids);
    const parts = engine.with({});
    await Promise.all([run(parts, key), run(parts, key)]).catch((error: unknown) => {
      expect(error).toBeInstanceOf(ErasureIncomplete);
    });
    await run(parts, key);
    expect(await stored(key)).toMatchObject({ state: 'COMPLETED' });
    expect(await erasedOf(key, 'endpoints')).toBe(250);
    expect(await left()).toEqual([]);
  });

  /** As if the process were killed at that step: the transaction under way is rolled back. */
  function failingAfter(parts: ErasureParts, steps: number): ErasureParts {
    let taken = 0;
    const step = () => {
      taken += 1;
      if (taken > steps) throw new Error('killed');
    };
    const killed: ErasureParts['database'] = {
      ...database,
      query: database.query,
      keyedQuery: database.keyedQuery,
      transaction: (work, options) =>
        database.transaction(async (tx) => {
          const result = await work(tx);
          step();
          return result;
        }, options),
      keyedTransaction: (work, options) =>
        database.keyedTransaction(async (tx) => {
          const result = await work(tx);
          step();
          return result;
        }, options),
    };
    return { ...parts, database: killed };
  }
});

describe('E24: files', () => {
  it('are gone through once for all pieces of all requests of a project that wait', async () => {
    const passes: number[][] = [];
    const forget: FileLocation['forget'] = async (requests, _signal, erased) => {
      passes.push(requests.map((subjects) => subjects.flatMap(({ endpoints }) => endpoints).length));
      await erased(1, 3);
      return { skipped: [] };
    };
    let writing = true;
    const parts = engine.with({ files: [files({ forget, isBeingWritten: async () => writing })] });
    const keys = [await engine.request(project, ids.slice(0, 240)), await engine.request(project, ids.slice(240))];
    for (const key of keys) await runErasure(parts, key, signal);
    expect(await left()).toEqual([]);
    // While files are being written, nobody is kept waiting: it is too early, and said so.
    expect(await finishErasures(parts, project.projectNumber, signal)).toBe(false);
    expect(passes).toEqual([]);
    writing = false;
    expect(await finishErasures(parts, project.projectNumber, signal)).toBe(true);
    expect(passes).toEqual([[240, 10]]);
    for (const key of keys) expect(await stored(key)).toMatchObject({ state: 'COMPLETED' });
    expect(await Promise.all(keys.map((key) => erasedOf(key, 'scripted files')))).toEqual([0, 3]);
  });
});

describe('E24: somebody with 100,000 rows', () => {
  it('goes in bounded steps, and others with them', { timeout: 120_000 }, async () => {
    const [id = ''] = ids;
    await sql`
      insert into events (project_number, bucket, arrived_at, type, occurred_at, endpoint_id, envelope)
      select project_number, bucket, now(), 'seen', now(), id, '{}' from endpoints, generate_series(1, 100000)
      where project_number = ${project.projectNumber} and id = ${id}`.execute(await withToday());
    const steps: number[] = [];
    const { locations } = engine.parts;
    const rows = locations.rows.map((location): Location => {
      if (location.name !== 'events of endpoints') return location;
      return {
        ...location,
        async forget(...step) {
          const gone = await location.forget(...step);
          steps.push(gone);
          return gone;
        },
      };
    });
    const key = await engine.request(project, [id]);
    await runErasure({ ...engine.parts, locations: { rows, files: [] } }, key, signal);
    expect(await stored(key)).toMatchObject({ state: 'COMPLETED' });
    expect(await erasedOf(key, 'events of endpoints')).toBe(100_000);
    expect(Math.max(...steps)).toBeLessThanOrEqual(1_000);
  });
});

describe('E25: who was not active for long', () => {
  it('and came back before their turn is left alone', async () => {
    const [back = '', gone = ''] = ids;
    const inactive = (id: string, days: number) =>
      sql`update endpoint_facets set last_active_at = now() - ${days}::int * interval '1 day'
          where project_number = ${project.projectNumber} and id = ${id}`.execute(database.query);
    await inactive(back, 100);
    await inactive(gone, 100);
    const rule = { dataClass: 'INACTIVE_ENDPOINTS' as const, days: 90, lastModifiedAt: new Date() };
    await database.transaction((tx) => writeRule(tx, project.projectNumber, rule));
    await runRetention(engine.parts, signal);
    const { rows } = await sql<{ id: string; endpoints: number }>`
      select id, endpoints from erasure_requests where project_number = ${project.projectNumber}`.execute(
      database.query,
    );
    expect(rows).toMatchObject([{ endpoints: 2 }]);
    await inactive(back, 0);
    const key = { projectNumber: project.projectNumber, id: rows[0]?.id as string };
    await runErasure(engine.with({}), key, signal);
    expect(await stored(key)).toMatchObject({ state: 'COMPLETED' });
    expect(await tablesWith(database, `"${gone}"`)).toEqual([]);
    const { rows: kept } = await sql<{ id: string }>`
      select id from endpoints where project_number = ${project.projectNumber} and id = any (${[back, gone]}::text[])`.execute(
      database.query,
    );
    expect(kept).toEqual([{ id: back }]);
    await database.transaction((tx) => deleteRule(tx, project.projectNumber, 'INACTIVE_ENDPOINTS'));
  });
});

describe('E17: the search afterwards', () => {
  it('must find nothing: what it finds is taken out, and what stays keeps the request open', async () => {
    let rows = 3;
    const stubborn = place({
      find: async () => rows,
      forget: async () => 0,
    });
    const parts = engine.with({ rows: [stubborn] });
    const key = await engine.request(project, ids.slice(0, 3));
    await expect(run(parts, key)).rejects.toThrow(ErasureIncomplete);
    expect(await stored(key)).toMatchObject({ state: 'ERASING', endedAt: null });
    const counts: LocationCounts[] = await listCounts(database.query, key);
    expect(counts.find(({ location }) => location === 'scripted')?.leftOver).toBeGreaterThan(0);
    rows = 0;
    await run(parts, key);
    expect(await stored(key)).toMatchObject({ state: 'COMPLETED' });
  });
});

describe('hooks', () => {
  it('are told in the transaction of the acceptance, which does not happen without them', async () => {
    const key = await engine.request(project, ids.slice(0, 3));
    const told: unknown[] = [];
    const broken = engine.with({
      hooks: [
        {
          async accepting() {
            throw new Error('the ledger is away');
          },
        },
      ],
    });
    const before = await left();
    await expect(run(broken, key)).rejects.toThrow('ledger');
    expect(await left()).toEqual(before);
    const parts = engine.with({
      hooks: [
        {
          async accepting(_tx, { subject }) {
            told.push(subject.endpoints.length);
          },
          async ended(_tx, request) {
            told.push(request.state);
          },
        },
      ],
    });
    await run(parts, key);
    expect(told).toEqual([3, 'COMPLETED']);
  });
});

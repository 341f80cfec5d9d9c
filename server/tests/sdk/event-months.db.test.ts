/**
 * Days of events that become months: nothing is lost, doubled or sent again, whatever is removed, changed or added
 * meanwhile, and whoever is killed.
 */
import { sql } from 'kysely';
import { beforeEach, expect, it, vi } from 'vitest';
import { listTimePartitions } from '../../src/database/index.ts';
import { eventJobs } from '../../src/domains/events/index.ts';
import { mergeMonths } from '../../src/domains/events/months.ts';
import type { EventProject } from '../../src/domains/events/record.ts';
import { readPending } from '../../src/domains/events/streams/pending.ts';
import { resetAfterRestore } from '../../src/domains/events/streams/restored.ts';
import { ManualClock } from '../../src/kernel/clock.ts';
import { happened, newProject, openLog } from '../support/event-source.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const { database } = server;
const { query } = database;
const log = openLog(database);
const day = 24 * 3600 * 1000;
const { signal } = new AbortController();

let project: EventProject;
let now = new Date('2031-07-15T08:00:00Z');
beforeEach(async () => {
  project = await newProject(server);
  for (const { name } of await listTimePartitions(query, 'events'))
    await sql`drop table ${sql.id(name)}`.execute(query);
  // Years apart, so that no test meets a partition that this process knows of another one.
  now = new Date(now.getTime() + 731 * day);
});

/** The first day of the month that has just become old. */
const monthBegin = () => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 4));
const monthName = () => `events_${monthBegin().toISOString().slice(0, 7).replace('-', '')}`;
const dayName = (number: number) =>
  `events_${new Date(monthBegin().getTime() + number * day).toISOString().slice(0, 10).replaceAll('-', '')}`;

/** @param count of each day */
const fill = (days: readonly number[], count = 3, endpointId = 'ana') =>
  database.transaction((tx) =>
    log.append(
      tx,
      days.flatMap((number) =>
        Array.from({ length: count }, (_, index) =>
          happened(project, endpointId, number * 1000 + index, new Date(monthBegin().getTime() + number * day + index)),
        ),
      ),
    ),
  );
const merge = (keptDays = Number.POSITIVE_INFINITY) => mergeMonths(database, now, keptDays, signal);

const rowsOf = async () => {
  const { rows } = await sql`
    select n, endpoint, transaction, sequence, arrived_at from (
      select (attributes ->> 'n')::int as n, endpoint_id as endpoint, transaction_id::text as transaction,
             sequence, arrived_at
      from events where project_number = ${project.number}
    ) as all_of_them order by n, sequence`.execute(query);
  return rows;
};
const partitions = async () => {
  const { rows } = await sql<{ name: string }>`
    select name from time_partitions('events')
    where begins >= ${monthBegin()} and begins < ${new Date(monthBegin().getTime() + 31 * day)} order by begins`.execute(
    query,
  );
  return rows.map(({ name }) => name);
};
const tables = async (name: string) => {
  const { rows } = await sql`select from pg_class where relname = ${name}`.execute(query);
  return rows.length;
};
const merging = async () => (await sql`select from event_merges`.execute(query)).rows.length;

it('makes one partition of a month that is old, with every row as it was', async () => {
  await fill([0, 1, 17, 30]);
  await fill([120]); // Younger.
  const before = await rowsOf();
  expect(await partitions()).toHaveLength(4);
  expect(await merge()).toEqual([monthName()]);
  expect(await partitions()).toEqual([monthName()]);
  expect(await rowsOf()).toEqual(before);
  expect(await merge()).toEqual([]);
  const { rows } = await sql<{ indexes: number; triggers: number }>`
    select count(*)::int as indexes, (select count(*)::int from pg_trigger where tgname = 'follow_merge') as triggers
    from pg_inherits join pg_index on indexrelid = inhrelid where indrelid = to_regclass(${monthName()})`.execute(
    query,
  );
  expect(rows).toEqual([{ indexes: 3, triggers: 0 }]);
});

it('leaves young months, and what is dropped soon', async () => {
  await fill([2]);
  expect(await mergeMonths(database, new Date(monthBegin().getTime() + 120 * day), 400, signal)).toEqual([]);
  expect(await merge(120)).toEqual([]);
  expect(await merge(121)).toEqual([monthName()]);
});

it('takes rows of a day that comes late into the month', async () => {
  await fill([3]);
  await merge();
  await fill([3, 4], 1);
  expect(await partitions()).toEqual([monthName()]);
  expect(await rowsOf()).toHaveLength(5);
});

it('is dropped when all of it is over, and what projects do not keep goes before', async () => {
  const keep = (RetentionDays: number) =>
    sql`
      insert into event_settings (project_number, deduplicate, retention_days) values (${project.number}, false, ${RetentionDays})
      on conflict (project_number) do update set retention_days = ${RetentionDays}`.execute(query);
  await keep(200);
  await fill([0, 1, 20]);
  await merge(400);
  const at = (number: number, kept: number) =>
    eventJobs({
      ...{ database, eventRetentionDays: 30 },
      clock: new ManualClock(new Date(monthBegin().getTime() + (number + kept) * day + day / 2)),
    })[1]?.run({}, { id: '1', attempt: 1, signal });
  await at(1, 200);
  expect((await rowsOf()).map((row) => (row as { n: number }).n)).toEqual([1000, 1001, 1002, 20_000, 20_001, 20_002]);
  await at(21, 200);
  expect([await rowsOf(), await partitions()]).toEqual([[], [monthName()]]);
  await at(31, 200);
  expect(await partitions()).toEqual([]);
  await sql`delete from event_settings where project_number = ${project.number}`.execute(query);
});

/** Stops a merge before it takes the place of the days, for what happens in between. */
async function whileMerging(work: () => Promise<void>): Promise<string[]> {
  let merged: Promise<string[]> | undefined;
  await database.transaction(async (tx) => {
    // Whoever makes partitions: the last step waits for it.
    await sql`select pg_advisory_xact_lock(hashtextextended('partitions of events', 0))`.execute(tx);
    // Leaves no snapshot behind, which whoever makes an index concurrently would wait for.
    await sql`set local lock_timeout = 0`.execute(tx);
    merged = merge();
    merged.catch(() => undefined);
    await expect
      .poll(
        async () => {
          const { rows } = await sql`
            select from pg_stat_activity where wait_event_type = 'Lock' and wait_event = 'advisory'
              and datname = current_database()`.execute(query);
          return rows.length;
        },
        { timeout: 20_000, interval: 10 },
      )
      .toBe(1);
    await work();
  });
  return merged ?? [];
}

it('follows what is removed and changed after it was copied', async () => {
  await fill([0, 1]);
  await fill([0, 1], 2, 'ben');
  const made = await whileMerging(async () => {
    await sql`delete from events where project_number = ${project.number} and endpoint_id = 'ana'`.execute(query);
    await sql`
      update events set endpoint_id = null, attributes = jsonb_set(attributes, '{n}', '"7"')
      where project_number = ${project.number} and (attributes ->> 'n')::int = 1000`.execute(query);
  });
  expect(made).toEqual([monthName()]);
  const rows = await rowsOf();
  expect(rows.map((row) => [(row as { n: number }).n, (row as { endpoint: string | null }).endpoint])).toEqual([
    [0, 'ben'],
    [1, 'ben'],
    [7, null],
    [1001, 'ben'],
  ]);
});

it('begins anew another time when rows were added, or moved in their stream', async () => {
  await fill([0, 1]);
  expect(await whileMerging(() => fill([1], 1, 'late'))).toEqual([]);
  expect([await merging(), await tables(monthName()), await tables(dayName(0))]).toEqual([0, 0, 1]);
  const move = sql`
    update events set transaction_id = pg_current_xact_id(), sequence = nextval('event_sequence')
    where project_number = ${project.number} and endpoint_id = 'late'`;
  expect(await whileMerging(async () => void (await move.execute(query)))).toEqual([]);
  const before = await rowsOf();
  expect(await merge()).toEqual([monthName()]);
  expect(await rowsOf()).toEqual(before);
});

it('leaves the days when it is stopped or killed, and the next run makes the month', async () => {
  await fill([0, 1]);
  const before = await rowsOf();
  const stopping = AbortSignal.abort(new Error('stop'));
  await expect(mergeMonths(database, now, 400, stopping)).rejects.toThrow('stop');
  expect([await merging(), await tables(monthName())]).toEqual([0, 0]);
  // What a killed run leaves behind.
  const [begins, ends] = [monthBegin(), new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 3))];
  await sql`insert into event_merges values (${monthName()}, ${begins}, ${ends}, array[${dayName(0)}, 'events_gone'])`.execute(
    query,
  );
  await sql`create table ${sql.id(monthName())} (like events including defaults)`.execute(query);
  await sql`
    create trigger follow_merge after insert or update or delete on ${sql.id(dayName(0))}
    for each row execute function follow_event_merge(${sql.lit(monthName())})`.execute(query);
  expect(await merge()).toEqual([monthName()]);
  expect([await rowsOf(), await merging()]).toEqual([before, 0]);
});

it('is done by one run at a time', async () => {
  await fill([0]);
  const made = await Promise.all([merge(), merge(), merge()]);
  expect(made.flat()).toEqual([monthName()]);
});

it('gives streams the same rows in the same order, before and after', async () => {
  const begin = { transaction: '0', sequence: 0, fence: 0 };
  await fill([5, 0, 9], 4);
  await fill([1], 4, 'ben');
  // Not before transactions of other databases of the cluster have ended: they count as one with ours.
  const before = await vi.waitFor(
    async () => {
      const pending = await readPending(database, project.number, begin, 100);
      expect(pending).toHaveLength(16);
      return pending;
    },
    { timeout: 20_000, interval: 20 },
  );
  await merge();
  expect(await readPending(database, project.number, begin, 100)).toEqual(before);
  const { transaction, sequence } = before[6] as (typeof before)[number];
  const rest = await readPending(database, project.number, { transaction, sequence, fence: 0 }, 100);
  expect(rest).toEqual(before.slice(7));
  expect(await database.transaction((tx) => resetAfterRestore(tx, project.number))).toBe(false);
});

it('waits for nobody who reads for long without letting others through', async () => {
  await fill([0]);
  let merged: Promise<string[]> | undefined;
  await database.transaction(async (tx) => {
    await sql`select count(*) from events`.execute(tx);
    await sql`set local lock_timeout = 0`.execute(tx);
    merged = merge();
    merged.catch(() => undefined);
    await expect
      .poll(async () => (await sql`select from pg_class where relname = ${monthName()}`.execute(query)).rows.length, {
        timeout: 20_000,
      })
      .toBe(1);
    for (let times = 0; times < 20; times += 1) {
      const begun = performance.now();
      await fill([150], 1);
      expect(performance.now() - begun).toBeLessThan(3_000);
    }
  });
  expect(await merged).toEqual([monthName()]);
});

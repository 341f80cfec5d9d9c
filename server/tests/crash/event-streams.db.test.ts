/**
 * Who reads streams may be killed, and may be many: nothing is lost, nobody reads what another does, and what arrives twice
 * is what was under way. A destination that fails for a day, and a clock that the test moves.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PutEventStreamCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Notifications } from '../../src/database/index.ts';
import { StreamReaders } from '../../src/domains/events/index.ts';
import type { EventProject } from '../../src/domains/events/record.ts';
import { type Clock, ManualClock, systemClock } from '../../src/kernel/clock.ts';
import { MasterKey } from '../../src/kernel/master-key.ts';
import { openObjectStore } from '../../src/object-store/index.ts';
import { OutgoingHttp } from '../../src/outgoing/http.ts';
import { OutgoingNetworks } from '../../src/outgoing/networks.ts';
import { expectInOrder, happened, newProject, openLog, soon } from '../support/event-source.ts';
import { startKinesisServer } from '../support/kinesis-server.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { startTestServer } from '../support/test-server.ts';

const kills = Number(process.env['REPOINT_TEST_KILLS'] ?? 3);
const eventsBetweenKills = 600;
const kinesis = await startKinesisServer();
const { way } = kinesis;
const testDatabase = await openTestDatabase();
const { connection, logger } = testDatabase;
const deployment = { testDatabase, masterKey: new MasterKey(randomBytes(32)) };
// Readers are processes and services of their own.
const server = await startTestServer({ deployment, environment: { REPOINT_ROLES: 'api' } });
const { database } = server;
const log = openLog(database);

let project: EventProject;
let stream = '';
let streams = 0;
const ending: (() => Promise<void>)[] = [];
beforeEach(async () => {
  Object.assign(way, { closed: false, delayMilliseconds: 0 });
  streams += 1;
  stream = `stream-${streams}`;
  project = await newProject(server);
  const DestinationStreamArn = await kinesis.create(stream);
  const WriteEventStream = { DestinationStreamArn, RoleArn: 'arn:aws:iam::123456789012:role/events' };
  await server.client().send(new PutEventStreamCommand({ ApplicationId: project.id, WriteEventStream }));
});
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
  await sql`delete from event_streams`.execute(database.query);
  await sql`delete from work_ranges`.execute(database.query);
});

const appendMany = async (first: number, count: number, now?: Date) => {
  for (let start = first; start < first + count; start += 100) {
    const numbers = Array.from({ length: Math.min(100, first + count - start) }, (_, index) => start + index);
    await database.transaction((tx) =>
      log.append(
        tx,
        numbers.map((n) => happened(project, `ep-${n % 300}`, n, now)),
      ),
    );
  }
};
const arrived = async () => (await kinesis.read(stream)).map(({ record }) => record);
const distinct = (records: Awaited<ReturnType<typeof arrived>>) =>
  new Set(records.flatMap(({ attributes }) => (attributes['n'] === undefined ? [] : [attributes['n']])));
const figures = async () => {
  const { rows } = await sql<{ sent: number; dropped: number; failing: boolean }>`
    select sent_records as sent, dropped_records as dropped, failing_since is not null as failing
    from event_streams where project_number = ${project.number}`.execute(database.query);
  return rows[0];
};
/** What passing time does to the lease of who was killed. */
const letLeaseRunOut = () =>
  sql`update work_ranges set lease_until = clock_timestamp() where kind = 'event stream'`.execute(database.query);

function startProcess(nodeId: string): ChildProcess {
  const words = [resolve(import.meta.dirname, '../support/stream-process.ts'), connection.url, nodeId];
  return spawn(process.execPath, words, { stdio: ['ignore', 'inherit', 'inherit'] });
}

async function startReaders(nodeId: string, clock: Clock = systemClock): Promise<StreamReaders> {
  const notifications = new Notifications(connection, logger);
  const networks = new OutgoingNetworks([]);
  const http = new OutgoingHttp(networks);
  const s3 = { endpoint: undefined, region: 'us-east-1' };
  const objectStore = openObjectStore({ objectStore: 'local', dataDirectory: server.dataDirectory, s3 });
  const parts = { database, notifications, logger, nodeId, networks, clock, http, objectStore };
  const readers = new StreamReaders({ ...parts, masterKey: deployment.masterKey });
  await notifications.run();
  await readers.run();
  ending.push(async () => {
    await readers.drain();
    await notifications.stop();
    await http.close();
  });
  return readers;
}

it(`loses nothing when its reader is killed ${kills} times`, { timeout: 300_000 }, async () => {
  const before = 2_000;
  const events = before + kills * eventsBetweenKills;
  way.delayMilliseconds = 20;
  await appendMany(0, before);
  for (let kill = 0; kill < kills; kill += 1) {
    const sofar = (await arrived()).length;
    const child = startProcess(`killed-${kill}`);
    ending.push(async () => void child.kill('SIGKILL'));
    await soon(async () => expect((await arrived()).length).toBeGreaterThan(sofar), 60_000);
    await appendMany(before + kill * eventsBetweenKills, eventsBetweenKills);
    await pause(Math.random() * 100);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await letLeaseRunOut();
  }
  way.delayMilliseconds = 0;
  await startReaders('last');
  await soon(async () => expect((await figures())?.failing).toBe(false));
  await soon(async () => expect(distinct(await arrived()).size).toBe(events), 60_000);
  const records = await arrived();
  const duplicates = records.filter(({ event_type }) => event_type === 'test.event').length - events;
  console.log(`${events} events, ${kills} kills: 0 lost, ${duplicates} arrived twice`);
  expect(duplicates).toBeLessThanOrEqual(kills * 2_000);
  expectInOrder(records);
});

it('has one reader, however many nodes there are, and another when that one goes', { timeout: 120_000 }, async () => {
  const nodes = [await startReaders('node a'), await startReaders('node b'), await startReaders('node c')];
  const holder = async () => {
    const { rows } = await sql<{ holder: string | null }>`
      select holder from work_ranges where work_id = ${String(project.number)}`.execute(database.query);
    return rows[0]?.holder;
  };
  await soon(async () => expect(await holder()).toMatch(/^node/));
  const first = await holder();
  await appendMany(0, 1_000);
  await soon(async () => expect(await arrived()).toHaveLength(1_001));
  await nodes[['node a', 'node b', 'node c'].indexOf(first ?? '')]?.drain();
  await appendMany(1_000, 1_000);
  await soon(async () => expect(await arrived()).toHaveLength(2_001));
  expect(await holder()).not.toBe(first);
  await pause(1_000);
  expect(await arrived()).toHaveLength(2_001);
  expectInOrder(await arrived());
});

it('a destination that fails for a day loses what is older than a day, and is told so', {
  timeout: 120_000,
}, async () => {
  const clock = new ManualClock(new Date());
  way.closed = true;
  await appendMany(0, 3_000, clock.now());
  await startReaders('patient', clock);
  await soon(async () => expect(await figures()).toEqual({ sent: 0, dropped: 0, failing: true }));
  clock.advance(23 * 3600 * 1000);
  await appendMany(3_000, 500, clock.now());
  await pause(1_500);
  expect(await figures()).toMatchObject({ dropped: 0 });
  clock.advance(2 * 3600 * 1000);
  await soon(async () => expect(await figures()).toEqual({ sent: 0, dropped: 3_001, failing: true }), 60_000);
  way.closed = false;
  await soon(async () => expect(await figures()).toEqual({ sent: 500, dropped: 3_001, failing: false }), 80_000);
  expect(distinct(await arrived()).size).toBe(500);
});

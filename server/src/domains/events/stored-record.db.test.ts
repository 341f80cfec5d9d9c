/** Records stored in parts and put together again, by the server, by the database, and from rows of before there were parts. */
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, dropTestDatabase } from '../../../tests/support/test-database.ts';
import { type Database, type DatabaseConnection, migrate, openDatabase } from '../../database/index.ts';
import { createLogger } from '../../kernel/logger.ts';
import { EventLog } from './append.ts';
import type { EventRecord } from './record.ts';
import { recordColumns } from './store.ts';
import { recordText, type StoredRecord } from './stored-record.ts';

const logger = createLogger('silent');
let connection: DatabaseConnection;
let database: Database;

beforeAll(async () => {
  connection = await createTestDatabase('empty');
  await migrate({ connection, logger, through: '0031_counts_by_channel' });
  database = await openDatabase({ connection, logger, poolSize: 2 });
});

afterAll(async () => {
  await database.close();
  await dropTestDatabase(connection);
});

const arrived = Date.UTC(2026, 10, 27, 12);
const text = fc.string({ unit: 'grapheme' }).filter((made) => !made.includes('\0') && made.isWellFormed());
const names = text.filter((name) => name !== '__proto__');
const record: fc.Arbitrary<EventRecord> = fc.record(
  {
    event_type: text,
    event_timestamp: fc.integer(),
    arrival_timestamp: fc.constant(arrived),
    event_version: fc.constant('3.1' as const),
    application: fc.record({ app_id: text, sdk: fc.constant({}) }),
    client: fc.record({ client_id: text }),
    device: fc.record({ platform: fc.record({ name: text }) }),
    session: fc.record({ session_id: text }),
    attributes: fc.dictionary(names, text),
    metrics: fc.dictionary(
      names,
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((x) => x + 0),
    ),
    client_context: fc.oneof(
      fc.record({ custom: fc.record({ endpoint: fc.dictionary(names, text).map((shown) => JSON.stringify(shown)) }) }),
      fc.record({ custom: fc.record({ legacy_identifier: text }) }),
    ),
    facets: fc.constant({ email_channel: { mail_event: { mail: { destination: ['ana@example.net'] } } } }),
    awsAccountId: fc.constant('000000000000'),
  },
  {
    noNullPrototype: true,
    requiredKeys: [
      ...(['event_type', 'event_timestamp', 'arrival_timestamp', 'event_version', 'application', 'client'] as const),
      ...(['device', 'session', 'attributes', 'awsAccountId'] as const),
    ],
  },
);
const records = fc.sample(record, { numRuns: 300, seed: 12 });

async function storedRecords(projectNumber: number) {
  const { rows } = await sql<StoredRecord & { whole: unknown }>`
    select ${recordColumns}, event_record(events) as whole from events
    where project_number = ${projectNumber} order by sequence`.execute(database.query);
  return rows;
}

/** As JSON has it: without what is undefined. */
const wire = (value: unknown) => JSON.parse(JSON.stringify(value));

test('rows of before have the same records afterwards', async () => {
  await sql`select make_time_partition('events', 'events_20261127', '2026-11-27 00:00Z', '2026-11-28 00:00Z', 100)`.execute(
    database.query,
  );
  // A month that is being filled when the server is replaced by a newer one.
  await sql`create table events_202611 (like events)`.execute(database.query);
  await sql`insert into event_merges values ('events_202611', '2026-11-01', '2026-12-01', '{events_20261127}')`.execute(
    database.query,
  );
  await sql`create trigger follow_merge after insert or update or delete on events_20261127
    for each row execute function follow_event_merge('events_202611')`.execute(database.query);
  for (const each of records) {
    await sql`
      insert into events (project_number, bucket, arrived_at, type, occurred_at, record)
      values (1, 1, ${new Date(arrived)}, 'x', now(), ${JSON.stringify(each)}::jsonb)`.execute(database.query);
  }
  // Whoever writes has the table first and a day of it afterwards, which the migration must not have taken meanwhile.
  const migrated = await database.transaction(async (tx) => {
    await sql`lock table only events in row exclusive mode`.execute(tx);
    const migrating = migrate({ connection, logger });
    await pause(300);
    await sql`update events set type = 'y' where project_number = 1`.execute(tx);
    return { migrating };
  });
  await migrated.migrating;
  const rows = await storedRecords(1);
  expect(rows.map((row) => JSON.parse(recordText(row)))).toEqual(wire(records));
  expect(rows.map(({ whole }) => whole)).toEqual(wire(records));
  const { rows: merges } = await sql`
    select month from event_merges union all select tgname from pg_trigger where tgname = 'follow_merge'
    union all select relname from pg_class where relname = 'events_202611'`.execute(database.query);
  expect(merges).toEqual([]);
});

test('what is appended is read as it was', async () => {
  const log = new EventLog([]);
  await database.keyedTransaction((tx) =>
    log.append(
      tx,
      records.map((each) => ({ projectNumber: 2, endpointId: 'ana', record: each })),
    ),
  );
  const rows = await storedRecords(2);
  expect(rows.map((row) => JSON.parse(recordText(row)))).toEqual(wire(records));
  expect(rows.map(({ whole }) => whole)).toEqual(wire(records));
});

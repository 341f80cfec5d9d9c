/** A project full of people and of what they did, written by PostgreSQL itself: as many as nobody wants to wait for. */
import type pg from 'pg';
import { type DatabaseConnection, openDatabase } from '../server/src/database/index.ts';
import { requireDays } from '../server/src/domains/events/index.ts';
import { createLogger } from '../server/src/kernel/logger.ts';

const days = 10;

/** Where their events go. */
export async function makeDays(connection: DatabaseConnection): Promise<void> {
  const database = await openDatabase({ connection, logger: createLogger('warn') });
  try {
    const now = Date.now();
    const dates = Array.from({ length: days }, (_, day) => new Date(now - day * 24 * 3_600_000));
    await database.transaction((tx) => requireDays(tx, dates));
  } finally {
    await database.close();
  }
}

/** Endpoints `e1`, `e2` …, each with a user and facets, and with events on each of ten days in turn. */
export async function fillProject(
  database: pg.Client,
  projectId: string,
  { endpoints, eventsEach }: { readonly endpoints: number; readonly eventsEach: number },
): Promise<void> {
  const people = `from projects, generate_series(1, ${endpoints}) as n where projects.id = '${projectId}'`;
  for (const statement of [
    `insert into endpoints (project_number, bucket, id, channel_type, address, address_key, opt_out, status, cohort, user_id,
       user_bucket, attributes, metrics, demographic, location, user_attributes, created_at, effective_at, request_id)
     select number, bucket_of('e' || n), 'e' || n, 'EMAIL', n || '@example.com', n * 1000003::bigint, 'NONE', 'ACTIVE', n % 100,
       'u' || n, bucket_of('u' || n), jsonb_build_object('team', jsonb_build_array('t' || n % 100)), '{}', '{}', '{}', '{}', now(),
       now(), 'bench' ${people}`,
    `insert into endpoint_facets (project_number, bucket, id, eligible, tokens, last_active_at)
     select number, bucket_of('e' || n), 'e' || n, true, array[n % 100, 7], now() ${people}`,
    `insert into audience_users (project_number, bucket, user_id, attributes, endpoint_ids)
     select number, bucket_of('u' || n), 'u' || n, '{}', array['e' || n] ${people}`,
    `insert into events (project_number, bucket, arrived_at, type, occurred_at, endpoint_id, generation, envelope)
     select project_number, bucket, date_trunc('day', now(), 'UTC') - (each % ${days}) * interval '1 day', 'seen', now(), endpoints.id,
       generation, json_build_object('event_type', 'seen', 'client', json_build_object('client_id', endpoints.id))::text
     from endpoints join projects on number = project_number, generate_series(1, ${eventsEach}) as each
     where projects.id = '${projectId}'`,
  ]) {
    await database.query(statement);
  }
  // What a database that has run for a while has behind it: here it would come while the first figures are measured.
  await database.query('vacuum (analyze) endpoints, endpoint_facets, audience_users, events');
  await database.query('checkpoint');
}

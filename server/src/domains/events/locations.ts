/** Where events hold people: the log, by endpoint, and by address where a message went to no endpoint. */
import { sql } from 'kysely';
import {
  type Aged,
  agedRows,
  eitherOf,
  endpointIds,
  isOfSubject,
  type Location,
  type RowsOf,
  rowsOf,
  type Subject,
  subjectBuckets,
} from '../../database/index.ts';
import { addressBucket } from '../../kernel/address.ts';

const columns = sql`type, occurred_at, arrived_at, endpoint_id, event_record(events) as record`;

/** By their time, whoever they are of. */
const agedEvents = agedRows(
  'EVENTS',
  'events',
  ['arrived_at', 'sequence'],
  ({ projectNumber }, before) => sql`project_number = ${projectNumber} and arrived_at < ${before}`,
);

/** Two locations, for either goes by an index of its own. */
export const eventLocations: readonly Location[] = [
  eventRows(
    'events of endpoints',
    (subject) =>
      eitherOf([
        subject.endpoints.length > 0 &&
          sql`project_number = ${subject.projectNumber} and bucket = ${subjectBuckets(subject.endpoints)}
            and endpoint_id = ${endpointIds(subject)} and ${isMeant(subject)}`,
      ]),
    agedEvents,
  ),
  eventRows('events of addresses', (subject) =>
    eitherOf([
      subject.addresses.length > 0 &&
        sql`project_number = ${subject.projectNumber}
            and bucket = any (${subject.addresses.map(({ key }) => addressBucket(key))}::int[])
            and address_key = any (${subject.addresses.map(({ key }) => key)}::bigint[]) and endpoint_id is null
            and ${isMeant(subject)}`,
    ]),
  ),
];

function eventRows(name: string, where: RowsOf['where'], aged?: Aged): Location {
  return {
    ...(aged && { aged }),
    ...rowsOf({ name, table: 'events', goes: 'in steps', key: ['arrived_at', 'sequence'], where, columns }),
    async anonymise(tx, subject, limit) {
      const condition = where(subject);
      if (condition === undefined) return 0;
      const { numAffectedRows } = await sql`
        update events set endpoint_id = null, generation = null, address_key = null, envelope = ${anonymousEnvelope}::text,
          attributes = null, endpoint = null
        where ${condition} and (arrived_at, sequence) in (
          select arrived_at, sequence from events where ${condition} limit ${limit}::int)`.execute(tx);
      return Number(numAffectedRows ?? 0n);
    },
  };
}

/**
 * What happened, when, in which app and on which platform, with its figures. No id of anybody or of a session, no attribute,
 * address or place, and nothing that two events of one person would have in common.
 */
const anonymousEnvelope = sql`(
  select jsonb_strip_nulls(jsonb_build_object(
      'event_type', event_type, 'event_timestamp', event_timestamp, 'arrival_timestamp', arrival_timestamp,
      'event_version', event_version, 'application', jsonb_build_object('app_id', application -> 'app_id', 'sdk', '{}'::jsonb),
      'device', jsonb_build_object('platform', jsonb_build_object('name', device #> '{platform,name}')),
      'awsAccountId', "awsAccountId"))
    || '{"client": {"client_id": "anonymous"}, "session": {}}'
  from jsonb_to_record(events.envelope::jsonb) as told (
    event_type jsonb, event_timestamp jsonb, arrival_timestamp jsonb, event_version jsonb, application jsonb, device jsonb,
    "awsAccountId" jsonb))`;

function isMeant(subject: Subject) {
  return isOfSubject(subject, sql`generation`, sql`arrived_at`);
}

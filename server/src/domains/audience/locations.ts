/** Where the audience holds people: endpoints with all that is derived from them, and users. */
import { sql } from 'kysely';
import {
  countRows,
  endpointIds,
  type Location,
  readRows,
  type Subject,
  subjectBuckets,
  userIds,
} from '../../database/index.ts';
import { removeEndpoints } from './remove.ts';
import type { Tombstones } from './tombstones.ts';

export function audienceLocations(tombstones: Tombstones): readonly Location[] {
  return [
    {
      name: 'endpoints',
      isProfile: true,
      tables: ['endpoints', 'endpoint_facets', 'endpoint_addresses'],
      goes: 'at once',
      find: (query, subject) => countRows(query, sql`select from endpoints where ${isEndpointOf(subject)}`),
      async forget(tx, subject) {
        if (subject.endpoints.length === 0) return 0;
        const keys = subject.endpoints.map((key) => ({ ...key, projectNumber: subject.projectNumber }));
        const gone = await removeEndpoints(tx, tombstones, keys);
        return gone.length;
      },
      read: (tx, subject) => readRows(tx, sql`select ${profile} from endpoints where ${isEndpointOf(subject)}`),
    },
    {
      name: 'users',
      isProfile: true,
      tables: ['audience_users'],
      goes: 'at once',
      find: (query, subject) => countRows(query, sql`select from audience_users where ${isUserOf(subject)}`),
      // They are gone with the last of their endpoints; one that was left without any goes all the same.
      async forget(tx, subject) {
        const { numAffectedRows } = await sql`delete from audience_users where ${isUserOf(subject)}`.execute(tx);
        return Number(numAffectedRows ?? 0n);
      },
      read: (tx, subject) => readRows(tx, sql`select * from audience_users where ${isUserOf(subject)}`),
    },
  ];
}

/** What is known of somebody: neither keys that only indexes have, nor copies. */
const profile = sql`
  id, shown_id, generation, channel_type, address, opt_out, status, cohort, user_id, attributes, metrics, demographic, location,
  user_attributes, created_at, effective_at, request_id`;

function isEndpointOf(subject: Subject) {
  const { projectNumber, endpoints, through } = subject;
  return sql`project_number = ${projectNumber} and bucket = ${subjectBuckets(endpoints)} and id = ${endpointIds(subject)}
    and ${through === undefined ? sql`true` : sql`generation <= ${through.generation}::bigint`}`;
}

/** After acceptance, a user that an endpoint carries is one that was made anew. */
function isUserOf(subject: Subject) {
  const { projectNumber, users, through } = subject;
  const isCarried = sql`exists (
    select from unnest(audience_users.endpoint_ids) as own (id)
    join endpoints on endpoints.project_number = ${projectNumber} and endpoints.bucket = bucket_of(own.id)
      and endpoints.id = own.id)`;
  return sql`project_number = ${projectNumber} and bucket = ${subjectBuckets(users)} and user_id = ${userIds(subject)}
    and ${through === undefined ? sql`true` : sql`not ${isCarried}`}`;
}

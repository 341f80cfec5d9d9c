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
import { deleteUsersOf, removeEndpoints } from './remove.ts';
import type { Tombstones } from './tombstones.ts';

export function audienceLocations(tombstones: Tombstones): readonly Location[] {
  return [
    {
      name: 'endpoints',
      tables: ['endpoints', 'endpoint_facets', 'endpoint_addresses'],
      goes: 'at once',
      find: (query, subject) => countRows(query, sql`select from endpoints where ${isEndpointOf(subject)}`),
      async forget(tx, subject) {
        if (subject.endpoints.length === 0) return 0;
        const keys = subject.endpoints.map((key) => ({ ...key, projectNumber: subject.projectNumber }));
        const gone = await removeEndpoints(tx, tombstones, keys);
        return gone.length;
      },
      read: (tx, subject) => readRows(tx, sql`select * from endpoints where ${isEndpointOf(subject)}`),
    },
    {
      name: 'users',
      tables: ['audience_users'],
      goes: 'at once',
      find: (query, subject) => countRows(query, sql`select from audience_users where ${isUserOf(subject)}`),
      // Mostly gone with the last of the endpoints; one without any would be a fault, and goes all the same.
      forget: (tx, subject) => deleteUsersOf(tx, subject),
      read: (tx, subject) => readRows(tx, sql`select * from audience_users where ${isUserOf(subject)}`),
    },
  ];
}

function isEndpointOf(subject: Subject) {
  const { projectNumber, endpoints, through } = subject;
  return sql`project_number = ${projectNumber} and bucket = ${subjectBuckets(endpoints)} and id = ${endpointIds(subject)}
    and ${through === undefined ? sql`true` : sql`generation <= ${through.generation}::bigint`}`;
}

/** A user that another endpoint has made anew is another one. */
function isUserOf(subject: Subject) {
  const { projectNumber, users, endpoints } = subject;
  return sql`project_number = ${projectNumber} and bucket = ${subjectBuckets(users)} and user_id = ${userIds(subject)}
    and endpoint_ids <@ ${endpoints.map(({ id }) => id)}::text[]`;
}

/** Where events hold people: the log, by endpoint, and by address where a message went to no endpoint. */
import { sql } from 'kysely';
import {
  eitherOf,
  endpointIds,
  isOfSubject,
  type Location,
  rowsOf,
  type Subject,
  subjectBuckets,
} from '../../database/index.ts';
import { addressBucket } from '../../kernel/address.ts';

/** Two locations, for either goes by an index of its own. */
export const eventLocations: readonly Location[] = [
  rowsOf({
    name: 'events of endpoints',
    table: 'events',
    goes: 'in steps',
    key: ['arrived_at', 'sequence'],
    where: (subject) =>
      eitherOf([
        subject.endpoints.length > 0 &&
          sql`project_number = ${subject.projectNumber} and bucket = ${subjectBuckets(subject.endpoints)}
              and endpoint_id = ${endpointIds(subject)} and ${isMeant(subject)}`,
      ]),
  }),
  rowsOf({
    name: 'events of addresses',
    table: 'events',
    goes: 'in steps',
    key: ['arrived_at', 'sequence'],
    where: (subject) =>
      eitherOf([
        subject.addresses.length > 0 &&
          sql`project_number = ${subject.projectNumber}
              and bucket = any (${subject.addresses.map(({ key }) => addressBucket(key))}::int[])
              and address_key = any (${subject.addresses.map(({ key }) => key)}::bigint[]) and endpoint_id is null
              and ${isMeant(subject)}`,
      ]),
  }),
];

function isMeant(subject: Subject) {
  return isOfSubject(subject, sql`generation`, sql`arrived_at`);
}

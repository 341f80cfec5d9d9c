/** Where segments hold people: the lists of members of imported ones. */
import { type RawBuilder, sql } from 'kysely';
import { endpointIds, type Location, rowsOf, type Subject, subjectBuckets, userIds } from '../../database/index.ts';

export const segmentLocations: readonly Location[] = listLocations(
  'imported segments',
  (projectNumber) => sql`
    select membership from segment_versions where project_number = ${projectNumber} and membership is not null`,
);

/**
 * Lists of members, of endpoints and of users.
 * @param whose for receipts
 * @param memberships of a project
 */
export function listLocations(
  whose: string,
  memberships: (projectNumber: number) => RawBuilder<unknown>,
): readonly Location[] {
  const isListOf = ({ projectNumber }: Subject) => sql`membership = any (array(${memberships(projectNumber)}))`;
  return [
    rowsOf({
      name: `endpoints of ${whose}`,
      table: 'segment_endpoints',
      goes: 'at once',
      key: ['membership', 'bucket', 'endpoint_id'],
      where: (subject) =>
        subject.endpoints.length === 0
          ? undefined
          : sql`${isListOf(subject)} and bucket = ${subjectBuckets(subject.endpoints)}
                and endpoint_id = ${endpointIds(subject)}`,
    }),
    rowsOf({
      name: `users of ${whose}`,
      table: 'segment_users',
      goes: 'at once',
      key: ['membership', 'bucket', 'user_id'],
      where: (subject) =>
        subject.users.length === 0
          ? undefined
          : sql`${isListOf(subject)} and bucket = ${subjectBuckets(subject.users)} and user_id = ${userIds(subject)}`,
    }),
  ];
}

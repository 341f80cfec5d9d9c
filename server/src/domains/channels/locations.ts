/** Where channels hold people: messages in the outbox, by endpoint or by address. */
import { sql } from 'kysely';
import {
  agedRows,
  eitherOf,
  endpointIds,
  isOfSubject,
  type Location,
  rowsOf,
  subjectBuckets,
} from '../../database/index.ts';

const noGeneration = sql`null::bigint`;
const columns = sql`channel_type, address, endpoint_id, content, created_at, expires_at`;

/** Two locations, for either goes by an index of its own. */
export const channelLocations: readonly Location[] = [
  {
    ...rowsOf({
      name: 'outbox messages to endpoints',
      table: 'outbox_messages',
      goes: 'in steps',
      key: ['bucket', 'message_key'],
      columns,
      where: (subject) =>
        eitherOf([
          subject.endpoints.length > 0 &&
            sql`project_number = ${subject.projectNumber} and bucket = ${subjectBuckets(subject.endpoints)}
              and endpoint_id = ${endpointIds(subject)} and ${isOfSubject(subject, noGeneration, sql`created_at`)}`,
        ]),
    }),
    aged: agedRows(
      'OUTBOX_MESSAGES',
      'outbox_messages',
      ['bucket', 'message_key'],
      ({ projectNumber }, before) => sql`project_number = ${projectNumber} and created_at < ${before}`,
    ),
  },
  rowsOf({
    name: 'outbox messages to addresses',
    table: 'outbox_messages',
    goes: 'in steps',
    key: ['bucket', 'message_key'],
    columns,
    // Of messages to endpoints as well: what was sent to the address was sent to the person. Eight bytes of a hash tell
    // addresses apart; SQL folds no case.
    where: (subject) =>
      eitherOf([
        subject.addresses.length > 0 &&
          sql`project_number = ${subject.projectNumber}
              and address_key = any (${subject.addresses.map(({ key }) => key)}::bigint[])
              and ${isOfSubject(subject, noGeneration, sql`created_at`)}`,
      ]),
  }),
];

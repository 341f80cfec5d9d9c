/** Where campaigns hold people: caps of recipients, and events that a message waits for. */
import { sql } from 'kysely';
import { eitherOf, endpointIds, type Location, rowsOf, type Subject, subjectBuckets } from '../../database/index.ts';

export const campaignLocations: readonly Location[] = [
  rowsOf({
    name: 'recipients of campaigns',
    table: 'campaign_recipients',
    goes: 'at once',
    key: ['bucket', 'endpoint_id', 'campaign_id'],
    where: isEndpointOf,
  }),
  rowsOf({
    name: 'triggers of campaigns',
    table: 'campaign_triggers',
    goes: 'at once',
    key: ['bucket', 'endpoint_id', 'id'],
    where: isEndpointOf,
  }),
];

function isEndpointOf(subject: Subject) {
  return eitherOf([
    subject.endpoints.length > 0 &&
      sql`project_number = ${subject.projectNumber} and bucket = ${subjectBuckets(subject.endpoints)}
          and endpoint_id = ${endpointIds(subject)}`,
  ]);
}

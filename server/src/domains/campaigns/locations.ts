/** Where campaigns hold people: caps of recipients, addresses that a run has taken, and events that a message waits for. */
import { sql } from 'kysely';
import { eitherOf, endpointIds, type Location, rowsOf, type Subject, subjectBuckets } from '../../database/index.ts';
import { runAddressKeys } from './run/address-keys.ts';

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
  rowsOf({
    name: 'addresses taken by runs of campaigns',
    table: 'campaign_addresses',
    goes: 'at once',
    key: ['run_number', 'address_key'],
    // The key is a hash that says nothing to anybody, and does not fit JavaScript's numbers.
    columns: sql`run_number`,
    // Runs that have ended drop theirs by themselves.
    where: ({ projectNumber, addresses }) =>
      eitherOf([
        addresses.length > 0 &&
          sql`run_number in (select number from campaign_runs
                             where project_number = ${projectNumber} and state not in ('CANCELLED', 'COMPLETED'))
              and address_key = any (${addresses.flatMap(({ address }) => runAddressKeys(address))}::bigint[])`,
      ]),
  }),
];

function isEndpointOf(subject: Subject) {
  return eitherOf([
    subject.endpoints.length > 0 &&
      sql`project_number = ${subject.projectNumber} and bucket = ${subjectBuckets(subject.endpoints)}
          and endpoint_id = ${endpointIds(subject)}`,
  ]);
}

/** What campaigns hold of a person, as access requests and legal holds read it. */
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openEngine } from '../../../tests/support/erasure-parts.ts';
import { openTestDatabase } from '../../../tests/support/test-database.ts';
import type { LocatedRow, Subject } from '../../database/index.ts';
import { addressKey, addressSha256 } from '../../kernel/address.ts';
import { campaignLocations } from './locations.ts';
import { runAddressKey } from './run/address-keys.ts';

const testDatabase = await openTestDatabase();
const { database } = testDatabase;
const engine = await openEngine(testDatabase);

it('an address that a run has taken is read while the run is under way', async () => {
  const { accountId, projectNumber } = await engine.newProject();
  const address = 'somebody@example.com';
  const key = runAddressKey('EMAIL', address);
  expect(Number.isSafeInteger(Number(key))).toBe(false);
  await sql`
    insert into campaigns (project_number, id, version, name, definition, inherited, segment_id, segment_version, state,
      created_at, last_modified_at)
    values (${projectNumber}, 'c', 1, 'c', '{}', '{}', 's', 1, 'EXECUTING', now(), now())`.execute(database.query);
  const { rows } = await sql<{ number: number }>`
    insert into campaign_runs (project_number, id, campaign_id, campaign_version, treatment_id, kind, scheduled_start, state,
      plan)
    values (${projectNumber}, 'r', 'c', 1, '', 'SCHEDULED', now(), 'EXECUTING', '{}') returning number`.execute(
    database.query,
  );
  const number = rows[0]?.number;
  await sql`insert into campaign_addresses values (${number}, ${key}::bigint)`.execute(database.query);
  const subject: Subject = {
    ...{ accountId, projectNumber, endpoints: [], users: [], through: undefined },
    addresses: [{ key: addressKey(address), sha256: addressSha256(address), address }],
  };
  const location = campaignLocations.find(({ tables }) => tables.includes('campaign_addresses'));
  expect(await location?.find(database.query, subject)).toBe(1);
  const read: LocatedRow[] = [];
  await database.transaction(async (tx) => {
    for await (const row of location?.read(tx, subject) ?? []) read.push(row);
  });
  expect(read).toEqual([{ run_number: number }]);
});

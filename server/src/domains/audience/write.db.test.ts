/** Batches that meet each other, or a deletion, without a coalescer that would join them. */
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openTestDatabase } from '../../../tests/support/test-database.ts';
import { readChange } from './change.ts';
import { endpointKey } from './endpoint.ts';
import { IdentityHashes } from './identities.ts';
import { removeEndpoints } from './remove.ts';
import { RulesCache } from './rules.ts';
import { findEndpoints } from './store.ts';
import { Tombstones } from './tombstones.ts';
import { type WriteUnit, writeBatch } from './write.ts';

const { database } = await openTestDatabase();
const parts = {
  rules: new RulesCache(),
  tombstones: new Tombstones(Buffer.alloc(32)),
  identities: new IdentityHashes(Buffer.alloc(32)),
};
const projectNumber = 1;

function toUnit(endpointId: string, request: Parameters<typeof readChange>[0]): WriteUnit {
  const write = {
    ...{ key: endpointKey(projectNumber, endpointId), endpointId, applicationId: 'test' },
    ...{ change: readChange(request), now: new Date(), requestId: 'test' },
  };
  return { writes: [write] };
}

const ids = Array.from({ length: 20 }, (_, index) => `endpoint-${index}`);

it('all succeed, and every endpoint has what each of them said', async () => {
  const writers = [0, 1, 2, 3, 4, 5];
  const outcomes = await Promise.all(
    writers.map((writer) =>
      writeBatch(
        database,
        parts,
        ids.map((id) => toUnit(id, { Attributes: { [`writer${writer}`]: ['was here'] } })),
      ),
    ),
  );
  expect(outcomes.flat().filter((outcome) => outcome !== 'written')).toEqual([]);
  const stored = await findEndpoints(
    database.query,
    ids.map((id) => endpointKey(projectNumber, id)),
  );
  const expected = Object.fromEntries(writers.map((writer) => [`writer${writer}`, ['was here']]));
  expect(stored.map((endpoint) => endpoint?.attributes)).toEqual(ids.map(() => expected));
});

it('share a user and an address that nobody knew', async () => {
  const outcomes = await Promise.all(
    ids.map((id, index) => {
      const unit = toUnit(`shared-${id}`, {
        ...{ ChannelType: 'EMAIL', Address: 'one@example.com' },
        User: { UserId: `user-${index % 2}`, UserAttributes: { [`a${index}`]: ['x'] } },
      });
      return writeBatch(database, parts, [unit]);
    }),
  );
  expect(outcomes.flat().filter((outcome) => outcome === 'written').length).toBe(ids.length);
  const { rows } = await sql<{ active: number; ofUsers: number; known: number }>`
    select (select count(*) from endpoints where status = 'ACTIVE' and address = 'one@example.com') as active,
           (select sum(cardinality(endpoint_ids)) from audience_users) as "ofUsers",
           (select count(*) from audience_users, jsonb_object_keys(attributes)) as known`.execute(database.query);
  expect(rows).toEqual([{ active: 1, ofUsers: ids.length, known: ids.length }]);
});

it('do so without the lock of the rules, which new names would take', async () => {
  for (const round of [1, 2, 3]) {
    const outcomes = await Promise.all(
      ids.map((id, index) => {
        const unit = toUnit(`nameless-${round}-${id}`, {
          ...{ ChannelType: 'EMAIL', Address: `nameless-${round}@example.com` },
          User: { UserId: `nameless-${round}-${index % 2}` },
        });
        return writeBatch(database, parts, [unit]);
      }),
    );
    expect(outcomes.flat()).toEqual(ids.map(() => 'written'));
    const { rows } = await sql<{ active: number; ofUsers: number }>`
      select (select count(*) from endpoints where status = 'ACTIVE' and address = ${`nameless-${round}@example.com`})
               as active,
             (select sum(cardinality(endpoint_ids)) from audience_users where user_id like ${`nameless-${round}-%`})
               as "ofUsers"`.execute(database.query);
    expect(rows).toEqual([{ active: 1, ofUsers: ids.length }]);
  }
});

it('do not bring back who was deleted after they began, and nobody else is left out for it', async () => {
  const [gone, other] = ['gone', 'never-there'] as const;
  const write = async (waited: Pick<WriteUnit, 'begunAt' | 'waitingSince'>) =>
    writeBatch(
      database,
      parts,
      [gone, other].map((id) => ({ ...toUnit(id, {}), ...waited })),
    );
  const remove = (id: string) =>
    database.transaction((tx) => removeEndpoints(tx, parts.tombstones, [endpointKey(projectNumber, id)]));
  const readClock = async () => {
    const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(database.query);
    return (rows[0] as { now: Date }).now;
  };
  await writeBatch(database, parts, [toUnit(gone, {})]);
  const [begunAt, waitingSince] = [await readClock(), performance.now()];
  await pause(20);
  await remove(gone);
  await pause(20);

  expect(await write({ begunAt })).toEqual(['deleted', 'written']);
  expect(await write({ waitingSince })).toEqual(['deleted', 'written']);
  expect(await write({ begunAt: await readClock() })).toEqual(['written', 'written']);
  await remove(gone);
  await pause(20);
  expect(await write({ waitingSince: performance.now() })).toEqual(['written', 'written']);
});

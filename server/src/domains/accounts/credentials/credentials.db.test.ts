/** Keys in memory: what was switched off must not come back, whatever happens at that moment. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { GetAppsCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { expect, it, vi } from 'vitest';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import { type Credentials, startTestServer } from '../../../../tests/support/test-server.ts';
import { MasterKey } from '../../../kernel/master-key.ts';
import { createAccessKey } from '../access-keys/create.ts';
import { switchAccessKey } from '../access-keys/switch.ts';
import { createUser } from '../users/create.ts';

const testDatabase = await openTestDatabase({ poolSize: 20 });
const { database } = testDatabase;
const masterKey = new MasterKey(randomBytes(32));
const node = await startTestServer({ deployment: { testDatabase, masterKey } });
const { accountId } = node.administrator;

let made = 0;
async function addKey(): Promise<Credentials> {
  made += 1;
  const now = new Date();
  return database.transaction(async (tx) => {
    const user = { accountId, name: `program-${made}`, passwordHash: undefined, createdAt: now };
    const number = await createUser(tx, user, ['read-only']);
    return createAccessKey(tx, masterKey, { number }, now);
  });
}

const change = ({ accessKeyId }: Credentials, active: boolean) =>
  database.transaction((tx) => switchAccessKey(tx, { accountId, accessKeyId }, active));

/** @returns name of the refusal, or `accepted` */
async function outcomeOf(credentials: Credentials): Promise<string> {
  const client = node.client({ credentials });
  return client.send(new GetAppsCommand({})).then(
    () => 'accepted',
    (error: Error) => error.name,
  );
}

it('a key that is switched off under load stays off', async () => {
  const key = await addKey();
  const client = node.client({ credentials: key });
  for (let round = 0; round < 10; round += 1) {
    await change(key, true);
    await vi.waitFor(() => client.send(new GetAppsCommand({})));
    let asking = true;
    const askers = Array.from({ length: 8 }, async () => {
      while (asking) await client.send(new GetAppsCommand({})).catch(() => undefined);
    });
    await pause(20);
    await change(key, false);
    await vi.waitFor(async () => expect(await outcomeOf(key)).toBe('UnrecognizedClientException'), { timeout: 1_000 });
    const later = await Promise.all(Array.from({ length: 20 }, () => outcomeOf(key)));
    asking = false;
    await Promise.all(askers);
    expect(new Set(later)).toEqual(new Set(['UnrecognizedClientException']));
  }
});

it('a key that is switched off while the node cannot hear of it is refused all the same', async () => {
  const key = await addKey();
  expect(await outcomeOf(key)).toBe('accepted');
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'repoint notifications'`.execute(database.query);
  await change(key, false);
  await vi.waitFor(async () => expect(await outcomeOf(key)).toBe('UnrecognizedClientException'), { timeout: 1_000 });
  await pause(500); // The node hears again.
  expect(await outcomeOf(key)).toBe('UnrecognizedClientException');
});

it('a user with a policy that this version cannot read may do nothing', async () => {
  const key = await addKey();
  await database.transaction(async (tx) => {
    const { number } = await tx
      .insertInto('policies')
      .values({
        ...{ account_id: accountId, name: 'of tomorrow', created_at: new Date(), last_modified_at: new Date() },
        document: JSON.stringify({ Version: '2031-01-01', Statement: [] }),
      })
      .returning('number')
      .executeTakeFirstOrThrow();
    await sql`
      insert into user_policies (user_number, policy_number)
      select user_number, ${number} from credentials where access_key_id = ${key.accessKeyId}`.execute(tx);
  });
  expect(await outcomeOf(key)).toBe('ForbiddenException');
});

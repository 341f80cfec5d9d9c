/** Whoever is signed in changes their own password by their present one, and cannot guess it without end. */
import { sql } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { callApi } from '../../../../tests/support/repoint-api.ts';
import { type Credentials, startTestServer } from '../../../../tests/support/test-server.ts';
import { ManualClock } from '../../../kernel/clock.ts';
import { createAccessKey } from '../access-keys/create.ts';
import { createUser } from './create.ts';
import { hashPassword } from './password.ts';

const clock = new ManualClock(new Date());
const server = await startTestServer({ clock });
const { database } = server;
const { accountId } = server.administrator;
const present = 'a long enough password';
const next = 'another long password';
const presentHash = await hashPassword(present);

interface Person {
  readonly name: string;
  readonly number: number;
  readonly session: Credentials;
}

let made = 0;
async function addPerson(policies: readonly string[] = ['read-only']): Promise<Person> {
  made += 1;
  const user = { accountId, name: `user-${made}`, passwordHash: presentHash, createdAt: clock.now() };
  const number = await database.transaction((tx) => createUser(tx, user, policies));
  const { status, body } = await signIn(user.name, present);
  expect(status).toBe(200);
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = body;
  return { name: user.name, number, session: { accessKeyId, secretAccessKey, sessionToken } };
}

const signIn = (UserName: string, Password: string) =>
  callApi(server, 'POST /repoint/v1/sign-in', {
    ...{ credentials: null, body: { AccountId: accountId, UserName, Password } },
  });

const statusOfSignIn = async (user: Person, password: string) => (await signIn(user.name, password)).status;

/** As `credentials`, for `user`. */
const setPassword = (
  user: Person,
  credentials: Credentials,
  body: { CurrentPassword?: string; Password?: string } = {},
) =>
  callApi(server, `PUT /repoint/v1/users/${user.name}/password`, {
    ...{ credentials, now: clock.now(), body: { Password: next, ...body } },
  });

/** In one's own tab. */
const change = (user: Person, CurrentPassword: string, Password = next) =>
  setPassword(user, user.session, { CurrentPassword, Password });

async function attemptsOf({ number }: Person): Promise<number> {
  const users = database.query.selectFrom('users').where('number', '=', number);
  return (await users.select('failed_attempts as attempts').executeTakeFirstOrThrow()).attempts;
}

describe('one’s own password', () => {
  it('changes by the present one, which is then none any more', async () => {
    const user = await addPerson();
    expect((await change(user, present)).status).toBe(204);
    expect([await statusOfSignIn(user, present), await statusOfSignIn(user, next)]).toEqual([403, 200]);
  });

  it('stays when the present one is wrong or missing', async () => {
    const user = await addPerson();
    const wrong = await change(user, 'not the password');
    expect(wrong).toMatchObject({ status: 403, errorType: 'ForbiddenException' });
    expect(wrong.body.Message).toMatch(/^The present password is not right/);
    expect((await change(user, '')).status).toBe(403);
    const missing = await setPassword(user, user.session);
    expect(missing).toMatchObject({
      status: 400,
      body: { Message: expect.stringMatching(/^CurrentPassword is missing/) },
    });
    expect([await attemptsOf(user), await statusOfSignIn(user, present)]).toEqual([2, 200]);
  });

  it('costs no attempt for a new one that is too short', async () => {
    const user = await addPerson();
    expect((await change(user, 'not the password', 'short')).status).toBe(400);
    expect((await change(user, present, 'short')).status).toBe(400);
    expect(await attemptsOf(user)).toBe(0);
  });

  it('is asked of administrators for their own, too, and of nobody for somebody else’s', async () => {
    const [administrator, user] = [await addPerson(['administrator']), await addPerson()];
    expect((await setPassword(administrator, administrator.session)).status).toBe(400);
    expect((await setPassword(user, administrator.session)).status).toBe(204);
    expect(await statusOfSignIn(user, next)).toBe(200);
  });

  it('is not asked of an access key, nor of somebody who has none', async () => {
    const [program, user] = [await addPerson(), await addPerson()];
    const key = await database.transaction((tx) => createAccessKey(tx, server.masterKey, program, clock.now()));
    expect((await setPassword(program, key)).status).toBe(204);
    expect(await statusOfSignIn(program, next)).toBe(200);
    await database.query.updateTable('users').set({ password_hash: null }).where('number', '=', user.number).execute();
    expect((await setPassword(user, user.session)).status).toBe(204);
    expect(await statusOfSignIn(user, next)).toBe(200);
  });
});

describe('guesses in a tab that was left open', () => {
  it('lock the user after five, also at once, and then tell not even the right one', async () => {
    const [user, other] = [await addPerson(), await addPerson()];
    const guesses = await Promise.all(Array.from({ length: 9 }, () => change(user, 'not the password')));
    expect(guesses.map(({ status }) => status)).toEqual(Array.from({ length: 9 }, () => 403));
    const right = await change(user, present);
    expect(right).toMatchObject({ status: 403, body: { Message: guesses[0]?.body.Message } });
    expect([await statusOfSignIn(user, present), await statusOfSignIn(user, next)]).toEqual([403, 403]);
    expect((await change(other, present)).status).toBe(204);
    clock.advance(15 * 60_000 + 1_000);
    expect((await change(user, present)).status).toBe(204);
    expect(await statusOfSignIn(user, next)).toBe(200);
  });

  it('count together with those at sign-in, until a right one', async () => {
    const user = await addPerson();
    for (let guess = 0; guess < 2; guess += 1) await signIn(user.name, 'not the password');
    for (let guess = 0; guess < 2; guess += 1) await change(user, 'not the password');
    expect(await attemptsOf(user)).toBe(4);
    expect((await change(user, present)).status).toBe(204);
    expect(await attemptsOf(user)).toBe(0);
  });

  it('leave entries in the audit log, without a word of what was typed', async () => {
    const user = await addPerson();
    await change(user, 'guessed by somebody');
    await change(user, present);
    const { body } = await callApi(server, `GET /repoint/v1/audit-log?user=${user.name}&operation=SetUserPassword`, {
      now: clock.now(),
    });
    const Resource = expect.stringMatching(`:users/${user.name}/password$`);
    expect(body.Item).toMatchObject([
      { Status: 204, Resource, AccessKeyId: user.session.accessKeyId },
      { Status: 403, Resource, ErrorCode: 'ForbiddenException' },
    ]);
    const { rows } = await sql<{ text: string }>`select entry::text as text from audit_entries entry`.execute(
      database.query,
    );
    expect(rows.map(({ text }) => text).join('\n')).not.toMatch(/guessed by|long enough|another long/);
  });
});

it('is changed by one of two who know it at once: what the other proved is the present one no more', async () => {
  const user = await addPerson();
  const waiting = async () => {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
      database.query,
    );
    return rows.length;
  };
  const changes = await database.transaction(async (tx) => {
    // The first is held up at its last statement, the second behind it, with the present password already read.
    await sql`select from credentials where user_number = ${user.number} for update`.execute(tx);
    const first = change(user, present, 'the first new one');
    await vi.waitFor(async () => expect(await waiting()).toBe(1), { timeout: 10_000 });
    const second = change(user, present, 'the second new one');
    await vi.waitFor(async () => expect(await waiting()).toBe(2), { timeout: 10_000 });
    return { first, second };
  });
  expect([(await changes.first).status, (await changes.second).status]).toEqual([204, 403]);
  expect((await changes.second).body.Message).toMatch(/^The present password is not right/);
  expect([await statusOfSignIn(user, 'the first new one'), await statusOfSignIn(user, 'the second new one')]).toEqual([
    200, 403,
  ]);
});

/** What an attacker may try at the one door that asks for no signature. */
import { describe, expect, it } from 'vitest';
import { callApi } from '../../../../tests/support/repoint-api.ts';
import { startTestServer } from '../../../../tests/support/test-server.ts';
import { ManualClock } from '../../../kernel/clock.ts';
import { createUser } from '../users/create.ts';
import { hashPassword } from '../users/password.ts';
import { PasswordLine } from './password-line.ts';

const clock = new ManualClock(new Date());
const server = await startTestServer({ clock });
const { accountId } = server.administrator;
const password = 'a long enough password';
const passwordHash = await hashPassword(password);

let made = 0;
async function addUser(): Promise<string> {
  made += 1;
  const user = { accountId, name: `user-${made}`, passwordHash, createdAt: clock.now() };
  await server.database.transaction((tx) => createUser(tx, user, ['read-only']));
  return user.name;
}

async function signIn(UserName: string, Password: string): Promise<number> {
  const body = { AccountId: accountId, UserName, Password };
  return (await callApi(server, 'POST /repoint/v1/sign-in', { credentials: null, body })).status;
}

describe('the time of a refusal', () => {
  it('does not tell a user from nobody', async () => {
    const known = await addUser();
    const times = async (name: string) => {
      const measured: number[] = [];
      for (let count = 0; count < 5; count += 1) {
        const begun = performance.now();
        expect(await signIn(name, 'wrong')).toBe(403);
        measured.push(performance.now() - begun);
      }
      return measured.toSorted((a, b) => a - b)[2] as number;
    };
    const [ofKnown, ofNobody] = [await times(known), await times('nobody at all')];
    expect(ofKnown).toBeGreaterThan(290);
    expect(ofNobody).toBeGreaterThan(290);
  });
});

describe('a lock', () => {
  it('made while the clock was wrong does not outlast the mistake', async () => {
    const user = await addUser();
    const day = 24 * 3600 * 1000;
    clock.advance(day);
    for (let guess = 0; guess < 5; guess += 1) await signIn(user, 'wrong');
    expect(await signIn(user, password)).toBe(403);
    clock.advance(-day);
    expect(await signIn(user, password)).toBe(200);
  });

  it('of one user is nobody else’s', async () => {
    const [locked, free] = [await addUser(), await addUser()];
    await Promise.all(Array.from({ length: 6 }, () => signIn(locked, 'wrong')));
    expect([await signIn(locked, password), await signIn(free, password)]).toEqual([403, 200]);
  });
});

describe('a flood of attempts', () => {
  it('from one address is refused beyond ten, before anything is looked at', async () => {
    const statuses = await Promise.all(Array.from({ length: 30 }, () => signIn('nobody at all', 'wrong')));
    expect(new Set(statuses)).toEqual(new Set([403, 429]));
    expect(await signIn(await addUser(), password)).toBe(200);
  });

  it('from one address does not stand in the way of others', async () => {
    const line = new PasswordLine();
    const order: string[] = [];
    const { promise: looking, resolve: look } = Promise.withResolvers<void>();
    const attempt = (from: string, name: string) =>
      line.wait(from, async () => {
        await looking;
        order.push(name);
      });
    const flood = Array.from({ length: 10 }, (_, index) => attempt('192.0.2.1', `flood ${index}`));
    await expect(attempt('192.0.2.1', 'one too many')).rejects.toMatchObject({ status: 429 });
    const other = attempt('192.0.2.2', 'somebody');
    look();
    await Promise.all([...flood, other]);
    expect(order.indexOf('somebody')).toBeLessThan(3);
    await attempt('192.0.2.1', 'later');
  });
});

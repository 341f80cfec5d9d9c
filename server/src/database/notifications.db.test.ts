import { sql } from 'kysely';
import { afterEach, expect, it, vi } from 'vitest';
import { DatabaseProxy } from '../../tests/processes/database-proxy.ts';
import { openTestDatabase } from '../../tests/support/test-database.ts';
import { Notifications, notify } from './notifications.ts';

const { database, connection, logger } = await openTestDatabase();
const started: Notifications[] = [];

async function listen(topic = 'keys', to = connection) {
  const notifications = new Notifications(to, logger);
  const heard: string[] = [];
  let forgotten = 0;
  notifications.subscribe({ topic, changed: (payload) => heard.push(payload), forgetAll: () => (forgotten += 1) });
  await notifications.run();
  started.push(notifications);
  return { notifications, heard, forgotten: () => forgotten };
}

afterEach(async () => {
  for (const notifications of started.splice(0)) await notifications.stop();
});

it('tells every listener of the topic, after the commit', async () => {
  const [first, second, other] = [await listen(), await listen(), await listen('policies')];
  await database.transaction(async (tx) => {
    await notify(tx, 'keys', 'AKIA1 ünïcode "quoted"');
    await new Promise((resume) => setTimeout(resume, 100));
    expect(first.heard).toEqual([]);
  });
  await vi.waitFor(() =>
    expect([first.heard, second.heard]).toEqual([['AKIA1 ünïcode "quoted"'], ['AKIA1 ünïcode "quoted"']]),
  );
  expect(other.heard).toEqual([]);
});

it('tells nothing of a transaction that rolled back', async () => {
  const { heard } = await listen();
  const work = database.transaction(async (tx) => {
    await notify(tx, 'keys', 'never');
    throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
  await notify(database.query, 'keys', 'yes');
  await vi.waitFor(() => expect(heard).toEqual(['yes']));
});

it('connects again when the connection is lost, and makes subscribers forget', async () => {
  const { heard, forgotten } = await listen();
  const before = forgotten();
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'repoint notifications'`.execute(
    database.query,
  );
  // Once when it is lost, once when it is back.
  await vi.waitFor(() => expect(forgotten()).toBe(before + 2), { timeout: 5_000 });
  await notify(database.query, 'keys', 'again');
  await vi.waitFor(() => expect(heard).toEqual(['again']));
});

it('connects again when the connection can be used no more, though it stays open', async () => {
  const proxy = new DatabaseProxy(connection.url);
  await proxy.open();
  const { heard, forgotten, notifications } = await listen('keys', { url: proxy.url });
  const before = forgotten();
  // ErrorResponse to nothing that was asked.
  proxy.say(Buffer.from('E\0\0\0\x16SFATAL\0C57P05\0Mx\0\0', 'latin1'));
  await vi.waitFor(() => expect(forgotten()).toBe(before + 2), { timeout: 5_000 });
  await notify(database.query, 'keys', 'again');
  await vi.waitFor(() => expect(heard).toEqual(['again']));
  await notifications.stop();
  await proxy.close();
  proxy.remove();
});

it('survives what others send on the channel, and subscribers that fail', async () => {
  const { notifications, heard } = await listen();
  notifications.subscribe({
    topic: 'keys',
    changed: () => {
      throw new Error('subscriber');
    },
    forgetAll: () => {},
  });
  for (const payload of ['', 'null', '{', '[1,2]', '"x"'])
    await sql`select pg_notify('repoint', ${payload})`.execute(database.query);
  await notify(database.query, 'keys', 'still here');
  await vi.waitFor(() => expect(heard).toEqual(['still here']));
});

it('ends a connection that it is still making when it is stopped', async () => {
  const notifications = new Notifications(connection, logger);
  const going = notifications.run();
  await notifications.stop();
  await going;
  await vi.waitFor(async () => {
    const { rows } = await sql`
      select pid from pg_stat_activity
      where datname = current_database() and application_name = 'repoint notifications'`.execute(database.query);
    expect(rows).toEqual([]);
  });
});

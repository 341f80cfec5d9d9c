/** The cache against real notifications: what another connection changes is forgotten here. */
import { expect, test } from 'vitest';
import { openTestDatabase } from '../../tests/support/test-database.ts';
import { createLogger } from '../kernel/logger.ts';
import { NewsCache } from './news-cache.ts';
import { Notifications, notify } from './notifications.ts';

const { database, connection } = await openTestDatabase();

async function heard(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100 && !condition(); turn += 1) await new Promise((next) => setTimeout(next, 20));
  expect(condition()).toBe(true);
}

test('an entry is kept until news of it are heard, and not at all while none can be heard', async () => {
  const notifications = new Notifications(connection, createLogger('silent'));
  const cache = new NewsCache<string>({ notifications, topic: 'shops', capacity: 2 });
  expect(await cache.load('a', async () => 'before')).toBe('before');
  expect(cache.get('a')).toBeUndefined();
  await notifications.run();
  await cache.load('a', async () => 'one');
  await cache.load('b', async () => 'two');
  expect([cache.get('a'), cache.get('b')]).toEqual(['one', 'two']);
  await cache.load('c', async () => 'three');
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([undefined, 'two', 'three']);
  await notify(database.query, 'shops', 'b');
  await heard(() => cache.get('b') === undefined);
  expect(cache.get('c')).toBe('three');
  const reading = cache.load('d', async () => {
    cache.forget('d');
    return 'old';
  });
  expect(await reading).toBe('old');
  expect(cache.get('d')).toBeUndefined();
  await notifications.stop();
});

/** A provider's messages per second, held by several processes against one database. */
import { expect, test } from 'vitest';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import { RateBudget } from './rate-budget.ts';

const { database } = await openTestDatabase();
const never = new AbortController().signal;

test('several processes together take no more than the provider allows', async () => {
  const perSecond = 200;
  const budgets = Array.from({ length: 3 }, () => new RateBudget(database.query, 'sms', perSecond));
  const begun = performance.now();
  await Promise.all(budgets.flatMap((budget) => Array.from({ length: 100 }, () => budget.take(1, never))));
  const seconds = (performance.now() - begun) / 1000;
  // 300 messages, of which a fifth of a second's worth may leave at once, and a tenth for each process be left over.
  expect(seconds).toBeGreaterThan((300 - perSecond / 5) / perSecond - 0.05);
  expect(seconds).toBeLessThan(300 / perSecond + 2);
});

test('a batch larger than a second is waited for, and waiting ends with the process', async () => {
  const budget = new RateBudget(database.query, 'voice', 1);
  const stop = new AbortController();
  const waiting = budget.take(50, stop.signal);
  setTimeout(() => stop.abort(), 100);
  await expect(waiting).rejects.toThrow();
});

/** A provider's messages per second, held by several processes against one database. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { scriptedProvider } from '../../../../tests/support/scripted-provider.ts';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { Dispatcher } from './dispatcher.ts';
import { deleteIdleBudgets, RateBudget } from './rate-budget.ts';

const { database, logger } = await openTestDatabase();
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

test('a clock that was set back holds nobody up', { timeout: 10_000 }, async () => {
  const budget = new RateBudget(database.query, 'set back', 20);
  await budget.take(1, never);
  await sql`
    update provider_budgets set refilled_at = clock_timestamp() + interval '1 hour', tokens = 0
    where provider_key = 'set back'`.execute(database.query);
  const begun = performance.now();
  await budget.take(20, never);
  const seconds = (performance.now() - begun) / 1000;
  expect(seconds).toBeGreaterThan(0.7);
  expect(seconds).toBeLessThan(3);
});

test('a batch larger than a second is waited for, and waiting ends with the process', async () => {
  const budget = new RateBudget(database.query, 'voice', 1);
  const stop = new AbortController();
  const waiting = budget.take(50, stop.signal);
  setTimeout(() => stop.abort(), 100);
  await expect(waiting).rejects.toThrow();
});

test('messages of one call leave one after the other, and not together once all of them may', async () => {
  const left: number[] = [];
  const note = () => {
    left.push(performance.now());
    return { status: 'SUCCESSFUL', statusCode: 200, statusMessage: 'ok' } as const;
  };
  const { driver } = scriptedProvider('mail', note, { batch: 100, concurrency: 4 });
  const budget = new RateBudget(database.query, 'mail', 40);
  const dispatcher = new Dispatcher({ driver, clock: systemClock, logger, budget });
  const content = { kind: 'sms', body: 'x', messageType: 'TRANSACTIONAL' } as const;
  const messages = Array.from({ length: 60 }, (_each, number) => ({
    ...{ key: String(number), channelType: 'SMS' as const, address: '+12065550142', content },
  }));
  await Promise.all(messages.map((message) => dispatcher.dispatch(message)));
  const most = Math.max(...left.map((from) => left.filter((at) => at >= from && at < from + 500).length));
  // Half a second's worth, what may gather while nobody sends, and what was taken in advance.
  expect(most).toBeLessThanOrEqual(40 / 2 + 40 / 5 + 40 / 10 + 2);
});

test('budgets of providers that are gone do not stay', async () => {
  await new RateBudget(database.query, 'gone', 10).take(1, never);
  await new RateBudget(database.query, 'there', 10).take(1, never);
  await sql`
    update provider_budgets set refilled_at = now() - interval '25 hours' where provider_key = 'gone'`.execute(
    database.query,
  );
  await deleteIdleBudgets(database.query);
  const { rows } = await sql<{ key: string }>`select provider_key as key from provider_budgets`.execute(database.query);
  expect(rows.map(({ key }) => key)).toContain('there');
  expect(rows.map(({ key }) => key)).not.toContain('gone');
});

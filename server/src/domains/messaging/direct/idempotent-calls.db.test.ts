/** Repeated calls with one Idempotency-Key, also at once, also after refusals. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { IdempotentCalls } from './idempotent-calls.ts';

const { database, logger } = await openTestDatabase();
const calls = new IdempotentCalls(database.query, randomBytes(32), logger);
const now = new Date();
const name = (key: string) => ({ projectNumber: 1, accessKeyId: 'A', operation: 'SendMessages', key });

test('one call is made however many ask at once, and all get its answer', async () => {
  let made = 0;
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      calls.once(name('many'), { to: 'x' }, now, async () => {
        made += 1;
        await new Promise((next) => setTimeout(next, 100));
        return { number: made };
      }),
    ),
  );
  expect(made).toBe(1);
  expect(answers).toEqual(Array(8).fill({ number: 1 }));
});

test('another request under the same key is refused, another key or caller is another call', async () => {
  await calls.once(name('one'), { to: 'x' }, now, async () => 'first');
  await expect(calls.once(name('one'), { to: 'y' }, now, async () => 'second')).rejects.toMatchObject({
    code: 'BadRequestException',
  });
  expect(await calls.once(name('two'), { to: 'y' }, now, async () => 'second')).toBe('second');
  expect(await calls.once({ ...name('one'), accessKeyId: 'B' }, { to: 'y' }, now, async () => 'third')).toBe('third');
});

test('a refused call may be made again', async () => {
  await expect(
    calls.once(name('bad'), {}, now, async () => {
      throw badRequest('no');
    }),
  ).rejects.toMatchObject({ message: 'no' });
  expect(await calls.once(name('bad'), {}, now, async () => 'good')).toBe('good');
});

test('answers are sealed', async () => {
  await calls.once(name('sealed'), {}, now, async () => ({ address: 'ana@example.com' }));
  const rows = await database.query.selectFrom('idempotent_calls').select('answer').execute();
  expect(rows.every(({ answer }) => answer !== null && !answer.includes('ana@'))).toBe(true);
});

test('a call that was made stays taken though its answer cannot be kept', async () => {
  const answer = await calls.once(name('unkept'), {}, now, async () => {
    await sql`alter table idempotent_calls rename to away`.execute(database.query);
    return 'made';
  });
  await sql`alter table away rename to idempotent_calls`.execute(database.query);
  expect(answer).toBe('made');
  await expect(calls.once(name('unkept'), { other: 1 }, now, async () => 'again')).rejects.toMatchObject({
    code: 'BadRequestException',
  });
});

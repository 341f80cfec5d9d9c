/** When a thing is opened, how often, and what becomes of it. */
import { expect, it } from 'vitest';
import { lazily } from './lazily.ts';

it('is opened once, at its first use, and ended', async () => {
  let opened = 0;
  const thing = lazily(async () => {
    opened += 1;
    return { number: opened };
  });
  expect(opened).toBe(0);
  expect(await Promise.all([thing.use(), thing.use()])).toEqual([{ number: 1 }, { number: 1 }]);
  const ended: number[] = [];
  await thing.close(({ number }) => ended.push(number));
  expect([opened, ended]).toEqual([1, [1]]);
});

it('is opened again where that failed, and needs no end where it never was', async () => {
  let attempts = 0;
  const thing = lazily(async () => {
    attempts += 1;
    if (attempts < 3) throw new Error(`attempt ${attempts}`);
    return 'open';
  });
  await expect(thing.use()).rejects.toThrow('attempt 1');
  const failing = thing.use();
  const closed = thing.close(() => expect.unreachable());
  await expect(failing).rejects.toThrow('attempt 2');
  await closed;
  expect(await thing.use()).toBe('open');
  expect(attempts).toBe(3);
});

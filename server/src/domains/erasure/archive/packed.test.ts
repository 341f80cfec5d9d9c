/** Archives whose work fails, or whose reader leaves, at moments when nobody looks. */

import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { addFile, packed } from './packed.ts';

it('a fault before anybody reads is kept for who reads', async () => {
  const archive = packed(
    async () => {
      throw new Error('The database is away.');
    },
    () => undefined,
  );
  await pause(20);
  await expect(buffer(archive)).rejects.toThrow('The database is away.');
});

it('who stops reading ends the work, wherever it stands', async () => {
  let files = 0;
  let fault: unknown;
  const ended: number[] = [];
  const archive = packed(
    async (tar) => {
      try {
        for (; ; files += 1) await addFile(tar, String(files), 'x'.repeat(1_000_000));
      } catch (error) {
        fault = error;
        throw error;
      }
    },
    () => ended.push(files),
  );
  await expect.poll(() => files).toBeGreaterThan(0);
  archive.destroy();
  await expect.poll(() => fault).toBeInstanceOf(Error);
  expect(ended).toEqual([]);
});

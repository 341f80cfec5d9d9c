/** The two files that name a process: the start lock and the owner. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { becomeOwner, findOwner, giveUpOwnership } from './owner.ts';
import { withStartLock } from './start-lock.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'repoint-owner-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** A process that was killed, whose number is ours by now. */
const anotherLife = `${process.pid} 0c7f3a52-9f5e-4b0c-8f6e-1d2a3b4c5d6e 1`;
/** Beyond the highest number there can be. */
const gone = '4194305 0c7f3a52-9f5e-4b0c-8f6e-1d2a3b4c5d6e 1';

describe('the owner', () => {
  it('is the process that said so, until it gives up', async () => {
    expect(await findOwner(directory)).toBeUndefined();
    for (const kind of ['serve', 'command'] as const) {
      await becomeOwner(directory, kind);
      expect(await findOwner(directory)).toBe(kind);
    }
    await giveUpOwnership(directory);
    expect(await findOwner(directory)).toBeUndefined();
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each([anotherLife, gone, '', 'nonsense'])('is nobody when the file names %j', async (text) => {
    writeFileSync(join(directory, 'postgres-owner'), `serve ${text}`);
    expect(await findOwner(directory)).toBeUndefined();
  });
});

describe('the start lock', () => {
  it('lets one in at a time, and leaves nothing behind', async () => {
    let inside = 0;
    const work = async () => {
      inside += 1;
      const seen = inside;
      await pause(5);
      inside -= 1;
      return seen;
    };
    expect(await Promise.all(Array.from({ length: 8 }, () => withStartLock(directory, work)))).toEqual(
      Array(8).fill(1),
    );
    await expect(withStartLock(directory, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each([anotherLife, gone])('of a killed process (%s) is broken, and its files are removed', async (text) => {
    for (const name of ['', '.0123456789ab', '.0123456789ab.dead']) {
      writeFileSync(join(directory, `postgres-starting${name}`), text);
    }
    const files = await withStartLock(directory, async () => {
      expect(readFileSync(join(directory, 'postgres-starting'), 'utf8')).not.toBe(text);
      return readdirSync(directory);
    });
    expect(files).toHaveLength(2);
    expect(readdirSync(directory)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { Lanes } from './lanes.ts';

/** Work that ends when it is told to. */
function makeWork() {
  const begun: string[] = [];
  const ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<void>((resolve, reject) => ends.set(name, { resolve, reject }));
  };
  return { begun, work, end: (name: string) => ends.get(name)?.resolve(), ends };
}
const moment = () => new Promise((resume) => setTimeout(resume, 5));

describe('lanes', () => {
  it('do so much at once and no more', async () => {
    const { begun, work, end } = makeWork();
    const lanes = new Lanes(2);
    await lanes.begin(new Set(['a']), work('a'));
    await lanes.begin(new Set(['b']), work('b'));
    const third = lanes.begin(new Set(['c']), work('c'));
    await moment();
    expect(begun).toEqual(['a', 'b']);
    end('a');
    await third;
    expect(begun).toEqual(['a', 'b', 'c']);
    for (const name of ['b', 'c']) end(name);
    await lanes.end();
  });

  it('keep what concerns the same in order', async () => {
    const { begun, work, end } = makeWork();
    const lanes = new Lanes(3);
    await lanes.begin(new Set(['x', 'y']), work('first'));
    await lanes.begin(new Set(['z']), work('second'));
    const third = lanes.begin(new Set(['y']), work('third'));
    end('second');
    await moment();
    expect(begun).toEqual(['first', 'second']);
    end('first');
    await third;
    end('third');
    await lanes.end();
  });

  it('begin nothing after a fault, and wait for what is under way', async () => {
    const { work, end, ends } = makeWork();
    const lanes = new Lanes(2);
    await lanes.begin(new Set(['a']), work('a'));
    await lanes.begin(new Set(['b']), work('b'));
    ends.get('a')?.reject(new Error('broken'));
    await expect(lanes.begin(new Set(['c']), work('c'))).rejects.toThrow('broken');
    let over = false;
    const ending = lanes.end().catch((error: Error) => {
      over = true;
      return error;
    });
    await moment();
    expect(over).toBe(false);
    end('b');
    expect(await ending).toMatchObject({ message: 'broken' });
  });
});

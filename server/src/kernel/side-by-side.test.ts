import { expect, test } from 'vitest';
import { sideBySide } from './side-by-side.ts';

const aTurn = () => new Promise((resume) => setImmediate(resume));

test('every item once, and never more at once than wished', async () => {
  const done: number[] = [];
  let [underWay, most] = [0, 0];
  await sideBySide([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await aTurn();
    underWay -= 1;
    done.push(item);
  });
  expect(done.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('nothing is begun after a fault, which is told when all is over', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const tasks = sideBySide([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    if (item === 2) throw new Error('the second');
    await aTurn();
    await aTurn();
    ended.push(item);
  });
  await expect(tasks).rejects.toThrow('the second');
  expect(begun).toEqual([1, 2]);
  expect(ended).toEqual([1]);
});

test('items that come in time, whose source is left behind when a task fails', async () => {
  let closed = false;
  async function* source() {
    try {
      for (let item = 1; ; item += 1) yield item;
    } finally {
      closed = true;
    }
  }
  const done: number[] = [];
  const tasks = sideBySide(source(), 2, async (item) => {
    if (item === 5) throw new Error('the fifth');
    done.push(item);
  });
  await expect(tasks).rejects.toThrow('the fifth');
  expect(done.slice(0, 4)).toEqual([1, 2, 3, 4]);
  expect(closed).toBe(true);
});

test('no items', () => expect(sideBySide([], 2, aTurn as () => Promise<never>)).resolves.toBeUndefined());

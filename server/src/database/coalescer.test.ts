import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoalescedRead } from './coalesced-read.ts';
import { Coalescer, type CoalescerOptions } from './coalescer.ts';
import { DatabaseUnavailable } from './faults.ts';

function coalescer<Item, Result>(
  options: Partial<CoalescerOptions<Item, Result>> & Pick<CoalescerOptions<Item, Result>, 'run'>,
) {
  return new Coalescer<Item, Result>({
    name: 'test',
    maximumBatch: 10,
    maximumInFlight: 2,
    maximumWaiting: 1_000,
    ...options,
  });
}

/** A database that ends its statements when told. */
function controlled() {
  const running: { items: number[]; end: (error?: Error) => void }[] = [];
  const run = (items: readonly number[]) =>
    new Promise<number[]>((settle, fail) => {
      running.push({
        items: [...items],
        end: (error) => (error ? fail(error) : settle(items.map((item) => item * 10))),
      });
    });
  return { running, run };
}

describe('Coalescer', () => {
  it('runs a lone item at once, without waiting for others', async () => {
    const { running, run } = controlled();
    const result = coalescer({ run }).submit(1);
    await turn();
    expect(running.map(({ items }) => items)).toEqual([[1]]);
    running[0]?.end();
    expect(await result).toBe(10);
  });

  it('starts another batch beside one under way only when it is worthwhile', async () => {
    const { running, run } = controlled();
    const subject = coalescer({ run, worthwhileBeside: 3 });
    const results = [subject.submit(1)];
    await turn();
    results.push(subject.submit(2), subject.submit(3));
    await turn();
    expect(running.map(({ items }) => items)).toEqual([[1]]);
    results.push(subject.submit(4));
    await turn();
    expect(running.map(({ items }) => items)).toEqual([[1], [2, 3, 4]]);
    results.push(subject.submit(5));
    await turn();
    running[0]?.end();
    await turn();
    await turn();
    // One of the two has ended, and the other is still under way: two more have to come, or the other has to end.
    expect(running.length).toBe(2);
    running[1]?.end();
    await turn();
    await turn();
    expect(running[2]?.items).toEqual([5]);
    running[2]?.end();
    expect(await Promise.all(results)).toEqual([10, 20, 30, 40, 50]);
  });

  it('gathers what arrives while all batches are under way', async () => {
    const { running, run } = controlled();
    const subject = coalescer({ run });
    const results = [subject.submit(1)];
    await turn();
    results.push(subject.submit(2));
    await turn();
    for (let item = 3; item <= 14; item += 1) results.push(subject.submit(item));
    await turn();
    expect(running.map(({ items }) => items)).toEqual([[1], [2]]);
    expect(subject.figures).toMatchObject({ waiting: 12, inFlight: 2, batches: 2, items: 2 });
    running[0]?.end();
    await turn();
    await turn();
    expect(running[2]?.items).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    running[1]?.end();
    running[2]?.end();
    await turn();
    await turn();
    expect(running[3]?.items).toEqual([13, 14]);
    running[3]?.end();
    expect(await Promise.all(results)).toEqual(Array.from({ length: 14 }, (_, index) => (index + 1) * 10));
  });

  it('refuses at once when too many wait, and serves again later', async () => {
    const { running, run } = controlled();
    const subject = coalescer({ run, maximumInFlight: 1, maximumWaiting: 3 });
    const first = subject.submit(0);
    await turn();
    const waiting = [1, 2, 3].map((item) => subject.submit(item));
    await expect(subject.submit(4)).rejects.toMatchObject({ status: 429 });
    expect(subject.figures.refused).toBe(1);
    running[0]?.end();
    await first;
    await turn();
    await turn();
    running[1]?.end();
    expect(await Promise.all(waiting)).toEqual([10, 20, 30]);
  });

  it('fails the poisonous items alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        async (poison, maximumBatch) => {
          const done = new Set<number>();
          const subject = coalescer<number, number>({
            maximumBatch,
            async run(items) {
              await turn();
              if (items.some((item) => poison[item])) throw Object.assign(new Error('bad row'), { code: '22P02' });
              for (const item of items) {
                expect(done.has(item)).toBe(false);
                done.add(item);
              }
              return [...items];
            },
          });
          const outcomes = await Promise.allSettled(poison.map((_, item) => subject.submit(item)));
          for (const [item, outcome] of outcomes.entries()) {
            expect(outcome.status).toBe(poison[item] ? 'rejected' : 'fulfilled');
            if (outcome.status === 'fulfilled') expect(outcome.value).toBe(item);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    ['a lost connection', new DatabaseUnavailable(new Error('gone'))],
    ['a full disk', Object.assign(new Error('full'), { code: '53100' })],
    ['a missing table', Object.assign(new Error('missing'), { code: '42P01' })],
  ])('fails the whole batch with %s, and does not try again', async (_name, fault) => {
    let runs = 0;
    const subject = coalescer<number, number>({
      async run() {
        runs += 1;
        throw fault;
      },
    });
    const outcomes = await Promise.allSettled([1, 2, 3].map((item) => subject.submit(item)));
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual([fault, fault, fault]);
    expect(runs).toBe(1);
  });

  it('gives each caller the error that `run` had for it', async () => {
    const subject = coalescer<number, number>({
      run: async (items) => items.map((item) => (item === 2 ? new Error('two') : item)),
    });
    const outcomes = await Promise.allSettled([1, 2, 3].map((item) => subject.submit(item)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('treats a wrong number of results as a fault of everybody', async () => {
    const subject = coalescer<number, number>({ run: async () => [1] });
    const outcomes = await Promise.allSettled([1, 2].map((item) => subject.submit(item)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('never runs equal keys together and keeps their order, whatever the load', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), wait: fc.boolean() }), {
          minLength: 1,
          maxLength: 80,
        }),
        fc.record({ maximumBatch: fc.integer({ min: 1, max: 10 }), maximumInFlight: fc.integer({ min: 1, max: 4 }) }),
        async (items, limits) => {
          const underWay = new Set<string>();
          const order: Record<string, number[]> = {};
          let inFlight = 0;
          const subject = coalescer<{ key: string; number: number }, number>({
            ...limits,
            key: ({ key }) => key,
            async run(batch) {
              inFlight += 1;
              expect(inFlight).toBeLessThanOrEqual(limits.maximumInFlight);
              expect(batch.length).toBeLessThanOrEqual(limits.maximumBatch);
              for (const { key, number } of batch) {
                expect(underWay.has(key)).toBe(false);
                underWay.add(key);
                order[key] = [...(order[key] ?? []), number];
              }
              await turn();
              for (const { key } of batch) underWay.delete(key);
              inFlight -= 1;
              return batch.map(({ number }) => number);
            },
          });
          const results: Promise<number>[] = [];
          for (const [number, { key, wait }] of items.entries()) {
            results.push(subject.submit({ key, number }));
            if (wait) await turn();
          }
          expect(await Promise.all(results)).toEqual(items.map((_, number) => number));
          for (const numbers of Object.values(order)) expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
          await subject.drain();
          expect(subject.figures).toMatchObject({ waiting: 0, inFlight: 0, items: items.length });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('drains what waits and what is under way', async () => {
    let done = 0;
    const subject = coalescer<number, number>({
      maximumBatch: 3,
      async run(items) {
        await pause(2);
        done += items.length;
        return [...items];
      },
    });
    const results = Array.from({ length: 20 }, (_, item) => subject.submit(item));
    await subject.drain();
    expect(done).toBe(20);
    await Promise.all(results);
    await subject.drain();
  });
});

describe('CoalescedRead', () => {
  function reader() {
    const reads: string[][] = [];
    let stored = 'first';
    const subject = new CoalescedRead<string, string>({
      name: 'test',
      maximumInFlight: 1,
      identify: (key) => key.toLowerCase(),
      async read(keys) {
        reads.push([...keys]);
        const seen = stored;
        await turn();
        await turn();
        return keys.map((key) => `${key} ${seen}`);
      },
    });
    return { subject, reads, write: (value: string) => (stored = value) };
  }

  it('looks a row up once for all who ask before the look-up begins', async () => {
    const { subject, reads } = reader();
    expect(await Promise.all([subject.find('A'), subject.find('a'), subject.find('b')])).toEqual([
      'A first',
      'A first',
      'b first',
    ]);
    expect(reads).toEqual([['A', 'b']]);
  });

  it('never answers from a look-up that began before the question', async () => {
    const { subject, write } = reader();
    const before = subject.find('a');
    await turn();
    write('second');
    expect(await subject.find('a')).toBe('a second');
    expect(await before).toBe('a first');
  });

  it('forgets failures', async () => {
    let fails = true;
    const subject = new CoalescedRead<string, string>({
      name: 'test',
      identify: (key) => key,
      async read(keys) {
        if (fails) throw new DatabaseUnavailable(new Error('gone'));
        return keys.map((key) => key);
      },
    });
    await expect(subject.find('a')).rejects.toThrow(DatabaseUnavailable);
    fails = false;
    expect(await subject.find('a')).toBe('a');
  });
});

/** What people got through, against every chain tried from each of its beginnings; any order, ties, passes and breakdowns. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Chains, mostValues, type Reached, Values } from './chains.ts';

interface Happened {
  readonly person: number;
  readonly at: number;
  readonly mask: number;
  readonly value: string;
}

const steps = 3;

/**
 * How long it took to each step that was reached: by the event that got there first, after the latest begin that leads
 * there. At one instant, what can be an earlier step is looked at first.
 */
function waysOf(events: readonly Happened[], window: number): number[] {
  const ordered = events.toSorted((one, other) => one.at - other.at || one.mask - other.mask);
  const ways: { readonly event: number; readonly took: number }[] = [];
  for (const [index, begin] of ordered.entries()) {
    if ((begin.mask & 1) === 0) continue;
    let step = 0;
    for (const [event, next] of ordered.entries()) {
      if (event < index || step >= steps || next.at - begin.at > window || (next.mask & (1 << step)) === 0) continue;
      const took = next.at - begin.at;
      const known = ways[step];
      if (known === undefined || event < known.event || (event === known.event && took < known.took)) {
        ways[step] = { event, took };
      }
      step += 1;
    }
  }
  return ways.map(({ took }) => took);
}

function expected(events: readonly Happened[], window: number): Reached {
  const counts = new Array<number>(steps).fill(0);
  const milliseconds = new Array<number>(steps).fill(0);
  const byValue = new Map<string, number[]>();
  for (const own of Map.groupBy(events, ({ person }) => person).values()) {
    const ways = waysOf(own, window);
    const [first] = own
      .filter(({ mask }) => (mask & 1) === 1)
      .toSorted((one, other) => one.at - other.at || (one.value < other.value ? -1 : 1));
    if (first === undefined) continue;
    const of = byValue.get(first.value) ?? new Array<number>(steps).fill(0);
    byValue.set(first.value, of);
    for (const [step, took] of ways.entries()) {
      counts[step] = (counts[step] as number) + 1;
      milliseconds[step] = (milliseconds[step] as number) + took;
      of[step] = (of[step] as number) + 1;
    }
  }
  return { counts, milliseconds, byValue };
}

const happenings = fc.array(
  fc.record({
    person: fc.nat(6),
    at: fc.nat(30),
    mask: fc.nat(2 ** steps - 1),
    value: fc.constantFrom('', 'a', 'b', 'c'),
  }),
  { maxLength: 120 },
);

function chainsOf(events: readonly Happened[], window: number, values: Values): Chains {
  const chains = new Chains({ steps, windowMilliseconds: window, hasBreakdown: true }, values);
  // Some begin alike and some end alike, as hashes do by chance.
  for (const { person, at, mask, value } of events) {
    chains.add((person % 3) * 2 ** 51 + Math.floor(person / 3) * 128, at, mask, values.numberOf(value));
  }
  return chains;
}

it('is what trying every chain finds', async () => {
  await fc.assert(
    fc.asyncProperty(happenings, fc.constantFrom(0, 4, 15, Number.POSITIVE_INFINITY), async (events, window) => {
      expect(await chainsOf(events, window, new Values()).reached()).toEqual(expected(events, window));
    }),
    { numRuns: 300 },
  );
});

it('is the same in passes, and with many events of one person', async () => {
  const random = fc.sample(happenings, { numRuns: 40, seed: 7 }).flat();
  const values = new Values();
  const parts = [0, 1].map((part) => random.filter(({ person }) => person % 2 === part));
  const [one, other] = parts.map((part) => chainsOf(part, 9, values)) as [Chains, Chains];
  expect(await other.reached(await one.reached())).toEqual(expected(random, 9));
});

it('keeps a hundred thousand values apart, and counts those of others in the whole', async () => {
  const values = new Values();
  const chains = new Chains({ steps: 2, windowMilliseconds: 1, hasBreakdown: true }, values);
  for (let person = 0; person < mostValues + 2; person += 1) {
    chains.add(person * 2 ** 36, 0, 1, values.numberOf(String(person)));
  }
  const { counts, byValue } = await chains.reached();
  expect(counts).toEqual([mostValues + 2, 0]);
  expect([byValue.size, byValue.get('7'), byValue.has(String(mostValues + 1))]).toEqual([mostValues, [1, 0], false]);
});

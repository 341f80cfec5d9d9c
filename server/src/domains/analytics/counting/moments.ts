/** Days on which somebody was there, and what a new one among them changes in the counts of distinct ones. Pure. */

/** Of nobody before. */
export const never = -1;

/** Events come within 90 days of their time; one more before them tells whether somebody had been there at all. */
const mostMoments = 130;

/** How many more there are of those that were there on `day`, and on `previous` the last time before it. */
export interface UniqueChange {
  readonly day: number;
  readonly previous: number;
  readonly count: number;
}

export interface Merged {
  readonly moments: readonly number[];
  readonly added: readonly number[];
}

/** @param stored ascending */
export function mergeMoments(stored: readonly number[], seen: Iterable<number>): Merged {
  const known = new Set(stored);
  const added = [...new Set(seen)].filter((moment) => !known.has(moment)).toSorted(ascending);
  const moments = added.length === 0 ? stored : [...stored, ...added].toSorted(ascending);
  return { moments, added };
}

/** The first stays, whatever became of those after it. */
export function trimMoments(moments: readonly number[]): readonly number[] {
  const [first] = moments;
  if (first === undefined || moments.length <= mostMoments) return moments;
  return [first, ...moments.slice(moments.length - mostMoments + 1)];
}

/** By whom each day was preceded. */
export function uniqueChanges(before: readonly number[], after: readonly number[]): UniqueChange[] {
  return difference(pairs(before), pairs(after));
}

/** By the first day of all, for cohorts. */
export function cohortChanges(before: readonly number[], after: readonly number[]): UniqueChange[] {
  return difference(cohorts(before), cohorts(after));
}

type Pair = readonly [day: number, previous: number];

function pairs(moments: readonly number[]): Pair[] {
  return moments.map((day, index) => [day, moments[index - 1] ?? never]);
}

function cohorts(moments: readonly number[]): Pair[] {
  return moments.map((day) => [day, moments[0] as number]);
}

function difference(before: readonly Pair[], after: readonly Pair[]): UniqueChange[] {
  const changes = new Map<string, UniqueChange>();
  const add = ([day, previous]: Pair, count: number) => {
    const key = `${day} ${previous}`;
    changes.set(key, { day, previous, count: (changes.get(key)?.count ?? 0) + count });
  };
  for (const pair of before) add(pair, -1);
  for (const pair of after) add(pair, 1);
  return [...changes.values()].filter(({ count }) => count !== 0);
}

function ascending(one: number, other: number): number {
  return one - other;
}

/**
 * Proportions: how sure a rate is, and whether one is higher than others by more than chance. Pure.
 *
 * Wilson's score interval and not Wald's, which collapses at 0 and 1 and is too narrow for small counts (Newcombe, Two-sided
 * confidence intervals for the single proportion, Statistics in Medicine 17, 1998).
 */

export interface Proportion {
  readonly successes: number;
  /** At least as many. */
  readonly trials: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** @returns undefined without trials */
export function wilsonInterval({ successes, trials }: Proportion, confidence: number): Interval | undefined {
  if (trials === 0) return undefined;
  const z = normalQuantile((1 + confidence) / 2);
  const rate = successes / trials;
  const share = (z * z) / trials;
  const centre = (rate + share / 2) / (1 + share);
  const reach = (z * Math.sqrt((rate * (1 - rate)) / trials + share / (4 * trials))) / (1 + share);
  // At the ends the formula is exact, its arithmetic is not.
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - reach),
    high: successes === trials ? 1 : Math.min(1, centre + reach),
  };
}

/** Probability of a difference at least as large between two samples of one and the same rate; two-sided z-test. */
export function differenceByChance(one: Proportion, other: Proportion): number {
  const pooled = (one.successes + other.successes) / (one.trials + other.trials);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / one.trials + 1 / other.trials));
  if (error === 0) return 1;
  const z = Math.abs(one.successes / one.trials - other.successes / other.trials) / error;
  return 2 * normalTail(z);
}

/** Below it the z-test says more than the counts do: each of the four expected counts must reach it (Cochran). */
const fewestExpected = 5;

function isEnough(one: Proportion, other: Proportion): boolean {
  const pooled = (one.successes + other.successes) / (one.trials + other.trials);
  return [one, other].every(({ trials }) => trials * Math.min(pooled, 1 - pooled) >= fewestExpected);
}

export interface Comparison<Each extends Proportion> {
  readonly leader: Each;
  /**
   * That the leader differs from each of the others by more than chance. The comparisons are made after a look at who
   * leads, so the largest of their probabilities counts once for each (Bonferroni).
   */
  readonly confidence: number;
  /** Undefined: the samples are large enough. */
  readonly tooFew?: true;
}

/** Of those that were tried; undefined where there are not two. The first of equals leads. */
export function compareProportions<Each extends Proportion>(all: readonly Each[]): Comparison<Each> | undefined {
  const tried = all.filter(({ trials }) => trials > 0);
  const [first, ...rest] = tried;
  if (first === undefined || rest.length === 0) return undefined;
  const rate = ({ successes, trials }: Proportion) => successes / trials;
  const leader = rest.reduce((best, each) => (rate(each) > rate(best) ? each : best), first);
  const others = tried.filter((each) => each !== leader);
  const chance = Math.max(...others.map((other) => differenceByChance(leader, other))) * others.length;
  return {
    leader,
    confidence: Math.max(0, 1 - chance),
    ...(!others.every((other) => isEnough(leader, other)) && { tooFew: true as const }),
  };
}

/**
 * Above `z`, for z of at least 0. Hart's approximation as given by West, Better Approximations to Cumulative Normal
 * Functions (Wilmott, 2005): to 8 digits also far out.
 */
export function normalTail(z: number): number {
  if (z > 37) return 0;
  const density = Math.exp((-z * z) / 2);
  if (z < 7.07106781186547) return (density * horner(numerators, z)) / horner(denominators, z);
  const fraction = z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))));
  return density / fraction / 2.506628274631;
}

const numerators = [
  0.0352624965998911, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931,
  220.206867912376,
];
const denominators = [
  0.0883883476483184, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
  793.826512519948, 440.413735824752,
];

function horner(coefficients: readonly number[], at: number): number {
  return coefficients.reduce((sum, coefficient) => sum * at + coefficient, 0);
}

/** Where the standard normal distribution reaches `probability`, of at least 0.5 and below 1. By halving: it is asked rarely. */
export function normalQuantile(probability: number): number {
  let low = 0;
  let high = 40;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (1 - normalTail(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

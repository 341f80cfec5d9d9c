/**
 * Events of a funnel, gathered by who did them, in any order, and what each got through. Typed arrays, for millions of
 * events: 16 bytes each (and 4 more with a breakdown), half as much again while they grow.
 */
import { setImmediate as pause } from 'node:timers/promises';

/** An event's moment and what it can be, in one number that sorts by both: perhaps no step at all. */
const mostSteps = 10;
const masks = 2 ** mostSteps;

/** So many parts: what is written to at once stays in the cache. */
const partCount = 256;
const hashesOfPart = 2 ** 53 / partCount;
/** Others are served after so long. */
const breathMilliseconds = 10;

export interface ChainsOptions {
  readonly steps: number;
  /** From the first step to the last. */
  readonly windowMilliseconds: number;
  readonly hasBreakdown: boolean;
}

/** How many got how far. */
export interface Reached {
  readonly counts: number[];
  /** Of all who got to a step: how long after the first step each did, in sum. */
  readonly milliseconds: number[];
  /** By the value that the first event of the first step has; '' where it has none. */
  readonly byValue: ReadonlyMap<string, number[]>;
}

/** Values beyond are counted in the whole alone (dossier/events-journeys-console §1.4: values per attribute key). */
export const mostValues = 100_000;
/** Number of those. */
const beyond = 0xffff_ffff;

/** What breaks a funnel down: numbers for texts. */
export class Values {
  readonly texts: string[] = [''];
  readonly #numbers = new Map([['', 0]]);

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    if (this.texts.length > mostValues) return beyond;
    this.#numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

/** Events of those whose hashes begin alike. */
class Part {
  hashes = new Float64Array(0);
  codes = new Float64Array(0);
  values = new Uint32Array(0);
  length = 0;

  grow(hasBreakdown: boolean): void {
    const size = Math.max(256, Math.ceil(this.length * 1.5));
    this.hashes = enlarged(this.hashes, new Float64Array(size));
    this.codes = enlarged(this.codes, new Float64Array(size));
    if (hasBreakdown) this.values = enlarged(this.values, new Uint32Array(size));
  }
}

function enlarged<Numbers extends Uint32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}

export class Chains {
  readonly #options: ChainsOptions;
  readonly #values: Values;
  #parts: Part[] = Array.from({ length: partCount }, () => new Part());
  length = 0;

  constructor(options: ChainsOptions, values = new Values()) {
    this.#options = options;
    this.#values = values;
  }

  /**
   * @param hash of who did it: an integer of 53 bits
   * @param milliseconds since the begin of the period
   * @param mask one bit for each step that it can be
   * @param value of the breakdown; looked at where it can be the first step
   */
  add(hash: number, milliseconds: number, mask: number, value = 0): void {
    const part = this.#parts[Math.floor(hash / hashesOfPart)] as Part;
    const { hasBreakdown } = this.#options;
    const at = part.length;
    if (at === part.codes.length) part.grow(hasBreakdown);
    part.hashes[at] = hash;
    part.codes[at] = milliseconds * masks + mask;
    if (hasBreakdown) part.values[at] = value;
    part.length = at + 1;
    this.length += 1;
  }

  /** Everybody of these events, added to what was reached before. They are forgotten with it. */
  async reached(before?: Reached): Promise<Reached> {
    const { steps, hasBreakdown } = this.#options;
    const counts = before?.counts ?? new Array<number>(steps).fill(0);
    const milliseconds = before?.milliseconds ?? new Array<number>(steps).fill(0);
    const byValue = new Map(before?.byValue);
    const parts = this.#parts;
    this.#parts = [];
    let breath = performance.now();
    for (const [index, part] of parts.entries()) {
      parts[index] = new Part();
      this.#followPart(part, milliseconds, (furthest, value) => {
        for (let step = 0; step < furthest; step += 1) counts[step] = (counts[step] as number) + 1;
        if (!hasBreakdown || value === beyond) return;
        const text = this.#values.texts[value] as string;
        const of = byValue.get(text) ?? new Array<number>(steps).fill(0);
        byValue.set(text, of);
        for (let step = 0; step < furthest; step += 1) of[step] = (of[step] as number) + 1;
      });
      if (performance.now() - breath < breathMilliseconds) continue;
      await pause();
      breath = performance.now();
    }
    return { counts, milliseconds, byValue };
  }

  /** @param milliseconds added to */
  #followPart(part: Part, milliseconds: number[], tell: (furthest: number, value: number) => void): void {
    const { codes, ends, firsts, people } = byPerson(part, this.#options.hasBreakdown ? this.#values.texts : undefined);
    const chain = { begins: new Float64Array(this.#options.steps), milliseconds };
    for (let person = 0; person < people; person += 1) {
      // Without a first step there is none at all.
      if (firsts.codes[person] === Number.POSITIVE_INFINITY) continue;
      const begin = person === 0 ? 0 : (ends[person - 1] as number);
      const end = ends[person] as number;
      sortRange(codes, begin, end);
      const furthest = furthestStep(codes, begin, end, chain, this.#options.windowMilliseconds);
      tell(furthest, firsts.values[person] as number);
    }
  }
}

interface ByPerson {
  readonly people: number;
  /** All of one person's lie together, in no order. */
  readonly codes: Float64Array;
  /** Where those of each end. */
  readonly ends: Uint32Array;
  /** The earliest that can be the first step, with its value; Infinity where there is none. */
  readonly firsts: { readonly codes: Float64Array; readonly values: Uint32Array };
}

/** @param texts of values, the smaller of which counts at one instant */
function byPerson({ hashes, codes, values, length }: Part, texts: readonly string[] | undefined): ByPerson {
  const { of, people } = tellApart(hashes, length);
  const ends = new Uint32Array(people);
  for (let index = 0; index < length; index += 1) count(ends, of[index] as number);
  let sum = 0;
  for (let person = 0; person < people; person += 1) {
    const begin = sum;
    sum += ends[person] as number;
    ends[person] = begin;
  }
  const sorted = new Float64Array(length);
  const firsts = { codes: new Float64Array(people).fill(Number.POSITIVE_INFINITY), values: new Uint32Array(people) };
  for (let index = 0; index < length; index += 1) {
    const person = of[index] as number;
    const code = codes[index] as number;
    sorted[count(ends, person)] = code;
    const at = Math.floor(code / masks);
    if (((code - at * masks) & 1) === 0) continue;
    const value = texts === undefined ? 0 : (values[index] as number);
    const first = firsts.codes[person] as number;
    if (at > first || (at === first && !isBefore(texts, value, firsts.values[person] as number))) continue;
    firsts.codes[person] = at;
    firsts.values[person] = value;
  }
  return { people, codes: sorted, ends, firsts };
}

/** @returns what it was before */
function count(counts: Uint32Array, at: number): number {
  const before = counts[at] as number;
  counts[at] = before + 1;
  return before;
}

function isBefore(texts: readonly string[] | undefined, value: number, other: number): boolean {
  if (texts === undefined || value === other || value === beyond) return false;
  return other === beyond || (texts[value] as string) < (texts[other] as string);
}

/** Of integers beyond 32 bits, `%` takes ten times as long. */
function remainder(integer: number, divisor: number): number {
  return integer - Math.floor(integer / divisor) * divisor;
}

/** Numbers for hashes, by a table of open addresses. */
function tellApart(hashes: Float64Array, length: number) {
  const size = 2 ** Math.ceil(Math.log2(Math.max(length, 1) * 2 + 1));
  const table = new Int32Array(size).fill(-1);
  const first = new Int32Array(length);
  const of = new Uint32Array(length);
  let people = 0;
  for (let index = 0; index < length; index += 1) {
    const hash = hashes[index] as number;
    let slot = remainder(hash, size);
    for (;;) {
      const person = table[slot] as number;
      if (person < 0) {
        table[slot] = people;
        first[people] = index;
        of[index] = people;
        people += 1;
        break;
      }
      if (hashes[first[person] as number] === hash) {
        of[index] = person;
        break;
      }
      slot = (slot + 1) & (size - 1);
    }
  }
  return { of, people };
}

/** Those of one person are few, mostly. */
const mostInserted = 40;

function sortRange(codes: Float64Array, begin: number, end: number): void {
  if (end - begin > mostInserted) {
    codes.subarray(begin, end).sort();
    return;
  }
  for (let index = begin + 1; index < end; index += 1) {
    const code = codes[index] as number;
    let place = index;
    for (; place > begin && (codes[place - 1] as number) > code; place -= 1) codes[place] = codes[place - 1] as number;
    codes[place] = code;
  }
}

/**
 * How many steps somebody got through. For each step, the latest begin of all chains that lead to it is known: the
 * latest is the one that lasts longest within the window. Events of one instant count in the order of the steps.
 * @param codes ascending, from `from` to `to`
 * @param chain one number for each step: begins are written over, milliseconds since the begin added when a step is reached
 */
function furthestStep(
  codes: Float64Array,
  from: number,
  to: number,
  { begins, milliseconds }: { readonly begins: Float64Array; readonly milliseconds: number[] },
  window: number,
): number {
  begins.fill(Number.NEGATIVE_INFINITY);
  let furthest = 0;
  for (let index = from; index < to; index += 1) {
    const code = codes[index] as number;
    const at = Math.floor(code / masks);
    const matches = code - at * masks;
    // From the last step to the first, so that no event is two steps of one chain.
    for (let step = Math.min(begins.length - 1, furthest); step >= 0; step -= 1) {
      if ((matches & (1 << step)) === 0) continue;
      const begin = step === 0 ? at : (begins[step - 1] as number);
      if (at - begin > window) continue;
      // Begins never go back in time.
      begins[step] = begin;
      if (step !== furthest) continue;
      furthest = step + 1;
      milliseconds[step] = (milliseconds[step] as number) + at - begin;
    }
  }
  return furthest;
}

/**
 * Where any of many words stands in bytes, in one pass however many words there are (Aho and Corasick, 1975): most of a
 * file is told apart from the people who are looked for without being cut into lines.
 */

export interface Needles {
  /** Index of the last byte of the first word that ends at or after `from`, begun there or later; -1 when there is none. */
  firstIn(block: Buffer, from: number): number;
}

/** A quarter of a million bytes of words; their table takes some tens of megabytes then. */
const mostStates = 250_000;
const found = -1;

/**
 * @param words of at least one byte; letters of ASCII count in either case
 * @returns undefined for so many that their table would be too large
 */
export function createNeedles(words: readonly Buffer[]): Needles | undefined {
  const { classes, count } = classify(words);
  const mostOfThese = words.reduce((sum, word) => sum + word.length, 1);
  if (mostOfThese > mostStates) return undefined;
  const { next, ends, states } = plant(words, { classes, count }, mostOfThese);
  follow({ next, ends, states, count });
  return {
    firstIn(block, from) {
      let state = 0;
      for (let at = from; at < block.length; at += 1) {
        state = next[state + (classes[block[at] as number] as number)] as number;
        if (state === found) return at;
      }
      return -1;
    },
  };
}

/** Bytes that no word has are all the same. */
function classify(words: readonly Buffer[]) {
  const classes = new Uint8Array(256);
  let count = 1;
  for (const word of words) {
    for (const byte of word) {
      if (classes[byte] !== 0) continue;
      for (const same of bothCases(byte)) classes[same] = count;
      count += 1;
    }
  }
  return { classes, count };
}

function bothCases(byte: number): readonly number[] {
  const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
  return isLetter ? [byte | 0x20, byte & ~0x20] : [byte];
}

/** A tree of the words. A state is the place of its row in `next`. */
function plant(words: readonly Buffer[], { classes, count }: ReturnType<typeof classify>, mostOfThese: number) {
  const next = new Int32Array(mostOfThese * count);
  const ends = new Uint8Array(mostOfThese);
  let states = 1;
  for (const word of words) {
    let state = 0;
    for (const byte of word) {
      const edge = state + (classes[byte] as number);
      if (next[edge] === 0) next[edge] = states++ * count;
      state = next[edge] as number;
    }
    ends[state / count] = 1;
  }
  return { next, ends, states };
}

interface Tree {
  readonly next: Int32Array;
  readonly ends: Uint8Array;
  readonly states: number;
  readonly count: number;
}

/** Where no word goes on, the longest end of what was read that begins one does; rows nearer to the root first. */
function follow({ next, ends, states, count }: Tree): void {
  const shorter = new Int32Array(states);
  const waiting = [...next.subarray(0, count)].filter((state) => state !== 0);
  for (let first = 0; first < waiting.length; first += 1) {
    const state = waiting[first] as number;
    const fallback = shorter[state / count] as number;
    if (ends[fallback / count] === 1) ends[state / count] = 1;
    for (let byte = 0; byte < count; byte += 1) {
      const after = next[state + byte] as number;
      const instead = next[fallback + byte] as number;
      if (after === 0) next[state + byte] = instead;
      else {
        shorter[after / count] = instead;
        waiting.push(after);
      }
    }
  }
  for (let edge = 0; edge < states * count; edge += 1) {
    if (ends[(next[edge] as number) / count] === 1) next[edge] = found;
  }
}

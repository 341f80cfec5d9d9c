/** Patterns with wildcards: `*` is any run of characters, `?` exactly one. Linear in memory, never exponential in time. */

/** One piece of a pattern: a character, or one of the wildcards. */
export type WildcardToken = string | typeof anyRun | typeof anyOne;
export const anyRun = Symbol('*');
export const anyOne = Symbol('?');

export function wildcardTokens(pattern: string): WildcardToken[] {
  return Array.from(pattern, (character) => (character === '*' ? anyRun : character === '?' ? anyOne : character));
}

/** Greedy with one point to go back to: at most pattern × text steps, whatever the pattern. */
export function fitsWildcard(pattern: readonly WildcardToken[], text: string): boolean {
  const characters = Array.from(text);
  let at = 0;
  let next = 0;
  let run = -1;
  let resumeAt = 0;
  while (at < characters.length) {
    const token = pattern[next];
    if (token === anyRun) {
      run = next;
      next += 1;
      resumeAt = at;
    } else if (token === anyOne || token === characters[at]) {
      next += 1;
      at += 1;
    } else if (run >= 0) {
      next = run + 1;
      resumeAt += 1;
      at = resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[next] === anyRun) next += 1;
  return next === pattern.length;
}

/** Capitals count. */
export function compileWildcard(pattern: string): (text: string) => boolean {
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const tokens = wildcardTokens(pattern);
  return (text) => fitsWildcard(tokens, text);
}

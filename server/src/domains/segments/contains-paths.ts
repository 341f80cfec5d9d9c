/** "Contains one of these texts" as JSON paths over a list of texts. */

/** A pattern is compiled once a statement, and may not be of any length. */
const longestPattern = 1_000;

/** @returns paths of which one, at least, finds something where a text contains one of `parts`; exactly, case and all */
export function containsPaths(parts: readonly string[]): string[] {
  if (parts.includes('')) return ['$[*]'];
  const patterns: string[] = [];
  for (const part of new Set(parts.map(literally))) {
    const last = patterns.at(-1);
    if (last === undefined || last.length + part.length > longestPattern) patterns.push(part);
    else patterns[patterns.length - 1] = `${last}|${part}`;
  }
  return patterns.map((pattern) => `$[*] ? (@ like_regex ${JSON.stringify(pattern)})`);
}

/** A backslash before anything but letters and digits says that it stands for itself. */
function literally(part: string): string {
  return part.replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

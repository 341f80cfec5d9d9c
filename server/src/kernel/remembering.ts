/** A pure function of a text that remembers what it made of the last ones, for texts that come back soon. */

/** Whoever sends texts must not decide how much memory they take. */
const longestRemembered = 512;

/** @param most how many are remembered; when there are more, all are forgotten */
export function remembering<Value>(most: number, make: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = make(text);
    if (text.length > longestRemembered) return made;
    if (known.size >= most) known.clear();
    known.set(text, made);
    return made;
  };
}

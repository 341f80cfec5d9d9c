/** Results for texts that come again and again: senders, subjects, reply addresses. */

const capacity = 256;

/** Remembers what a function of one text made of the last few hundred texts. What it throws is not remembered. */
export function remembering<Result>(compute: (text: string) => Result): (text: string) => Result {
  const results = new Map<string, Result>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const result = compute(text);
    if (results.size >= capacity) results.clear();
    results.set(text, result);
    return result;
  };
}

/** `messages.0.id`: where in an answer something stands. */

/** Part of ECMAScript that TypeScript's library does not declare yet. */
type ReviverWithSource = (name: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Ids of more than 2^53 would lose their last digits as numbers. */
const keepDigits: ReviverWithSource = (_name, value, { source }) => (typeof value === 'number' ? source : value);

/** The text or number there; undefined for anything else. */
export function readPath(answer: string, path: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(answer, keepDigits as (name: string, value: unknown) => unknown);
  } catch {
    return undefined;
  }
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    const member = Object.getOwnPropertyDescriptor(value, name);
    // The length of a list is its own, and no part of the answer.
    if (member?.enumerable !== true) return undefined;
    value = member.value;
  }
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Text that PostgreSQL can keep: without NUL, without halves of surrogate pairs. Requests with such text are refused; this
 * is for what providers answer, for what a template cuts in the middle of a character, and for lines of files.
 */
export function storableText(text: string): string {
  return suspicious.test(text) ? text.replaceAll('\0', '').toWellFormed() : text;
}

const suspicious = /[\0\ud800-\udfff]/;

/** JSON of a value, with all of its texts storable. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  return unstorable.test(json) ? JSON.stringify(value, withoutUnstorable) : json;
}

/** Whether all texts of a value, names of members among them, can be kept as they are. */
export function isStorable(value: unknown): boolean {
  return storableJson(value) === JSON.stringify(value);
}

/** As `JSON.stringify` writes them. */
const unstorable = /\\u(?:0000|[dD][89a-fA-F])/;

function withoutUnstorable(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [storableText(name), member]));
}

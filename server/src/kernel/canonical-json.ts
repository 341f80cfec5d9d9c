/**
 * JSON in its one canonical spelling (RFC 8785), so that signatures and hashes of a document do not depend on who wrote
 * it. The RFC takes numbers and texts as ECMAScript spells them: what is left is the order of members, by UTF-16 units,
 * which is how JavaScript sorts. A library for it is no longer than this.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** @throws TypeError for what I-JSON does not have: NaN, infinities, broken surrogates, anything but plain values */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return spellNumber(value);
  if (typeof value === 'string') return spellText(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) {
    throw new TypeError('Only plain values have a canonical spelling.');
  }
  const members = Object.keys(value).toSorted(byUnits);
  return `{${members.map((name) => `${spellText(name)}:${canonicalJson(value[name] as Json)}`).join(',')}}`;
}

function spellNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError('A number without a spelling in JSON.');
  return JSON.stringify(value);
}

function spellText(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('A text with half of a surrogate pair.');
  return JSON.stringify(text);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function byUnits(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

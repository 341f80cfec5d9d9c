/** Texts by characters (code points): an emoji is one, and is never cut in half. */

const surrogates = /[\ud800-\udfff]/;

export function lengthOf(text: string): number {
  if (!surrogates.test(text)) return text.length;
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

export function cutAt(text: string, start: number, end: number): string {
  return surrogates.test(text) ? Array.from(text).slice(start, end).join('') : text.slice(start, end);
}

export function firstCharacter(text: string): string | undefined {
  const point = text.codePointAt(0);
  return point === undefined ? undefined : String.fromCodePoint(point);
}

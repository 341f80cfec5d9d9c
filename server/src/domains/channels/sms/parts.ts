/**
 * How many messages a text is on the radio network, and which (dossier/messaging §9.1): 160 characters of GSM-7 or 70 of
 * UCS-2 in one message, 153 or 67 in each part of a longer one.
 */
import { encodeGsm7, septetCount } from './gsm7.ts';

export type SmsEncoding = 'GSM_7' | 'UCS_2';

export interface SmsParts {
  readonly encoding: SmsEncoding;
  /** In order; at least one. */
  readonly parts: readonly string[];
}

/** More than Pinpoint sends: 1,600 characters of GSM-7, or 630 of others. */
export class SmsTooLong extends Error {
  constructor(encoding: SmsEncoding) {
    super(`Invalid Message Exception: more than ${limits[encoding].most} characters`);
    this.name = 'SmsTooLong';
  }
}

/** In septets of GSM-7, where the extension table takes two a character, or in UTF-16 units. */
const limits: Readonly<Record<SmsEncoding, { single: number; part: number; most: number }>> = {
  GSM_7: { single: 160, part: 153, most: 1_600 },
  UCS_2: { single: 70, part: 67, most: 630 },
};

/** @throws SmsTooLong */
export function splitSms(body: string): SmsParts {
  const characters = [...body];
  const septets = characters.map(septetCount);
  const encoding: SmsEncoding = septets.includes(undefined) ? 'UCS_2' : 'GSM_7';
  const sizes = encoding === 'GSM_7' ? (septets as number[]) : characters.map(({ length }) => length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const { single, part, most } = limits[encoding];
  if (total > most) throw new SmsTooLong(encoding);
  return { encoding, parts: total <= single ? [body] : cut(characters, sizes, part) };
}

/** `number_of_message_parts` of events. @throws SmsTooLong */
export function countSmsParts(body: string): number {
  return splitSms(body).parts.length;
}

/** The bytes of a text, or of one of its parts, as SMPP carries them. */
export function encodeSms(text: string, encoding: SmsEncoding): Buffer {
  const bytes = encoding === 'GSM_7' ? encodeGsm7(text) : Buffer.from(text, 'utf16le').swap16();
  if (bytes === undefined) throw new Error('The text is not of GSM-7.');
  return bytes;
}

/** Characters stay whole: neither a surrogate pair nor an escape and what it escapes is ever parted. */
function cut(characters: readonly string[], sizes: readonly number[], most: number): string[] {
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const [at, character] of characters.entries()) {
    const size = sizes[at] as number;
    if (used + size > most) {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += character;
    used += size;
  }
  return [...parts, part];
}

/** Texts as messages on the radio network: alphabet, counting, cutting. Case 63 of dossier/messaging §18. */
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeGsm7, encodeGsm7, septetCount } from './gsm7.ts';
import { countSmsParts, encodeSms, SmsTooLong, splitSms } from './parts.ts';

const { gsmCoder } = createRequire(import.meta.url)('smpp') as {
  gsmCoder: { encode(text: string, table: number): Buffer };
};

const gsmCharacters = [
  ...'@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿',
  ...'abcdefghijklmnopqrstuvwxyzäöñüà\f^{}\\[~]|€',
];
const gsmText = (maxLength: number) => fc.string({ unit: fc.constantFrom(...gsmCharacters), maxLength });
const anyText = (maxLength: number) => fc.string({ unit: 'binary', maxLength });

describe('GSM-7', () => {
  it('has 127 characters and 10 of the extension table', () => {
    expect(new Set(gsmCharacters).size).toBe(137);
    const counts = Array.from({ length: 0x10000 }, (_, code) => septetCount(String.fromCharCode(code)));
    expect(counts.filter((count) => count === 1)).toHaveLength(127);
    expect(counts.filter((count) => count === 2)).toHaveLength(10);
  });
  it('is written as another implementation writes it, and read back', () => {
    fc.assert(
      fc.property(gsmText(300), (text) => {
        const bytes = encodeGsm7(text) as Buffer;
        expect(bytes).toEqual(gsmCoder.encode(text, 0));
        expect(decodeGsm7(bytes)).toBe(text);
      }),
    );
  }, 30_000);
  it.each(['’', 'ç', '–', 'ł', '😀', '\u001b', '\t', '`'])('does not have %j', (character) => {
    expect(encodeGsm7(`a${character}`)).toBeUndefined();
    expect(septetCount(character)).toBeUndefined();
  });
  it.each([
    [[0x1b], ' '],
    [[0x1b, 0x41], ' A'],
    [[0x1b, 0x1b, 0x65], ' €'],
    [[0x41, 0xff], 'A\ufffd'],
    [[0x00], '@'],
  ])('reads what nobody should write: %j', (bytes, text) => expect(decodeGsm7(Buffer.from(bytes))).toBe(text));
});

describe('parts', () => {
  it.each([
    ['', 1],
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    [`’${'a'.repeat(69)}`, 1],
    [`’${'a'.repeat(70)}`, 2],
    ['漢'.repeat(134), 2],
    ['漢'.repeat(135), 3],
    ['😀'.repeat(35), 1],
    ['😀'.repeat(36), 2],
    ['😀'.repeat(67), 3],
    ['a'.repeat(1600), 11],
    ['漢'.repeat(630), 10],
  ])('%#', (body, count) => expect(countSmsParts(body)).toBe(count));

  it.each(['a'.repeat(1601), `${'a'.repeat(1599)}€`, '漢'.repeat(631), `${'a'.repeat(630)}’`, '😀'.repeat(316)])(
    '%# is too long',
    (body) => expect(() => splitSms(body)).toThrow(SmsTooLong),
  );

  it('an escape and what it escapes stay together', () => {
    const { parts } = splitSms(`${'a'.repeat(152)}€${'b'.repeat(10)}`);
    expect(parts).toEqual(['a'.repeat(152), `€${'b'.repeat(10)}`]);
  });
  it('a surrogate pair stays together', () => {
    const { parts } = splitSms(`${'漢'.repeat(66)}😀${'字'.repeat(10)}`);
    expect(parts).toEqual(['漢'.repeat(66), `😀${'字'.repeat(10)}`]);
  });

  it('lose nothing, fit, and are as few as they can be', () => {
    fc.assert(
      fc.property(fc.oneof(gsmText(800), anyText(300)), (body) => {
        const { encoding, parts } = splitSms(body);
        expect(parts.join('')).toBe(body);
        const sizes = parts.map((part) => encodeSms(part, encoding).length);
        const [single, each] = encoding === 'GSM_7' ? [160, 153] : [140, 134];
        const total = sizes.reduce((sum, size) => sum + size, 0);
        if (parts.length === 1) expect(total).toBeLessThanOrEqual(single);
        else {
          expect(total).toBeGreaterThan(single);
          expect(Math.max(...sizes)).toBeLessThanOrEqual(each);
          // At most one place is left free in a part, by a character that takes two.
          const least = each - (encoding === 'GSM_7' ? 1 : 2);
          expect(sizes.slice(0, -1).every((size) => size >= least)).toBe(true);
        }
        expect(parts.every((part) => part.isWellFormed())).toBe(true);
      }),
    );
  }, 30_000);
});

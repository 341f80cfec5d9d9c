/** Pasted people: types, quotes, empty lines, what is refused and where it stands. */
import { describe, expect, it } from 'vitest';
import { faultOf, joined, readPasted } from './identities.ts';

const mail = { Type: 'EMAIL' } as const;

describe('pasted people', () => {
  it('are one a line, each once, whatever ends the lines', () => {
    const { identities, faults } = readPasted('ana@example.com\r\n\r\n  ben@example.com \nana@example.com\n', mail);
    expect(identities).toEqual([
      { Type: 'EMAIL', Value: 'ana@example.com' },
      { Type: 'EMAIL', Value: 'ben@example.com' },
    ]);
    expect(faults).toEqual([]);
  });

  it('may name their own type, as a table of two columns does', () => {
    const text = 'PHONE,+351 912 345 678\n"USER_ID","says ""hi"""\nENDPOINT_ID\te,1\nNOBODY,x@example.com';
    expect(readPasted(text, mail).identities).toEqual([
      { Type: 'PHONE', Value: '+351 912 345 678' },
      { Type: 'USER_ID', Value: 'says "hi"' },
      { Type: 'ENDPOINT_ID', Value: 'e,1' },
      { Type: 'EMAIL', Value: 'NOBODY,x@example.com' },
    ]);
  });

  it('are refused with their line, and the others are kept', () => {
    const { identities, faults } = readPasted('ana@example.com\n*\nben\nPHONE,12', mail);
    expect(identities).toHaveLength(1);
    expect(faults).toEqual([
      'Line 2 is a wildcard: people are named one by one',
      'Line 3 is not an e-mail address',
      'Line 4 is not a phone number with its country code',
    ]);
  });

  it('names the first ten faults and counts the others', () => {
    const { faults } = readPasted(Array.from({ length: 15 }, () => 'x').join('\n'), mail);
    expect(faults).toHaveLength(11);
    expect(faults.at(-1)).toBe('5 more lines');
  });
});

describe('an identity', () => {
  it.each([
    [{ Type: 'USER_ID', Value: ' ' }, 'is empty'],
    [{ Type: 'ENDPOINT_ID', Value: '%*' }, 'is a wildcard: people are named one by one'],
    [{ Type: 'EMAIL', Value: 'ana@example.com', Format: 'SHA256' }, 'is not a SHA-256 of 64 hex characters'],
    [{ Type: 'EMAIL', Value: 'aB'.repeat(32), Format: 'SHA256' }, undefined],
    [{ Type: 'USER_ID', Value: 'a*b' }, undefined],
  ] as const)('%j: %s', (identity, fault) => {
    expect(faultOf(identity)).toBe(fault);
  });

  it('as text and as hash is two, and the same twice is one', () => {
    const hashed = { ...mail, Value: 'a'.repeat(64), Format: 'SHA256' } as const;
    const raw = { ...mail, Value: 'a'.repeat(64) };
    expect(joined([hashed, raw], [{ ...raw, Format: 'RAW' }])).toHaveLength(2);
  });
});

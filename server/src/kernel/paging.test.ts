import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPagingTokens, type PageRequest, type Position, parsePageSize, readPage } from './paging.ts';

const tokens = createPagingTokens(randomBytes(32));

describe('paging tokens', () => {
  it('bring back the position in their own listing', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer())),
        (listing, position) => {
          expect(tokens.decode(listing, tokens.encode(listing, position))).toEqual(position);
        },
      ),
    );
  });

  it('are refused in another listing, when changed, and when made up', () => {
    const token = tokens.encode('111122223333/eu-central-1/apps', ['2026-01-01T00:00:00.000Z', 'a']);
    expect(() => tokens.decode('111122223333/us-east-1/apps', token)).toThrow('Invalid token');
    expect(() =>
      tokens.decode('111122223333/eu-central-1/apps', `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`),
    ).toThrow('Invalid token');
    for (const forged of ['', 'x', 'AAAA', '💥', 'null']) {
      expect(() => tokens.decode('111122223333/eu-central-1/apps', forged)).toThrow('Invalid token');
    }
  });
});

describe('parsePageSize', () => {
  it('defaults to 100 and is cut at 1000', () => {
    expect(parsePageSize(undefined)).toBe(100);
    expect(parsePageSize('7')).toBe(7);
    expect(parsePageSize('5000')).toBe(1000);
  });

  it.each(['0', '-1', '1.5', 'ten', '', '1e3', ' 5'])('refuses %j', (text) => {
    expect(() => parsePageSize(text)).toThrow(/page-size/);
  });
});

describe('readPage', () => {
  const rows = [1, 2, 3, 4, 5];
  const read = async (after: Position | undefined, limit: number) =>
    rows.filter((row) => row > Number(after?.[0] ?? 0)).slice(0, limit);
  const page = (request: PageRequest) => readPage(tokens, 'numbers', request, read, (row) => [row]);

  it('goes through a listing page by page, and the last page has no token', async () => {
    const first = await page({ PageSize: '2' });
    const second = await page({ PageSize: '2', Token: first.NextToken });
    const third = await page({ PageSize: '2', Token: second.NextToken });
    expect([first.items, second.items, third.items]).toEqual([[1, 2], [3, 4], [5]]);
    expect(third.NextToken).toBeUndefined();
    expect((await page({ PageSize: '5' })).NextToken).toBeUndefined();
  });
});

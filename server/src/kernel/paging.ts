/**
 * Pages and their tokens. A token is sealed (nobody can read or forge it) and bound to its listing: account, region,
 * operation and path, so that it cannot be moved to another one (dossier/audience §1.3).
 */
import { badRequest } from './errors.ts';
import { openWith, sealWith } from './master-key.ts';

export const defaultPageSize = 100;
export const maximumPageSize = 1000;

/** The key of the last row of a page: as many strings or numbers as the listing's order has columns. */
export type Position = readonly (string | number)[];

export interface PagingTokens {
  encode(listing: string, position: Position): string;
  /** @throws BadRequestException when the token is not one of this listing. */
  decode(listing: string, token: string): Position;
}

export function createPagingTokens(key: Buffer): PagingTokens {
  return {
    encode: (listing, position) => sealWith(key, listing, JSON.stringify(position)).toString('base64url'),
    decode(listing, token) {
      try {
        return JSON.parse(openWith(key, listing, Buffer.from(token, 'base64url'))) as Position;
      } catch {
        throw badRequest('Invalid token');
      }
    },
  };
}

/** `page-size` arrives as text. Above the maximum it is cut, not refused (dossier/messaging §0). */
export function parsePageSize(text: string | undefined): number {
  if (text === undefined) return defaultPageSize;
  const size = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
  if (size < 1) throw badRequest('page-size must be a whole number of at least 1');
  return Math.min(size, maximumPageSize);
}

/**
 * Cuts a page out of rows that were read with `limit pageSize + 1`: the extra row only tells that there is a next page,
 * so the last page never carries a token.
 */
function cutPage<Row>(
  rows: Row[],
  pageSize: number,
  nextToken: (last: Row) => string,
): { items: Row[]; NextToken?: string } {
  if (rows.length <= pageSize) return { items: rows };
  const items = rows.slice(0, pageSize);
  return { items, NextToken: nextToken(items[pageSize - 1] as Row) };
}

/** What a listing's request carries; the members every listing of the contract has. */
export interface PageRequest {
  readonly PageSize?: string;
  readonly Token?: string;
}

/**
 * Reads one page of a listing.
 * @param read reads rows in the listing's order, behind the position `after`
 * @throws BadRequestException for a page size or token that is none
 */
export async function readPage<Row>(
  tokens: PagingTokens,
  listing: string,
  { PageSize, Token }: PageRequest,
  read: (after: Position | undefined, limit: number) => Promise<Row[]>,
  positionOf: (row: Row) => Position,
): Promise<{ items: Row[]; NextToken?: string }> {
  const pageSize = parsePageSize(PageSize);
  const after = Token === undefined ? undefined : tokens.decode(listing, Token);
  const rows = await read(after, pageSize + 1);
  return cutPage(rows, pageSize, (last) => tokens.encode(listing, positionOf(last)));
}

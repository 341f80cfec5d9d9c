/** Endpoint identity: how an id is compared, and which of the 1024 buckets it belongs to (DESIGN decision 5). */
import { remembering } from './remembering.ts';
import { sha256 } from './sha256.ts';

export const bucketCount = 1024;

/**
 * The stored, compared form of an endpoint id. Ids are case-insensitive; folding happens here and nowhere else,
 * because `lower()` differs between JavaScript, PostgreSQL and collations.
 */
export function foldEndpointId(endpointId: string): string {
  return endpointId.toLowerCase();
}

/**
 * First four bytes of SHA-256 (big endian) of the folded id, mod 1024. The SQL function `bucket_of` gives the same
 * number and is tested against this one.
 */
export const bucketOf: (foldedEndpointId: string) => number = remembering(
  20_000,
  (foldedEndpointId) => sha256(foldedEndpointId).readUInt32BE(0) % bucketCount,
);

/** Addresses as identities: when two of them are the same, and how they are found. */
import { bucketCount } from './bucket.ts';
import { remembering } from './remembering.ts';
import { sha256 } from './sha256.ts';

/** E-mail addresses compare without regard to case, everything else exactly (dossier/audience §2.7). */
export function normaliseAddress(address: string): string {
  return address.includes('@') ? address.toLowerCase() : address;
}

/** First 8 bytes of SHA-256, as the signed number PostgreSQL stores. Text: it does not fit JavaScript's numbers. */
export const addressKey: (address: string) => string = remembering(20_000, (address) =>
  sha256(normaliseAddress(address)).readBigInt64BE(0).toString(),
);

/** The bucket of an address's own row, from its key. */
export function addressBucket(key: string): number {
  return Number(BigInt.asUintN(64, BigInt(key)) % BigInt(bucketCount));
}

/** SHA-256 of the normalised address: what callers who name nobody may name. */
export function addressSha256(address: string): Buffer {
  return sha256(normaliseAddress(address));
}

/** The key of an address of which only the SHA-256 is known. */
export function keyOfSha256(sha256: Buffer): string {
  return sha256.readBigInt64BE(0).toString();
}

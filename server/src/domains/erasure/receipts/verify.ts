/**
 * Checks receipts without any database: what was written, byte for byte, by which key, and in which order. A receipt has one
 * spelling only, so whatever byte of it is another one, it fails.
 */
import { createPublicKey, hash } from 'node:crypto';
import { canonicalJson, type Json } from '../../../kernel/canonical-json.ts';
import { type Receipt, receiptFormat } from './document.ts';
import { isSignedBy, openPublicKey, thumbprintOf } from './signing.ts';

export interface VerifiedReceipt {
  readonly receipt: Receipt;
  /** What the next one of the chain calls `previous`. */
  readonly hash: string;
}

/** What is wrong, as a sentence for whoever checks. */
export class ReceiptFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ReceiptFault';
  }
}

/**
 * @param trusted public keys that somebody kept, in the form of receipts; without them only a later change is noticed, not
 *   a receipt that somebody else signed
 * @throws ReceiptFault
 */
export function verifyReceipt(bytes: Buffer, trusted?: readonly string[]): VerifiedReceipt {
  const receipt = readReceipt(bytes);
  const { key, publicKey } = receipt;
  if (!isExactly(publicKey, 32) || thumbprintOf(publicKey) !== key) throw new ReceiptFault('It names no key.');
  if (trusted !== undefined && !trusted.includes(publicKey)) {
    throw new ReceiptFault('It is signed by another key than the one that is trusted.');
  }
  if (!isExactly(receipt.signature, 64)) throw new ReceiptFault('It has no signature.');
  if (!isGood(receipt)) throw new ReceiptFault('The signature is not of this content.');
  return { receipt, hash: hash('sha256', bytes) };
}

function readReceipt(bytes: Buffer): Receipt {
  let value: Json;
  let spelling: string;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) as Json;
    spelling = canonicalJson(value);
  } catch {
    throw new ReceiptFault('It is not JSON.');
  }
  if (!Buffer.from(spelling).equals(bytes)) {
    throw new ReceiptFault('It is not spelt as it was when it was signed: it was changed, or written anew.');
  }
  const { format, signature, key, publicKey, number, account } = Object(value) as Record<string, unknown>;
  if (format !== receiptFormat) throw new ReceiptFault(`It is not a receipt of the format ${receiptFormat}.`);
  for (const text of [signature, key, publicKey, account]) {
    if (typeof text !== 'string') throw new ReceiptFault('It is incomplete.');
  }
  if (!Number.isSafeInteger(number)) throw new ReceiptFault('It has no number.');
  return value as unknown as Receipt;
}

/** Base64url has several spellings of the same bytes; one of them is meant. */
function isExactly(text: string, length: number): boolean {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === length && bytes.toString('base64url') === text;
}

function isGood(receipt: Receipt): boolean {
  try {
    return isSignedBy(receipt, openPublicKey(receipt.publicKey));
  } catch {
    return false;
  }
}

export interface VerifiedChain {
  readonly account: string;
  readonly first: number;
  readonly last: number;
}

/**
 * Receipts of accounts, in any order: each must follow the one before.
 * @throws ReceiptFault naming the number of the first that does not
 */
export function verifyChains(receipts: readonly VerifiedReceipt[]): VerifiedChain[] {
  const accounts = Map.groupBy(receipts, ({ receipt }) => receipt.account);
  return [...accounts].map(([account, of]) => {
    const links = of.toSorted((one, other) => one.receipt.number - other.receipt.number);
    let before: VerifiedReceipt | undefined;
    for (const link of links) {
      follow(before, link);
      before = link;
    }
    const numbers = links.map(({ receipt }) => receipt.number);
    return { account, first: numbers[0] as number, last: numbers.at(-1) as number };
  });
}

/** @param before undefined: the first that is known */
export function follow(before: VerifiedReceipt | undefined, { receipt }: VerifiedReceipt): void {
  const { account, number, previous } = receipt;
  const which = `Receipt ${number} of account ${account}`;
  if (number < 1 || (number === 1) !== (previous === null)) throw new ReceiptFault(`${which} has no place in a chain.`);
  if (before === undefined) return;
  if (number === before.receipt.number) throw new ReceiptFault(`${which} is there twice.`);
  if (number !== before.receipt.number + 1) {
    throw new ReceiptFault(
      `Between receipts ${before.receipt.number} and ${number} of account ${account} some are missing.`,
    );
  }
  if (previous !== before.hash) throw new ReceiptFault(`${which} does not follow the one before it: one was replaced.`);
}

/** A public key as PEM, as JSON Web Key, or as receipts have it. @throws ReceiptFault */
export function readPublicKey(text: string): string {
  const trimmed = text.trim();
  if (isExactly(trimmed, 32)) return trimmed;
  try {
    const key = trimmed.startsWith('{')
      ? createPublicKey({ key: JSON.parse(trimmed), format: 'jwk' })
      : createPublicKey(trimmed);
    const { crv, x } = key.export({ format: 'jwk' });
    if (crv === 'Ed25519' && x !== undefined) return x;
  } catch {
    // Said below.
  }
  throw new ReceiptFault('The public key is no Ed25519 key: neither PEM, nor a JSON Web Key.');
}

/**
 * Checking a receipt in the browser, as `repoint erasure verify` does: one spelling, its signature, whose key it is.
 * A receipt is signed over everything but `signature`, in the order in which it stands there; so whatever byte of it is
 * another one, either the spelling or the signature does not fit.
 */

export interface ReceiptPlace {
  readonly name: string;
  readonly found: number;
  readonly erased: number;
  readonly retained: number;
  readonly left: number;
}

/** What the console shows of a receipt: `server/src/domains/erasure/receipts/document.ts` has all of it. */
export interface Receipt {
  readonly format: string;
  readonly account: string;
  readonly number: number;
  readonly previous: string | null;
  readonly issuedAt: string;
  readonly software: string;
  readonly key: string;
  readonly publicKey: string;
  readonly signature: string;
  readonly erasure: {
    readonly kind: string;
    readonly id: string;
    readonly project: { readonly id: string; readonly region: string } | null;
    readonly mode: string;
    readonly origin: string;
    readonly state: string;
    readonly completedAt: string;
    readonly subject: { readonly endpoints: number; readonly users: number; readonly matched: boolean } | null;
    readonly places: readonly ReceiptPlace[];
    readonly kept: readonly {
      readonly place: string;
      readonly count: number;
      readonly reason: string;
      readonly until: string | null;
    }[];
    readonly skipped: readonly { readonly what: string; readonly why: string }[];
    readonly messagesUnderWay: number;
    readonly erased: number;
  };
  readonly physical: { readonly withinHours: number | null; readonly stillToCome: readonly string[] };
}

export interface CheckedReceipt {
  readonly receipt: Receipt;
  /** SHA-256 of the document: what the next receipt of the chain calls `previous`. */
  readonly sha256: string;
}

/** What is wrong with a receipt, as a sentence. */
export class ReceiptFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ReceiptFault';
  }
}

export function readReceipt(text: string): Receipt {
  try {
    const value: unknown = JSON.parse(text);
    if (JSON.stringify(value) === text && isReceipt(value)) return value;
  } catch {
    throw new ReceiptFault('It is not JSON.');
  }
  throw new ReceiptFault('It is not spelt as it was when it was signed: it was changed, or written anew.');
}

function isReceipt(value: unknown): value is Receipt {
  const { format, publicKey, signature, key, number } = Object(value) as Record<string, unknown>;
  const texts = [format, publicKey, signature, key].every((each) => typeof each === 'string');
  return texts && Number.isSafeInteger(number);
}

/** Browsers offer signatures to pages of https and of this machine only. */
export function canCheck(): boolean {
  return globalThis.crypto.subtle !== undefined;
}

/**
 * @param trusted public keys of the server, in the form of receipts
 * @throws ReceiptFault
 */
export async function checkReceipt(text: string, trusted: readonly string[]): Promise<CheckedReceipt> {
  const receipt = readReceipt(text);
  const { signature, ...statement } = receipt;
  const { subtle } = globalThis.crypto;
  const jwk = { crv: 'Ed25519', kty: 'OKP', x: receipt.publicKey };
  const thumbprint = await subtle.digest('SHA-256', bytesOf(JSON.stringify(jwk)));
  if (toBase64Url(thumbprint) !== receipt.key) throw new ReceiptFault('It names no key.');
  if (!trusted.includes(receipt.publicKey))
    throw new ReceiptFault('It is signed by a key that this server does not have.');
  const good = await subtle
    .importKey('jwk', jwk, 'Ed25519', false, ['verify'])
    .then((key) => subtle.verify('Ed25519', key, fromBase64Url(signature), bytesOf(JSON.stringify(statement))))
    .catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotSupportedError') throw error;
      return false;
    });
  if (!good) throw new ReceiptFault('The signature is not of this content.');
  return { receipt, sha256: toHex(await subtle.digest('SHA-256', bytesOf(text))) };
}

/**
 * Whether a receipt follows the one before it.
 * @throws ReceiptFault
 */
export function follow(before: CheckedReceipt | undefined, { receipt: { number, previous } }: CheckedReceipt): void {
  if ((number === 1) !== (previous === null)) throw new ReceiptFault(`Receipt ${number} has no place in the chain.`);
  if (before === undefined) return;
  const expected = before.receipt.number + 1;
  if (number !== expected) throw new ReceiptFault(`Receipt ${expected} is missing.`);
  if (previous !== before.sha256) {
    throw new ReceiptFault(`Receipt ${number} does not follow the one before it: one was replaced.`);
  }
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

export function toHex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function toBase64Url(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
}

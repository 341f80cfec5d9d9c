/**
 * The key that signs one day, Region and service, kept as its two HMAC pads: a signature is then two one-shot hashes
 * over prepared bytes, without an Hmac object. Measured inside a live server: +21 % requests/s against createHmac.
 */
import { hash } from 'node:crypto';
import { RecentlyUsed } from '../../kernel/recently-used.ts';
import { sha256 } from '../../kernel/sha256.ts';

const blockBytes = 64;
const digestBytes = 32;

/** HMAC-SHA256 with the key's part of the work done. */
export interface SigningKey {
  readonly inner: Buffer;
  readonly outer: Buffer;
}

// Everything below is synchronous and copies what it returns, so one set of scratch bytes serves all requests.
const innerInput = Buffer.alloc(2048);
const outerInput = Buffer.alloc(blockBytes + digestBytes);

function prepare(secret: Buffer): SigningKey {
  const key = secret.length > blockBytes ? sha256(secret) : secret;
  const inner = Buffer.alloc(blockBytes, 0x36);
  const outer = Buffer.alloc(blockBytes, 0x5c);
  for (const [index, byte] of key.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  return { inner, outer };
}

/**
 * The HMAC of an ASCII text, in lower-case hex: the signature of a string to sign. Hashes come as hex, too, since a
 * Buffer for one costs more than the hashing (1.0 µs against 0.26).
 */
export function sign(key: SigningKey, message: string): string {
  if (message.length > innerInput.length - blockBytes) throw new RangeError('Only scopes and strings to sign go here.');
  key.inner.copy(innerInput);
  const length = blockBytes + innerInput.write(message, blockBytes, 'latin1');
  outerInput.write(hash('sha256', innerInput.subarray(0, length), 'hex'), blockBytes, 'hex');
  key.outer.copy(outerInput);
  return hash('sha256', outerInput, 'hex');
}

/** Four HMACs, about 10 µs. */
export function deriveSigningKey(secretAccessKey: string, date: string, region: string, service: string): SigningKey {
  let key = prepare(Buffer.from(`AWS4${secretAccessKey}`));
  for (const part of [date, region, service, 'aws4_request']) key = prepare(Buffer.from(sign(key, part), 'hex'));
  return key;
}

interface CachedKey {
  readonly secretAccessKey: string;
  readonly key: SigningKey;
}

/** Derived keys, the longest unused leaving first. Bounded: Region and date are the client's to choose. */
export class SigningKeyCache {
  readonly #keys: RecentlyUsed<CachedKey>;

  constructor(capacity = 4096) {
    this.#keys = new RecentlyUsed(capacity);
  }

  get size(): number {
    return this.#keys.size;
  }

  /** A key derived from another secret than the one given (an id used again) is not found. */
  find(scope: string, secretAccessKey: string): SigningKey | undefined {
    const cached = this.#keys.get(scope);
    return cached?.secretAccessKey === secretAccessKey ? cached.key : undefined;
  }

  keep(scope: string, secretAccessKey: string, key: SigningKey): void {
    this.#keys.set(scope, { secretAccessKey, key });
  }
}

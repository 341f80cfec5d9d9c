/** The key that signs one day, Region and service, and those that were derived lately. */
import { type HmacKey, hmac, prepareHmac } from '../../kernel/hmac.ts';
import { RecentlyUsed } from '../../kernel/recently-used.ts';

export type SigningKey = HmacKey;

/** Four HMACs, about 10 µs. */
export function deriveSigningKey(secretAccessKey: string, date: string, region: string, service: string): SigningKey {
  let key = prepareHmac(Buffer.from(`AWS4${secretAccessKey}`));
  for (const part of [date, region, service, 'aws4_request']) key = prepareHmac(Buffer.from(hmac(key, part), 'hex'));
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

/** What is remembered of a deleted endpoint: a keyed hash, of which nobody can tell whose it is. */
import { type HmacKey, hmac, prepareHmac } from '../../kernel/hmac.ts';
import { type EndpointKey, keyText } from './endpoint.ts';
import type { Tombstone } from './store.ts';

const hexDigits = 32;

export class Tombstones {
  readonly #key: HmacKey;

  constructor(key: Buffer) {
    this.#key = prepareHmac(key);
  }

  of(key: EndpointKey): Tombstone {
    return { projectNumber: key.projectNumber, bucket: key.bucket, idHash: Buffer.from(this.textOf(key), 'hex') };
  }

  /** The hash as text: what `findTombstones` answers with. */
  textOf(key: EndpointKey): string {
    return hmac(this.#key, keyText(key)).slice(0, hexDigits);
  }
}

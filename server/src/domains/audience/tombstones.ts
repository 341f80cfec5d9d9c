/** What is remembered of a deleted endpoint: a keyed hash, of which nobody can tell whose it is. */
import { createHmac } from 'node:crypto';
import { type EndpointKey, keyText } from './endpoint.ts';
import type { Tombstone } from './store.ts';

const hashBytes = 16;

export class Tombstones {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  of(key: EndpointKey): Tombstone {
    return { projectNumber: key.projectNumber, bucket: key.bucket, idHash: this.#hash(key) };
  }

  /** The hash as text: what `findTombstones` answers with. */
  textOf(key: EndpointKey): string {
    return this.#hash(key).toString('hex');
  }

  #hash(key: EndpointKey): Buffer {
    return createHmac('sha256', this.#key).update(keyText(key)).digest().subarray(0, hashBytes);
  }
}

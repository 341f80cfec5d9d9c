/** Keyed hashes by which the ledger knows somebody again. */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Subject } from '../../../database/index.ts';
import { addressIdentity, endpointIdentity, type IdentityHashes, userIdentity } from '../../audience/index.ts';
import type { AddressHashes } from '../../messaging/index.ts';
import type { LedgerAddress, PeopleErased } from './entry.ts';

const keyBytes = 16;

export class LedgerHashes {
  readonly #identities: IdentityHashes;
  readonly #addresses: AddressHashes;
  readonly #key: KeyObject;

  /** @param parts.key of the ledger; for `addressKey`s, which are hashes without a key */
  constructor(parts: { readonly identities: IdentityHashes; readonly addresses: AddressHashes; readonly key: Buffer }) {
    this.#identities = parts.identities;
    this.#addresses = parts.addresses;
    this.#key = createSecretKey(parts.key);
  }

  endpoint(projectNumber: number, id: string): string {
    return this.#identities.of(projectNumber, endpointIdentity(id)).toString('hex');
  }

  user(projectNumber: number, userId: string): string {
    return this.#identities.of(projectNumber, userIdentity(userId)).toString('hex');
  }

  address(projectNumber: number, address: string): string {
    return this.#identities.of(projectNumber, addressIdentity(address)).toString('hex');
  }

  addressKey(projectNumber: number, key: string): string {
    const code = createHmac('sha256', this.#key).update(`address key ${projectNumber} ${key}`).digest();
    return code.subarray(0, keyBytes).toString('hex');
  }

  of(subject: Subject): Pick<PeopleErased, 'endpoints' | 'users' | 'addresses'> {
    const { projectNumber, endpoints, users, addresses } = subject;
    return {
      endpoints: endpoints.map(({ id }) => this.endpoint(projectNumber, id)),
      users: users.map(({ userId }) => this.user(projectNumber, userId)),
      addresses: addresses.map(({ address, sha256, key, hash }): LedgerAddress => {
        const known = hash ?? (address === null ? undefined : this.#addresses.of(address));
        return {
          identity: this.#identities.of(projectNumber, { kind: 'address', sha256 }).toString('hex'),
          key: this.addressKey(projectNumber, key),
          hash: known?.toString('hex') ?? '',
        };
      }),
    };
  }
}

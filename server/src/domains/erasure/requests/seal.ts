/** Whom a request is about, sealed: what names people stands in no table that an erasure does not empty (E20). */
import type { Subject, Through } from '../../../database/index.ts';
import { addressKey } from '../../../kernel/address.ts';
import { bucketOf } from '../../../kernel/bucket.ts';
import { openWith, sealWith } from '../../../kernel/master-key.ts';
import type { NamedIdentity } from '../identities/identity.ts';
import type { RequestKey } from './request.ts';

export function sealIdentities(key: Buffer, request: RequestKey, identities: readonly NamedIdentity[]): Buffer {
  const plain = identities.map(({ type, kind, value, sha256 }) => ({
    type,
    kind,
    value,
    sha256: sha256.toString('hex'),
  }));
  return sealWith(key, context('identities', request), JSON.stringify(plain));
}

export function openIdentities(key: Buffer, request: RequestKey, sealed: Buffer): NamedIdentity[] {
  const plain = JSON.parse(openWith(key, context('identities', request), sealed)) as (Omit<NamedIdentity, 'sha256'> & {
    readonly sha256: string;
  })[];
  return plain.map((identity) => ({ ...identity, sha256: Buffer.from(identity.sha256, 'hex') }));
}

interface PlainSubject {
  readonly endpoints: readonly string[];
  readonly users: readonly string[];
  readonly addresses: readonly {
    readonly address: string | null;
    readonly sha256: string;
    readonly key: string;
    readonly hash?: string;
  }[];
}

export function sealSubject(key: Buffer, request: RequestKey, { endpoints, users, addresses }: Subject): Buffer {
  const plain: PlainSubject = {
    endpoints: endpoints.map(({ id }) => id),
    users: users.map(({ userId }) => userId),
    addresses: addresses.map(({ hash, ...each }) => ({
      ...{ ...each, sha256: each.sha256.toString('hex') },
      ...(hash && { hash: hash.toString('hex') }),
    })),
  };
  return sealWith(key, context('subject', request), JSON.stringify(plain));
}

export function openSubject(
  key: Buffer,
  request: RequestKey & { readonly accountId: string },
  sealed: Buffer,
  through: Through | undefined,
): Subject {
  const plain = JSON.parse(openWith(key, context('subject', request), sealed)) as PlainSubject;
  return {
    ...{ accountId: request.accountId, projectNumber: request.projectNumber, through },
    endpoints: plain.endpoints.map((id) => ({ id, bucket: bucketOf(id) })),
    users: plain.users.map((userId) => ({ userId, bucket: bucketOf(userId) })),
    addresses: plain.addresses.map(({ address, sha256, key: known, hash }) => ({
      ...{ address, sha256: Buffer.from(sha256, 'hex'), ...(hash && { hash: Buffer.from(hash, 'hex') }) },
      key: address === null ? known : addressKey(address),
    })),
  };
}

function context(what: string, { projectNumber, id }: RequestKey): string {
  return `erasure ${what} ${projectNumber} ${id}`;
}

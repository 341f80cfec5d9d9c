/** Keyed hashes of everybody a subject stands for: what is kept of them once they are gone. */
import type { Subject } from '../../../database/index.ts';
import { endpointIdentity, type IdentityHashes, userIdentity } from '../../audience/index.ts';

export function hashesOfSubject(
  hashes: IdentityHashes,
  { projectNumber, endpoints, users, addresses }: Subject,
): Buffer[] {
  const identities = [
    ...endpoints.map(({ id }) => endpointIdentity(id)),
    ...users.map(({ userId }) => userIdentity(userId)),
    ...addresses.map(({ sha256 }) => ({ kind: 'address' as const, sha256 })),
  ];
  return identities.map((identity) => hashes.of(projectNumber, identity));
}

/** Those of a subject whose keyed hash is among the given ones, as hex. */
export function onlyHashed(hashes: IdentityHashes, subject: Subject, wanted: ReadonlySet<string>): Subject {
  const is = (identity: Parameters<IdentityHashes['of']>[1]) =>
    wanted.has(hashes.of(subject.projectNumber, identity).toString('hex'));
  return {
    ...subject,
    endpoints: subject.endpoints.filter(({ id }) => is(endpointIdentity(id))),
    users: subject.users.filter(({ userId }) => is(userIdentity(userId))),
    addresses: subject.addresses.filter(({ sha256 }) => is({ kind: 'address', sha256 })),
  };
}

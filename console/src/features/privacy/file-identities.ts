/** Names of people as an erasure in files takes them: addresses of every kind are one there. */
import type { ErasureIdentity, FileErasureIdentity } from '../../../../server/src/contract/repoint-types.ts';

/** As the server takes them. */
export const mostInFiles = 1_000;

/** What cannot be looked for in files; undefined when all can. */
export function faultInFiles(identities: readonly ErasureIdentity[]): string | undefined {
  const hashed = identities.some(({ Type, Format }) => Format === 'SHA256' && !isAddress(Type));
  return hashed
    ? 'In files, only addresses can be looked for by their SHA-256: name endpoints and users as they are.'
    : undefined;
}

export function toFileIdentity({ Type, Value, Format }: ErasureIdentity): FileErasureIdentity {
  if (!isAddress(Type)) return { Type: Type as 'ENDPOINT_ID' | 'USER_ID', Value };
  return { Type: Format === 'SHA256' ? 'ADDRESS_SHA256' : 'ADDRESS', Value };
}

function isAddress(type: ErasureIdentity['Type']): boolean {
  return type !== 'ENDPOINT_ID' && type !== 'USER_ID';
}

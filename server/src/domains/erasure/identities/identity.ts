/** Whom a request names, checked so that nothing absent or empty can ever widen a match (E3). */
import type { ErasureIdentity } from '../../../contract/repoint-types.ts';
import { addressSha256 } from '../../../kernel/address.ts';
import { foldEndpointId } from '../../../kernel/bucket.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { sha256 } from '../../../kernel/sha256.ts';
import type { Identity } from '../../audience/index.ts';
import { toE164 } from '../../channels/index.ts';

export type IdentityType = ErasureIdentity['Type'];

export interface NamedIdentity extends Identity {
  readonly type: IdentityType;
  /** Null where only the SHA-256 was told. */
  readonly value: string | null;
}

const longest = 2048;

/** @throws BadRequestException for a list that names nobody, or somebody in a way that could mean many */
export function readIdentities(given: readonly ErasureIdentity[], most: number): NamedIdentity[] {
  if (given.length === 0) throw badRequest('Identities must have at least one');
  if (given.length > most) throw badRequest(`Identities can have at most ${most}`);
  const read = given.flatMap((identity, index) => readIdentity(identity, `Identities[${index}].Value`));
  return [...new Map(read.map((each) => [`${each.kind} ${each.sha256.toString('hex')}`, each])).values()];
}

function readIdentity({ Type: type, Value, Format = 'RAW' }: ErasureIdentity, member: string): NamedIdentity[] {
  if (typeof Value !== 'string' || Value.trim() === '') throw badRequest(`${member} is empty`);
  if (Value.length > longest) throw badRequest(`${member} is too long`);
  if (/^[\s*?%]+$/.test(Value)) throw badRequest(`${member} is a wildcard: people are named one by one`);
  const kind = kindOf(type);
  if (Format === 'SHA256') {
    if (!/^[0-9a-f]{64}$/i.test(Value)) throw badRequest(`${member} is not a SHA-256 of 64 hex characters`);
    return [{ type, kind, value: null, sha256: Buffer.from(Value, 'hex') }];
  }
  return spellingsOf(type, Value, member).map((value) => ({ type, kind, value, sha256: sha256Of(kind, value) }));
}

function kindOf(type: IdentityType): Identity['kind'] {
  if (type === 'ENDPOINT_ID') return 'endpoint';
  return type === 'USER_ID' ? 'user' : 'address';
}

function spellingsOf(type: IdentityType, value: string, member: string): string[] {
  if (type === 'ENDPOINT_ID') return [foldEndpointId(value)];
  if (type === 'USER_ID') return [value];
  // Within a name both are legal, and mean themselves.
  if (/(^|@)[*%]|[*%](@|\.|$)/.test(value) && type !== 'DEVICE_TOKEN')
    throw badRequest(`${member} has a wildcard in it`);
  if (type === 'EMAIL' && !value.includes('@')) throw badRequest(`${member} is not an e-mail address`);
  if (type !== 'PHONE') return [value];
  const number = toE164(value);
  if (number === undefined) throw badRequest(`${member} is not a phone number with its country code`);
  return [...new Set([value, number])];
}

function sha256Of(kind: Identity['kind'], value: string): Buffer {
  return kind === 'address' ? addressSha256(value) : sha256(value);
}

/**
 * Identities as keyed hashes: they recognise an endpoint, a user or an address, and tell nobody which it is. Those that are
 * suppressed may not be stored again: every writer of endpoints looks, where its project has any.
 */
import { sql } from 'kysely';
import { bigintArray, bytesArray, type Executor, type Transaction } from '../../database/index.ts';
import { addressSha256 } from '../../kernel/address.ts';
import { foldEndpointId } from '../../kernel/bucket.ts';
import { type HmacKey, hmac, prepareHmac } from '../../kernel/hmac.ts';
import { sha256 } from '../../kernel/sha256.ts';
import { lockRules, type ProjectRules } from './rules.ts';
import type { EndpointWrite } from './workspace.ts';

export type IdentityKind = 'endpoint' | 'user' | 'address';

export interface Identity {
  readonly kind: IdentityKind;
  /** Of the folded id, the user id, or the normalised address: callers may name people by it alone. */
  readonly sha256: Buffer;
}

const hexDigits = 32;

export class IdentityHashes {
  readonly #key: HmacKey;

  constructor(key: Buffer) {
    this.#key = prepareHmac(key);
  }

  of(projectNumber: number, { kind, sha256 }: Identity): Buffer {
    const code = hmac(this.#key, `identity ${kind} ${projectNumber} ${sha256.toString('hex')}`);
    return Buffer.from(code.slice(0, hexDigits), 'hex');
  }
}

export function endpointIdentity(endpointId: string): Identity {
  return { kind: 'endpoint', sha256: sha256(foldEndpointId(endpointId)) };
}

export function userIdentity(userId: string): Identity {
  return { kind: 'user', sha256: sha256(userId) };
}

export function addressIdentity(address: string): Identity {
  return { kind: 'address', sha256: addressSha256(address) };
}

/** A number as it is spelt, and as it is dialled. */
function addressIdentities(address: string): Identity[] {
  const dialled = address.trim().startsWith('+') ? address.replaceAll(/[\s().\-/]/g, '') : address;
  return [...new Set([address, dialled])].map(addressIdentity);
}

/** In the transaction that asks for it; other writers hear of it with its commit. */
export async function suppressIdentities(
  tx: Transaction,
  projectNumber: number,
  hashes: readonly Buffer[],
  now: Date,
): Promise<void> {
  if (hashes.length === 0) return;
  await lockRules(tx, [projectNumber]);
  await sql`update audience_rules set suppresses = true where project_number = ${projectNumber}`.execute(tx);
  await sql`
    insert into suppressed_identities (project_number, identity_hash, created_at)
    select ${projectNumber}, hash, ${now} from unnest(${hashes}::bytea[]) as hash order by hash
    on conflict do nothing`.execute(tx);
}

/** @returns how many were suppressed */
export async function liftSuppression(
  tx: Transaction,
  projectNumber: number,
  hashes: readonly Buffer[],
): Promise<number> {
  await lockRules(tx, [projectNumber]);
  const { numAffectedRows } = await sql`
    delete from suppressed_identities
    where project_number = ${projectNumber} and identity_hash = any (${hashes}::bytea[])`.execute(tx);
  await sql`
    update audience_rules set suppresses = exists (
      select from suppressed_identities where project_number = ${projectNumber})
    where project_number = ${projectNumber}`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/** Those of the hashes that are suppressed, as hex. */
export async function findSuppressedIdentities(
  query: Executor,
  asked: readonly { readonly projectNumber: number; readonly hash: Buffer }[],
): Promise<ReadonlySet<string>> {
  if (asked.length === 0) return new Set();
  const { rows } = await sql<{ hash: Buffer }>`
    select identity_hash as hash
    from unnest(${bigintArray(asked.map(({ projectNumber }) => projectNumber))}::bigint[],
                ${bytesArray(asked.map(({ hash }) => hash))}::bytea[]) as asked (project_number, identity_hash)
    join suppressed_identities using (project_number, identity_hash)`.execute(query);
  return new Set(rows.map((row) => row.hash.toString('hex')));
}

/** Whether a project suppresses a number or an address; for writers besides those of endpoints. */
export async function isAddressSuppressed(
  query: Executor,
  hashes: IdentityHashes,
  projectNumber: number,
  address: string,
): Promise<boolean> {
  const asked = addressIdentities(address).map((each) => ({ projectNumber, hash: hashes.of(projectNumber, each) }));
  return (await findSuppressedIdentities(query, asked)).size > 0;
}

/** What is left of each unit once everybody is left out who may not be stored again. */
export async function leaveOutSuppressed(
  tx: Transaction,
  hashes: IdentityHashes,
  units: readonly { readonly writes: readonly EndpointWrite[] }[],
  rules: ReadonlyMap<number, ProjectRules>,
): Promise<readonly (readonly EndpointWrite[])[]> {
  const asked = new Map<EndpointWrite, Buffer[]>();
  for (const write of units.flatMap(({ writes }) => writes)) {
    if (!rules.get(write.key.projectNumber)?.suppresses) continue;
    const { userId, address } = write.change;
    const named = [
      endpointIdentity(write.key.id),
      ...(userId === undefined || userId === '' ? [] : [userIdentity(userId)]),
      ...(address === undefined ? [] : addressIdentities(address)),
    ];
    asked.set(
      write,
      named.map((identity) => hashes.of(write.key.projectNumber, identity)),
    );
  }
  if (asked.size === 0) return units.map(({ writes }) => writes);
  const suppressed = await findSuppressedIdentities(
    tx,
    [...asked].flatMap(([{ key }, of]) => of.map((each) => ({ projectNumber: key.projectNumber, hash: each }))),
  );
  const isAllowed = (write: EndpointWrite) =>
    !(asked.get(write) ?? []).some((each) => suppressed.has(each.toString('hex')));
  return units.map(({ writes }) => writes.filter(isAllowed));
}

/** SQL over `suppressed_addresses`: to whom an account sends nothing any more. */
import { sql } from 'kysely';
import { type Executor, integerArray, textArray } from '../../../database/index.ts';
import type { AddressHashes } from '../sends/send.ts';

export type SuppressionChannel = 'EMAIL' | 'SMS' | 'VOICE';
export type SuppressionReason = 'BOUNCE' | 'COMPLAINT' | 'OPT_OUT' | 'MANUAL';

/** The list that a channel type goes by; devices have none. */
export function suppressionChannel(channelType: string): SuppressionChannel | undefined {
  return channelType === 'EMAIL' || channelType === 'SMS' || channelType === 'VOICE' ? channelType : undefined;
}

export interface SuppressedAddress {
  readonly accountId: string;
  readonly channel: SuppressionChannel;
  readonly addressHash: Buffer;
  /** Null when the person was erased. */
  readonly address: string | null;
  readonly reason: SuppressionReason;
  readonly detail: string | null;
  readonly createdAt: Date;
}

/** An address that is on the list already stays as it was added first. @returns whether it is new */
export async function insertSuppressed(query: Executor, entry: SuppressedAddress): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into suppressed_addresses (account_id, channel, address_hash, address, reason, detail, created_at)
    values (${entry.accountId}, ${entry.channel}, ${entry.addressHash}, ${entry.address}, ${entry.reason},
            ${entry.detail}, ${entry.createdAt})
    on conflict do nothing`.execute(query);
  return numAffectedRows === 1n;
}

/**
 * Somebody opted out. An entry for a bounce or a complaint becomes an opt-out, which outlasts its removal; one that was
 * made by hand stays, for whoever made it decides when it ends.
 * @returns whether they were not opted out before
 */
export async function optOut(
  query: Executor,
  entry: Pick<SuppressedAddress, 'accountId' | 'channel' | 'addressHash' | 'address' | 'detail' | 'createdAt'>,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into suppressed_addresses as entry (account_id, channel, address_hash, address, reason, detail, created_at)
    values (${entry.accountId}, ${entry.channel}, ${entry.addressHash}, ${entry.address}, 'OPT_OUT', ${entry.detail},
            ${entry.createdAt})
    on conflict (account_id, channel, address_hash) do update set
      address = excluded.address, reason = excluded.reason, detail = excluded.detail, created_at = excluded.created_at
      where entry.reason in ('BOUNCE', 'COMPLAINT')`.execute(query);
  return numAffectedRows === 1n;
}

/** Somebody opted in again: that ends an opt-out, and no other reason. */
export async function optIn(
  query: Executor,
  { accountId, channel, addressHash }: Pick<SuppressedAddress, 'accountId' | 'channel' | 'addressHash'>,
): Promise<void> {
  await sql`
    delete from suppressed_addresses
    where account_id = ${accountId} and channel = ${channel} and address_hash = ${addressHash}
      and reason = 'OPT_OUT'`.execute(query);
}

const columns = sql`
  account_id as "accountId", channel, address_hash as "addressHash", address, reason, detail, created_at as "createdAt"`;

export async function findSuppressed(
  query: Executor,
  accountId: string,
  channel: SuppressionChannel,
  addressHash: Buffer,
): Promise<SuppressedAddress | undefined> {
  const { rows } = await sql<SuppressedAddress>`
    select ${columns} from suppressed_addresses
    where account_id = ${accountId} and channel = ${channel} and address_hash = ${addressHash}`.execute(query);
  return rows[0];
}

/**
 * Whom the list holds back, as a claim would find it, by place; those of channels without a list are left out. Probes the
 * primary key, one row each.
 */
export async function suppressedAmong(
  query: Executor,
  hashes: AddressHashes,
  accountId: string,
  recipients: readonly { readonly channelType: string; readonly address: string }[],
): Promise<ReadonlyMap<number, 'OPT_OUT' | 'SUPPRESSED'>> {
  const listed = recipients.flatMap(({ channelType, address }, place) => {
    const channel = suppressionChannel(channelType);
    return channel === undefined ? [] : [{ place, channel, hash: `\\x${hashes.of(address).toString('hex')}` }];
  });
  if (listed.length === 0) return new Map();
  const { rows } = await sql<{ place: number; reason: SuppressionReason }>`
    select given.place, found.reason
    from unnest(${integerArray(listed.map(({ place }) => place))}::int[],
                ${textArray(listed.map(({ channel }) => channel))}::text[],
                ${textArray(listed.map(({ hash }) => hash))}::text[]) as given (place, channel, hash)
    cross join lateral (
      select reason from suppressed_addresses
      where account_id = ${accountId} and channel = given.channel and address_hash = given.hash::bytea
      limit 1) as found`.execute(query);
  return new Map(rows.map(({ place, reason }) => [place, reason === 'OPT_OUT' ? 'OPT_OUT' : 'SUPPRESSED']));
}

/** Newest first, behind what a page ended with. */
export async function listSuppressed(
  query: Executor,
  accountId: string,
  channel: SuppressionChannel,
  after: readonly unknown[] | undefined,
  limit: number,
): Promise<SuppressedAddress[]> {
  const [time, hash] = (after ?? []) as [string?, string?];
  const behind =
    time === undefined || hash === undefined
      ? sql`true`
      : sql`(created_at < ${time}::timestamptz
             or created_at = ${time}::timestamptz and address_hash > ${Buffer.from(hash, 'hex')})`;
  const { rows } = await sql<SuppressedAddress>`
    select ${columns} from suppressed_addresses
    where account_id = ${accountId} and channel = ${channel} and ${behind}
    order by created_at desc, address_hash
    limit ${limit}`.execute(query);
  return rows;
}

/**
 * @param reasons an address that is there for another one stays
 * @returns whether it was there
 */
export async function deleteSuppressed(
  query: Executor,
  { accountId, channel, addressHash }: Pick<SuppressedAddress, 'accountId' | 'channel' | 'addressHash'>,
  reasons: readonly SuppressionReason[] = ['BOUNCE', 'COMPLAINT', 'OPT_OUT', 'MANUAL'],
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from suppressed_addresses
    where account_id = ${accountId} and channel = ${channel} and address_hash = ${addressHash}
      and reason = any (${reasons}::text[])`.execute(query);
  return numAffectedRows === 1n;
}

/** The account's list of addresses that get nothing: read, add, find, remove (ours). */
import type { SuppressedAddress as Shown } from '../../../contract/repoint-types.ts';
import type { Database, Executor } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest, conflict, notFound } from '../../../kernel/errors.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import type { Caller, Handlers } from '../../../operations/call.ts';
import { toE164 } from '../../channels/index.ts';
import type { AddressHashes } from '../sends/send.ts';
import {
  deleteSuppressed,
  findSuppressed,
  insertSuppressed,
  listSuppressed,
  type SuppressedAddress,
  type SuppressionChannel,
} from './store.ts';

type Operation =
  | 'GetSuppressedAddresses'
  | 'CreateSuppressedAddress'
  | 'FindSuppressedAddress'
  | 'DeleteSuppressedAddress';

export function suppressionOperations({
  database,
  pagingTokens,
  hashes,
}: {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
  readonly hashes: AddressHashes;
}): Handlers<Operation> {
  const find = (query: Executor, { accountId }: Caller, channel: SuppressionChannel, address: string) =>
    findSuppressed(query, accountId, channel, hashes.of(readAddress(channel, address)));
  return {
    async GetSuppressedAddresses({ Channel, ...page }, { caller }) {
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${caller.accountId}/suppressed-addresses/${Channel}`,
        page,
        (after, limit) => listSuppressed(database.query, caller.accountId, Channel, after, limit),
        (last) => [toTimestamp(last.createdAt), last.addressHash.toString('hex')],
      );
      return { Item: items.map(show), NextToken };
    },

    async CreateSuppressedAddress({ SuppressedAddressRequest: { Channel, Address, Detail } }, call) {
      const address = readAddress(Channel, Address);
      const entry: SuppressedAddress = {
        accountId: call.caller.accountId,
        channel: Channel,
        addressHash: hashes.of(address),
        address,
        reason: 'MANUAL',
        detail: Detail ?? null,
        createdAt: call.now,
      };
      const isNew = await call.transaction((tx) => insertSuppressed(tx, entry));
      if (!isNew) throw conflict('The address is on the list already');
      return show(entry);
    },

    async FindSuppressedAddress({ SuppressedAddressName: { Channel, Address } }, { caller }) {
      const found = await find(database.query, caller, Channel, Address);
      if (found === undefined) throw notFound('The address is not on the list');
      return show(found);
    },

    async DeleteSuppressedAddress({ SuppressedAddressName: { Channel, Address } }, call) {
      const found = await call.transaction(async (tx) => {
        const entry = await find(tx, call.caller, Channel, Address);
        if (entry !== undefined) await deleteSuppressed(tx, entry);
        return entry;
      });
      if (found === undefined) throw notFound('The address is not on the list');
      return show(found);
    },
  };
}

/** As messages are addressed: another spelling of a number would keep nothing away from it. */
function readAddress(channel: SuppressionChannel, address: string): string {
  if (channel === 'EMAIL') return address;
  const number = toE164(address);
  if (number === undefined) throw badRequest('Address must be a phone number in E.164 format');
  return number;
}

function show({ channel, address, reason, detail, createdAt }: SuppressedAddress): Shown {
  return {
    Channel: channel,
    ...(address !== null && { Address: address }),
    Reason: reason,
    ...(detail !== null && { Detail: detail }),
    CreationDate: toTimestamp(createdAt),
  };
}

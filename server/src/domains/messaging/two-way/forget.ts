/** Part of every deletion of endpoints: what was written from their addresses goes with them. */
import type { RemovedHandler } from '../../audience/index.ts';
import { toE164 } from '../../channels/index.ts';
import type { AddressHashes } from '../sends/send.ts';
import { deleteInboundFrom } from './inbound-store.ts';

export function forgetInbound(hashes: AddressHashes): RemovedHandler {
  return (tx, _projectNumber, { accountId, addresses }) =>
    // Numbers that wrote to us stand in E.164, endpoints may spell them otherwise.
    deleteInboundFrom(
      tx,
      accountId,
      addresses.map((address) => hashes.of(toE164(address) ?? address)),
    );
}

/** What providers teach us of addresses: a new token replaces the old one, a dead one is not written to again. */
import type { Database } from '../../../database/index.ts';
import {
  type Audience,
  type EndpointKey,
  findByAddress,
  findEndpoints,
  readChange,
  writeBatch,
} from '../../audience/index.ts';
import type { AddressHashes } from '../sends/send.ts';
import type { SettledSend } from '../sends/settle.ts';
import { insertSuppressed, suppressionChannel } from '../suppression/store.ts';

interface Parts {
  readonly database: Database;
  readonly audience: Audience;
  readonly hashes: AddressHashes;
}

export async function learnAddresses(parts: Parts, settled: readonly SettledSend[], now: Date): Promise<void> {
  for (const each of settled) {
    const { addressIsDead = false, updatedAddress } = each.outcome;
    if (!addressIsDead && updatedAddress === undefined) continue;
    if (suppressionChannel(each.send.channelType) === undefined) await changeEndpoints(parts, each, now);
    else if (addressIsDead) await suppress(parts, each, now);
  }
}

/** Clocks of nodes and database differ by less; a deletion in that time is found as well. */
const clockDifferenceMilliseconds = 60_000;

/** An endpoint that was deleted since the message was accepted is not written again, nor one with another address now. */
async function changeEndpoints(
  { database, audience }: Parts,
  { send, outcome }: SettledSend,
  now: Date,
): Promise<void> {
  const { run, address } = send;
  const keys = send.endpoint
    ? await stillAt(database, { ...send.endpoint, projectNumber: run.projectNumber }, address)
    : (await findByAddress(database.query, run.projectNumber, address)).filter(
        ({ channelType }) => channelType === send.channelType,
      );
  const change = readChange(
    outcome.updatedAddress === undefined ? { EndpointStatus: 'INACTIVE' } : { Address: outcome.updatedAddress },
  );
  const writes = keys.map((key: EndpointKey) => ({
    ...{ key: pick(key), endpointId: key.id, applicationId: run.applicationId, change, now, requestId: run.id },
  }));
  const begunAt = new Date(run.startedAt.getTime() - clockDifferenceMilliseconds);
  if (writes.length > 0) await writeBatch(database, audience.writeParts, [{ writes, begunAt }]);
}

async function stillAt(database: Database, key: EndpointKey, address: string): Promise<EndpointKey[]> {
  const [endpoint] = await findEndpoints(database.query, [pick(key)]);
  return endpoint?.address === address ? [key] : [];
}

function pick({ projectNumber, bucket, id }: EndpointKey): EndpointKey {
  return { projectNumber, bucket, id };
}

/** A mailbox or number that does not exist (dossier/messaging §12). */
async function suppress({ database, hashes }: Parts, { send, outcome }: SettledSend, now: Date): Promise<void> {
  const channel = suppressionChannel(send.channelType);
  if (channel === undefined) return;
  await insertSuppressed(database.query, {
    accountId: send.run.accountId,
    channel,
    addressHash: hashes.of(send.address),
    address: send.address,
    reason: 'BOUNCE',
    detail: outcome.statusMessage.slice(0, 500),
    createdAt: now,
  });
}

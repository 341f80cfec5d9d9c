/** What readers of e-mails do: open, click, unsubscribe. Each is an event; the last also keeps further mail from them. */
import type { Database } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { type Audience, endpointKey, readChange, writeBatch } from '../../audience/index.ts';
import type { EmailOccurrence, EventLog } from '../../events/index.ts';
import { findSend, type StoredSend } from '../sends/log.ts';
import { emailEventOf } from '../sends/records.ts';
import type { AddressHashes } from '../sends/send.ts';
import { toTold } from '../sends/stored.ts';
import { deleteSuppressed, insertSuppressed } from '../suppression/store.ts';
import type { Link } from './links.ts';

export interface VisitParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly audience: Audience;
  readonly hashes: AddressHashes;
  readonly events: EventLog;
  /** Makes message keys. */
  readonly keySecret: Buffer;
}

export interface Visitor {
  readonly ipAddress: string;
  readonly userAgent: string | undefined;
}

/** An event for a message that is still known; a link outlives its message, and leads on without one. */
export async function recordVisit(parts: VisitParts, link: Link, visitor: Visitor): Promise<void> {
  const { database, clock, events, keySecret } = parts;
  const send = await findSend(database.query, link.send);
  if (send === undefined) return;
  const event = emailEventOf(toTold(send, keySecret), toOccurrence(link, visitor), clock.now());
  await database.transaction((tx) => events.append(tx, [event]));
}

function toOccurrence({ kind, tag, url }: Link, { ipAddress, userAgent }: Visitor): EmailOccurrence {
  const visit = { ipAddress, ...(userAgent !== undefined && { userAgent }) };
  if (kind === 'open') return { type: 'open', ...visit };
  return { type: kind === 'unsubscribe' || tag === 'unsubscribe' ? 'unsubscribe' : 'click', link: url, ...visit };
}

/** Whose messages these are, for the page; undefined when the message is not known any more. */
export async function findSender(parts: VisitParts, link: Link): Promise<StoredSend | undefined> {
  return findSend(parts.database.query, link.send);
}

/**
 * One endpoint: its OptOut. An address without one: the account's list. An endpoint that was deleted since is not written
 * again.
 */
export async function changeSubscription(parts: VisitParts, send: StoredSend, receives: boolean): Promise<void> {
  const { database, audience, hashes, clock } = parts;
  const { detail, projectNumber } = send;
  const now = clock.now();
  if (detail.endpointId !== undefined) {
    const { endpointId, applicationId } = detail;
    const change = readChange({ OptOut: receives ? 'NONE' : 'ALL' });
    const key = endpointKey(projectNumber, endpointId);
    const writes = [{ key, endpointId, applicationId, change, now, requestId: send.runId }];
    await writeBatch(database, audience.writeParts, [{ writes, begunAt: new Date(send.startedAt.getTime() - 60_000) }]);
    return;
  }
  const entry = { accountId: detail.accountId, channel: 'EMAIL', addressHash: hashes.of(detail.address) } as const;
  if (receives) await deleteSuppressed(database.query, entry.accountId, entry.channel, entry.addressHash);
  else {
    const reason = { reason: 'OPT_OUT', detail: 'Unsubscribed by a link', createdAt: now } as const;
    await insertSuppressed(database.query, { ...entry, address: detail.address, ...reason });
  }
}

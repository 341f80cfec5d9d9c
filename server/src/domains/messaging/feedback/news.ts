/** What providers tell of their own accord about messages that left: receipts, bounces, complaints. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Transaction } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { EmailFeedback, NewsHandler, NewsOrigin, Receipt } from '../../channels/index.ts';
import type { EmailOccurrence, EventLog, NewEvent, SmsRecordStatus } from '../../events/index.ts';
import { findByProviderMessage, holdSend, type ProviderScope, type StoredSend } from '../sends/log.ts';
import { emailEventOf, smsEventOf, type ToldSend } from '../sends/records.ts';
import type { AddressHashes } from '../sends/send.ts';
import { toTold } from '../sends/stored.ts';
import { insertSuppressed, type SuppressionReason } from '../suppression/store.ts';
import { closeReceipt } from './open-receipts.ts';

export interface FeedbackParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly hashes: AddressHashes;
  readonly events: EventLog;
  /** Makes message keys. */
  readonly keySecret: Buffer;
}

/** Receipts can be faster than the transaction that writes down what they are for. */
const lookAgainMilliseconds = [50, 250, 1_000];

/** Handles receipts, bounces and complaints; other news are not its business. */
export function feedbackHandler(parts: FeedbackParts): NewsHandler {
  return async (news, from) => {
    const known = news.filter((each) => each.type !== 'inbound message');
    const sends = await findSends(parts, new Set(known.flatMap(({ messageId }) => messageId ?? [])), scopeOf(from));
    for (const each of known) {
      const send = each.messageId === undefined ? undefined : sends.get(each.messageId);
      if (each.type === 'receipt') await handleReceipt(parts, each, send);
      else await handleFeedback(parts, each, send, from);
    }
  };
}

/** A provider is believed about what left through it: never about messages of another account or project. */
function scopeOf({ accountId, projectNumber }: NewsOrigin): ProviderScope {
  return { accountId, projectNumber };
}

/** All of them together are waited for once: providers tell of a thousand messages in one call. */
async function findSends(
  { database }: FeedbackParts,
  messageIds: ReadonlySet<string>,
  scope: ProviderScope,
): Promise<ReadonlyMap<string, StoredSend>> {
  const found = new Map<string, StoredSend>();
  for (const milliseconds of [0, ...lookAgainMilliseconds]) {
    const missing = [...messageIds].filter((id) => !found.has(id));
    if (missing.length === 0) break;
    await pause(milliseconds);
    for (const id of missing) {
      const send = await findByProviderMessage(database.query, id, scope);
      if (send !== undefined) found.set(id, send);
    }
  }
  return found;
}

/** Of a message that is unknown (sent by another system under the same account, or long ago) nothing is told. */
async function handleReceipt(parts: FeedbackParts, receipt: Receipt, send: StoredSend | undefined): Promise<void> {
  if (send === undefined) return;
  const now = parts.clock.now();
  const event = receiptEvent(toTold(send, parts.keySecret), receipt, now);
  await parts.database.transaction(async (tx) => {
    if (!(await holdSend(tx, send))) return;
    if (receipt.final && !(await closeReceipt(tx, receipt.messageId, send, now))) return;
    if (event !== undefined) await parts.events.append(tx, [event]);
  });
}

function receiptEvent(told: ToldSend, receipt: Receipt, now: Date): NewEvent | undefined {
  if (told.channelType === 'SMS') {
    const times = { final: receipt.final, occurredAt: receipt.at, arrivedAt: now };
    return smsEventOf(told, receipt.recordStatus as SmsRecordStatus, times);
  }
  if (told.channelType !== 'EMAIL' || !receipt.delivered) return undefined;
  const processingTimeMilliseconds = Math.max(0, receipt.at.getTime() - told.sentAt.getTime());
  const recipients = [told.detail.address];
  return emailEventOf(
    told,
    { type: 'delivered', smtpResponse: receipt.recordStatus, recipients, processingTimeMilliseconds },
    now,
  );
}

/** The address is kept from further mail even where the message is not known. */
async function handleFeedback(
  parts: FeedbackParts,
  feedback: EmailFeedback,
  send: StoredSend | undefined,
  from: NewsOrigin,
): Promise<void> {
  const now = parts.clock.now();
  await parts.database.transaction(async (tx) => {
    if (send !== undefined && (await holdSend(tx, send))) {
      await parts.events.append(tx, [emailEventOf(toTold(send, parts.keySecret), occurrenceOf(feedback), now)]);
    }
    const accountId = send?.detail.accountId ?? from.accountId;
    // The deployment's own mail server is everybody's: of a message that is not known, nobody's list is changed.
    if (accountId === undefined) return;
    if (feedback.type === 'complaint') await suppress(tx, parts, accountId, { feedback, reason: 'COMPLAINT', now });
    else if (feedback.permanent) await suppress(tx, parts, accountId, { feedback, reason: 'BOUNCE', now });
  });
}

function occurrenceOf({ type, address, permanent, detail }: EmailFeedback): EmailOccurrence {
  if (type === 'complaint') return { type: 'complaint', recipients: [address], feedbackType: detail };
  return {
    type: permanent ? 'hardbounce' : 'softbounce',
    subType: 'General',
    smtpResponse: detail,
    recipients: [{ address, diagnosticCode: detail }],
  };
}

async function suppress(
  tx: Transaction,
  { hashes }: FeedbackParts,
  accountId: string,
  {
    feedback,
    reason,
    now,
  }: { readonly feedback: EmailFeedback; readonly reason: SuppressionReason; readonly now: Date },
): Promise<void> {
  const { address } = feedback;
  await insertSuppressed(tx, {
    ...{ accountId, channel: 'EMAIL', addressHash: hashes.of(address), address, reason },
    ...{ detail: feedback.detail.slice(0, 500), createdAt: now },
  });
}

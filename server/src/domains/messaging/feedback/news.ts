/** What providers tell of their own accord about messages that left: receipts, bounces, complaints. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Transaction } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { EmailFeedback, NewsHandler, NewsOrigin, Receipt } from '../../channels/index.ts';
import type { EmailOccurrence, EventLog, NewEvent, SmsRecordStatus } from '../../events/index.ts';
import { findByProviderMessage } from '../sends/log.ts';
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
    for (const each of news) {
      if (each.type === 'receipt') await handleReceipt(parts, each);
      else if (each.type === 'bounce' || each.type === 'complaint') await handleFeedback(parts, each, from);
    }
  };
}

/** Of a message that is unknown (sent by another system under the same account, or long ago) nothing is told. */
async function handleReceipt(parts: FeedbackParts, receipt: Receipt): Promise<void> {
  const told = await findTold(parts, receipt.messageId);
  if (told === undefined) return;
  const now = parts.clock.now();
  const event = receiptEvent(told, receipt, now);
  await parts.database.transaction(async (tx) => {
    if (receipt.final && !(await closeReceipt(tx, receipt.messageId, now))) return;
    if (event !== undefined) await parts.events.append(tx, [event]);
  });
}

async function findTold({ database, keySecret }: FeedbackParts, messageId: string): Promise<ToldSend | undefined> {
  for (const milliseconds of [0, ...lookAgainMilliseconds]) {
    await pause(milliseconds);
    const send = await findByProviderMessage(database.query, messageId);
    if (send !== undefined) return toTold(send, keySecret);
  }
  return undefined;
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
async function handleFeedback(parts: FeedbackParts, feedback: EmailFeedback, from: NewsOrigin): Promise<void> {
  const told = feedback.messageId === undefined ? undefined : await findTold(parts, feedback.messageId);
  const now = parts.clock.now();
  await parts.database.transaction(async (tx) => {
    if (told !== undefined) await parts.events.append(tx, [emailEventOf(told, occurrenceOf(feedback), now)]);
    const accountId = told?.detail.accountId ?? from.accountId;
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

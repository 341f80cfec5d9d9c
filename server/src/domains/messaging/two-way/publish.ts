/** Publishes an inbound message to where its number says, in Pinpoint's form (dossier/messaging §9.2). */
import type { Database } from '../../../database/index.ts';
import type { RunningJob } from '../../../jobs/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import { OutgoingFault, type OutgoingHttp } from '../../../outgoing/http.ts';
import { TopicFault, type Topics } from '../../../outgoing/sns.ts';
import { signWebhook } from '../../../outgoing/standard-webhooks.ts';
import type { AddressHashes } from '../sends/send.ts';
import { type Destination, findInbound, notePublished, type StoredInbound } from './inbound-store.ts';
import { publishAttempts } from './job-definitions.ts';
import { findNumber, type StoredNumber } from './numbers-store.ts';
import { findPrevious } from './previous.ts';
import { openWebhookSecret } from './webhook-secret.ts';

export interface PublishParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly masterKey: MasterKey;
  readonly hashes: AddressHashes;
  readonly http: OutgoingHttp;
  readonly topics: Topics;
}

/** The other side did not take it: the queue tries again. `message` is for people, and quotes nothing. */
class NotPublished extends Error {}

export async function publishMessage(
  parts: PublishParts,
  inboundId: string,
  destination: Destination,
  job: RunningJob,
): Promise<void> {
  const { database } = parts;
  const message = await findInbound(database.query, inboundId);
  if (message === undefined) return;
  const status = destination === 'TOPIC' ? message.topicStatus : message.webhookStatus;
  if (status !== 'PENDING' && status !== 'RETRYING') return;
  const number = await findNumber(database.query, message);
  try {
    const previous = await findPrevious(database.query, parts.hashes, message);
    await publish(parts, destination, number, message.id, toPayload(message, previous?.messageId), job.signal);
  } catch (fault) {
    job.signal.throwIfAborted();
    const detail = describe(fault);
    if (detail === undefined) throw fault;
    const isLast = fault instanceof NoDestination || job.attempt >= publishAttempts;
    await notePublished(database.query, inboundId, destination, { status: isLast ? 'FAILED' : 'RETRYING', detail });
    if (isLast) return;
    throw fault;
  }
  await notePublished(database.query, inboundId, destination, { status: 'PUBLISHED', detail: null });
}

/** The number publishes there no more. */
class NoDestination extends Error {}

async function publish(
  { http, topics, masterKey, clock }: PublishParts,
  destination: Destination,
  number: StoredNumber | undefined,
  id: string,
  body: string,
  signal: AbortSignal,
): Promise<void> {
  const { topicArn = null, webhookUrl = null } = number ?? {};
  if (destination === 'TOPIC' && topicArn !== null) return topics.publish(topicArn, body, signal);
  const secret = number && openWebhookSecret(masterKey, number);
  if (destination === 'TOPIC' || webhookUrl === null || secret === undefined) {
    throw new NoDestination('The number publishes there no more');
  }
  const headers = { 'content-type': 'application/json', ...signWebhook(secret, id, clock.now(), body) };
  const answer = await http.request({ method: 'POST', url: webhookUrl, headers, body, signal });
  if (answer.status < 200 || answer.status > 299) throw new NotPublished(`HTTP ${answer.status}`);
}

/** For the record of the message; undefined for a fault of ours. */
function describe(fault: unknown): string | undefined {
  const isOfOthers = [NoDestination, NotPublished, OutgoingFault, TopicFault].some((kind) => fault instanceof kind);
  return isOfOthers ? (fault as Error).message : undefined;
}

export function toPayload(message: StoredInbound, previousMessageId: string | undefined): string {
  return JSON.stringify({
    originationNumber: message.from,
    destinationNumber: message.number,
    messageKeyword: message.keyword,
    messageBody: message.body,
    inboundMessageId: message.id,
    ...(previousMessageId !== undefined && { previousPublishedMessageId: previousMessageId }),
  });
}

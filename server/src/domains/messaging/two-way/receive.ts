/**
 * Takes what people write to numbers: stored once, however often a provider tells it, and in the same transaction the
 * account's list is changed and the jobs are enqueued that answer and publish (dossier/messaging §9.2).
 */
import type { Database, Transaction } from '../../../database/index.ts';
import { enqueue } from '../../../jobs/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { newId } from '../../../kernel/ids.ts';
import { type IdentityHashes, isAddressSuppressed } from '../../audience/index.ts';
import { type InboundMessage, isShortCode, type NewsHandler, type NewsOrigin, toE164 } from '../../channels/index.ts';
import { findProjectNames, type ProjectName } from '../../projects/index.ts';
import type { AddressHashes } from '../sends/send.ts';
import { optIn, optOut } from '../suppression/store.ts';
import { type Decision, decide } from './decide.ts';
import { countAnswered, type Destination, insertInbound, type NewInbound, planInbound } from './inbound-store.ts';
import { answerAttempts, answerInboundMessage, publishAttempts, publishInboundMessage } from './job-definitions.ts';
import { findRules, type StoredNumber } from './numbers-store.ts';
import { findPrevious, type PreviousSend } from './previous.ts';

/** What `_SMS.OPTOUT` tells (dossier/events-journeys-console §2.7). */
export interface OptedOut {
  readonly message: NewInbound;
  /** The message that was answered with the opt-out, where one is known. */
  readonly previous: PreviousSend | undefined;
  /** Of the number, its provider, or that message; undefined when nobody knows one. */
  readonly project: ProjectName | undefined;
}

export interface ReceiveParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly hashes: AddressHashes;
  readonly identities: IdentityHashes;
  /** Told of opt-outs in the transaction that writes them: events. */
  readonly optedOut: (tx: Transaction, optedOut: readonly OptedOut[], now: Date) => Promise<void>;
}

export function receiveInbound(parts: ReceiveParts): NewsHandler {
  return async (news, from) => {
    const told = news.filter((each) => each.type === 'inbound message');
    if (told.length > 0) await parts.database.transaction((tx) => receive(parts, tx, told, from));
  };
}

interface Decided {
  readonly message: NewInbound;
  readonly decision: Decision;
  readonly rules: StoredNumber | undefined;
}

async function receive(
  parts: ReceiveParts,
  tx: Transaction,
  told: readonly InboundMessage[],
  { accountId, region, projectNumber, key }: NewsOrigin,
): Promise<void> {
  // Only a mail server serves all accounts of a deployment.
  if (accountId === undefined || region === undefined) throw new Error('Inbound messages of nobody were told.');
  const now = parts.clock.now();
  const numbers = told.map(({ to }) => toNumber(to));
  const rulesOf = await findRules(tx, accountId, [...new Set(numbers)]);
  const decided = told.map((each, index): Decided => {
    const number = numbers[index] as string;
    const from = toNumber(each.from);
    const body = toText(each.body);
    const rules = rulesOf.get(number);
    const decision = decide(number, rules, body);
    const message: NewInbound = {
      ...{ id: newId(), accountId, region, providerKey: key, providerMessageId: toText(each.inboundMessageId) },
      ...{ number, from, addressHash: parts.hashes.of(from), body },
      ...{ keyword: decision.keyword ?? null, action: decision.action, sentAt: each.at, receivedAt: now },
      projectNumber: rules?.projectNumber ?? projectNumber ?? null,
    };
    return { message, decision, rules };
  });
  const kept = await leaveOutSuppressed(parts, tx, decided);
  const stored = await insertInbound(
    tx,
    kept.map(({ message }) => message),
  );
  // Entries of the list are locked in one order by all who change it; of one person, as they wrote.
  const fresh = kept.filter(({ message }) => stored.has(message.id)).toSorted(byAddress);
  const optOuts: OptedOut[] = [];
  for (const each of fresh) {
    await act(tx, each);
    if (each.decision.action === 'OPT_OUT') optOuts.push(await describeOptOut(parts, tx, each.message));
  }
  if (optOuts.length > 0) await parts.optedOut(tx, optOuts, now);
}

/** Of whom was erased and may not be stored again, nothing is; but STOP is heeded, and remembered by a keyed hash alone. */
async function leaveOutSuppressed(
  { identities }: ReceiveParts,
  tx: Transaction,
  decided: readonly Decided[],
): Promise<readonly Decided[]> {
  const kept: Decided[] = [];
  for (const each of decided) {
    const { projectNumber, from, accountId, addressHash, receivedAt } = each.message;
    const isSuppressed = projectNumber !== null && (await isAddressSuppressed(tx, identities, projectNumber, from));
    if (!isSuppressed) kept.push(each);
    else if (each.decision.action === 'OPT_OUT') {
      await optOut(tx, { accountId, channel: 'SMS', addressHash, address: null, detail: null, createdAt: receivedAt });
    }
  }
  return kept;
}

async function act(tx: Transaction, { message, decision, rules }: Decided): Promise<void> {
  const isNews = await changeList(tx, message, decision.action);
  const text = isNews && canBeAnswered(message) ? decision.answer : undefined;
  const answer = text === undefined ? undefined : { text, status: await judgeAnswer(tx, message) };
  const destinations: Destination[] = [];
  if (decision.isPublished && rules?.topicArn != null) destinations.push('TOPIC');
  if (decision.isPublished && rules?.webhookUrl != null) destinations.push('WEBHOOK');
  if (answer === undefined && destinations.length === 0) return;
  await planInbound(tx, { id: message.id, answer, destinations });
  const inboundId = message.id;
  if (answer?.status === 'PENDING') {
    await enqueue(tx, answerInboundMessage, { inboundId }, { attempts: answerAttempts });
  }
  for (const destination of destinations) {
    await enqueue(tx, publishInboundMessage, { inboundId, destination }, { attempts: publishAttempts });
  }
}

/** @returns false for an opt-out that was known: it is confirmed once, as carriers demand, and not to a machine for ever */
async function changeList(tx: Transaction, message: NewInbound, action: Decision['action']): Promise<boolean> {
  const { accountId, addressHash, from, number, keyword, receivedAt } = message;
  const entry = { accountId, channel: 'SMS', addressHash } as const;
  if (action === 'OPT_OUT') {
    return optOut(tx, { ...entry, address: from, detail: `${keyword} to ${number}`, createdAt: receivedAt });
  }
  if (action === 'OPT_IN') await optIn(tx, entry);
  return true;
}

const mostAnswersAnHour = 20;
const hourMilliseconds = 3600 * 1000;

/** People do not ask that often; two machines that answer each other would never end. */
async function judgeAnswer(tx: Transaction, message: NewInbound): Promise<'PENDING' | 'THROTTLED'> {
  if (message.action === 'OPT_OUT') return 'PENDING';
  const answered = await countAnswered(tx, message, new Date(message.receivedAt.getTime() - hourMilliseconds));
  return answered < mostAnswersAnHour ? 'PENDING' : 'THROTTLED';
}

async function describeOptOut(parts: ReceiveParts, tx: Transaction, message: NewInbound): Promise<OptedOut> {
  const previous = await findPrevious(tx, parts.hashes, message);
  const number = message.projectNumber ?? previous?.send.projectNumber;
  const [project] = number === undefined ? [] : await findProjectNames(tx, [number]);
  return { message, previous, project };
}

/** Names of senders cannot be written to, and machines behind short codes would answer the answer. */
function canBeAnswered({ from, number }: NewInbound): boolean {
  return toE164(from) !== undefined && (isShortCode(number) || toE164(number) !== undefined);
}

function toNumber(party: string): string {
  return isShortCode(party) ? party : (toE164(party) ?? toText(party));
}

/** PostgreSQL stores neither NUL nor half a surrogate pair: a message that holds one would be told for ever. */
function toText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

function byAddress(one: Decided, other: Decided): number {
  return one.message.addressHash.compare(other.message.addressHash);
}

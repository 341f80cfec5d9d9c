/**
 * The automatic answer to a message: a direct send from the number that was written to, through the provider that told
 * it. Its run is the message, so that it leaves once; again only after a fault at which the provider took nothing.
 */
import type { Database } from '../../../database/index.ts';
import type { RunningJob } from '../../../jobs/index.ts';
import { countryOfNumber, countSmsParts, type Providers } from '../../channels/index.ts';
import type { ProjectName } from '../../projects/index.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { notSent } from '../pipeline/results.ts';
import { findSend } from '../sends/log.ts';
import type { AddressHashes, Run, SendResult, WantedSend } from '../sends/send.ts';
import { findSuppressed } from '../suppression/store.ts';
import { findInbound, noteAnswer, type StoredInbound } from './inbound-store.ts';
import { answerAttempts } from './job-definitions.ts';
import { findAnsweringProject } from './previous.ts';

export interface AnswerParts {
  readonly database: Database;
  readonly providers: Providers;
  readonly pipeline: Pipeline;
  readonly hashes: AddressHashes;
}

/** The provider took nothing: the queue tries again. */
class AnswerNotTaken extends Error {}

type Answered = Pick<SendResult, 'statusMessage'> & { readonly status: string };

export async function answerMessage(parts: AnswerParts, inboundId: string, job: RunningJob): Promise<void> {
  const message = await findInbound(parts.database.query, inboundId);
  // Erased meanwhile, or answered by a run of this job that was killed before it could say so.
  if (message === undefined || message.answer === null) return;
  if (message.answerStatus !== 'PENDING' && !isPassing(message.answerStatus)) return;
  const answered = await answer(parts, { ...message, answer: message.answer }, job);
  await noteAnswer(parts.database.query, inboundId, answered);
  if (isPassing(answered.status) && job.attempt < answerAttempts) throw new AnswerNotTaken(answered.status);
}

async function answer(
  parts: AnswerParts,
  message: StoredInbound & { readonly answer: string },
  { signal }: RunningJob,
): Promise<Answered> {
  const { database, hashes, providers, pipeline } = parts;
  const project = await findAnsweringProject(database.query, hashes, message);
  if (project === undefined) return noProject;
  const provider = await providers.findByKey(message.providerKey);
  if (provider === undefined) return noProvider;
  const send = toSend(hashes, message, project);
  const { run, recipient } = send;
  const earlier = await findSend(database.query, {
    ...{ projectNumber: run.projectNumber, runId: run.id, startedAt: run.startedAt },
    ...{ recipient: recipient.text, bucket: recipient.bucket },
  });
  if (earlier === undefined) return pipeline.send(provider, send);
  if (earlier.status === 'CLAIMED') return mayHaveLeft;
  if (!isPassing(earlier.status)) return { status: earlier.status, statusMessage: earlier.statusMessage ?? '' };
  // Claimed by an earlier attempt: what the claim looks at besides has to be looked at again.
  const entry = await findSuppressed(database.query, run.accountId, 'SMS', message.addressHash);
  if (entry !== undefined && entry.reason !== 'OPT_OUT') return notSent('SUPPRESSED', 'SMS');
  if (entry !== undefined && send.confirmsOptOut === undefined) return notSent('OPT_OUT', 'SMS');
  const once = { deadline: new Date(0), signal, attempts: earlier.attempts };
  const result = await pipeline.deliver({ send, findProvider: async () => provider }, once);
  return result ?? { status: 'TEMPORARY_FAILURE', statusMessage: 'The server was stopped' };
}

const noProject: Answered = {
  status: 'PERMANENT_FAILURE',
  statusMessage: 'The number belongs to no project, and none has written to the person lately',
};
const noProvider: Answered = {
  status: 'PERMANENT_FAILURE',
  statusMessage: 'The provider that told the message is not there any more',
};
/** A process was killed between claim and outcome: sent again, it might arrive twice. */
const mayHaveLeft: Answered = {
  status: 'UNKNOWN_FAILURE',
  statusMessage: 'The server was killed while the answer was leaving',
};

function isPassing(status: string | null): boolean {
  return status === 'TEMPORARY_FAILURE' || status === 'THROTTLED';
}

function toSend(
  hashes: AddressHashes,
  message: StoredInbound & { readonly answer: string },
  { number, id, region }: ProjectName,
): WantedSend {
  const { accountId, from, number: origination, answer: body } = message;
  const run: Run = {
    ...{ id: message.id, accountId, region, projectNumber: number, applicationId: id },
    // Part of the key: the same at every attempt.
    ...{ startedAt: message.receivedAt, kind: 'direct' },
  };
  const messageType = 'TRANSACTIONAL';
  return {
    ...{ run, recipient: hashes.recipientOf('SMS', from), channelType: 'SMS', address: from },
    content: { kind: 'sms', body, messageType, originationNumber: origination },
    detail: {
      ...{ accountId, applicationId: id, address: from, origin: { kind: 'direct' } },
      sms: { messageType, parts: countSmsParts(body), country: countryOfNumber(from) ?? '', origination },
    },
    ...(message.action === 'OPT_OUT' && { confirmsOptOut: true }),
  };
}

/** The message that somebody answers: the last SMS they were sent, within seven days (dossier/messaging §9.2). */
import { sql } from 'kysely';
import type { Executor } from '../../../database/index.ts';
import { findKeysByAddress } from '../../audience/index.ts';
import { findProjectNames, findProjectNumbers, type ProjectName } from '../../projects/index.ts';
import { findSend, type StoredSend } from '../sends/log.ts';
import { type AddressHashes, type Recipient, recipientOfEndpoint } from '../sends/send.ts';
import type { LinkedSend } from '../tracking/links.ts';
import type { StoredInbound } from './inbound-store.ts';

const answeredWithinMilliseconds = 7 * 24 * 3600 * 1000;

export interface PreviousSend {
  /** As the caller of SendMessages was told it. */
  readonly messageId: string;
  readonly send: StoredSend;
}

export type Answering = Pick<
  StoredInbound,
  'accountId' | 'region' | 'number' | 'from' | 'receivedAt' | 'projectNumber'
>;

interface Found extends LinkedSend {
  readonly messageId: string;
}

/**
 * Looks in the project of the number or its provider, or else in all of account and Region: for messages to the address
 * itself, and to endpoints that have it.
 */
export async function findPrevious(
  query: Executor,
  hashes: AddressHashes,
  message: Answering,
): Promise<PreviousSend | undefined> {
  const { accountId, region, projectNumber } = message;
  const projects = projectNumber === null ? await findProjectNumbers(query, { accountId, region }) : [projectNumber];
  const endpoints = await findKeysByAddress(query, projects, message.from);
  const places = [
    ...projects.map((number) => ({ number, recipient: hashes.recipientOf('SMS', message.from) })),
    ...endpoints
      .filter(({ channelType }) => channelType === 'SMS')
      .map((key) => ({ number: key.projectNumber, recipient: recipientOfEndpoint(key) })),
  ];
  const last = await findLast(query, places, message.receivedAt);
  const send = last && (await findSend(query, last));
  return send?.channelType === 'SMS' ? { messageId: (last as Found).messageId, send } : undefined;
}

/** One probe of `provider_messages_by_recipient` a place and week. */
async function findLast(
  query: Executor,
  places: readonly { readonly number: number; readonly recipient: Recipient }[],
  before: Date,
): Promise<Found | undefined> {
  const { rows } = await sql<Found>`
    select provider_message_id as "messageId", found.project_number as "projectNumber", found.bucket, found.recipient,
           run_id as "runId", started_at as "startedAt"
    from unnest(${places.map(({ number }) => number)}::bigint[],
                ${places.map(({ recipient }) => recipient.bucket)}::int[],
                ${places.map(({ recipient }) => recipient.text)}::text[]) as place (project_number, bucket, recipient)
    cross join lateral (
      select * from provider_messages
      where provider_messages.project_number = place.project_number and provider_messages.bucket = place.bucket
        and provider_messages.recipient = place.recipient
        and sent_at > ${new Date(before.getTime() - answeredWithinMilliseconds)} and sent_at <= ${before}
      order by sent_at desc limit 1) as found
    order by sent_at desc limit 1`.execute(query);
  return rows[0];
}

/** In whose name a message is answered: of its number, of its provider, or of whoever wrote to the person last. */
export async function findAnsweringProject(
  query: Executor,
  hashes: AddressHashes,
  message: Answering,
): Promise<ProjectName | undefined> {
  const number = message.projectNumber ?? (await findPrevious(query, hashes, message))?.send.projectNumber;
  const [project] = number === undefined ? [] : await findProjectNames(query, [number]);
  return project;
}

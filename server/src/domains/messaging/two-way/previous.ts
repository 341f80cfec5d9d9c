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
  readonly send: StoredSend;
  /** As the caller of SendMessages was told it. */
  readonly messageId: string | undefined;
}

export type Answering = Pick<
  StoredInbound,
  'accountId' | 'region' | 'number' | 'from' | 'receivedAt' | 'projectNumber'
>;

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
    ...endpoints.map((key) => ({ number: key.projectNumber, recipient: recipientOfEndpoint(key) })),
  ];
  const last = await findLast(query, places, message.receivedAt);
  const send = last && (await findSend(query, last));
  return send && { send, messageId: send.messageId ?? undefined };
}

/** One probe of the primary key a place and week. What answers the message itself is not before it. */
async function findLast(
  query: Executor,
  places: readonly { readonly number: number; readonly recipient: Recipient }[],
  before: Date,
): Promise<LinkedSend | undefined> {
  const { rows } = await sql<LinkedSend>`
    select found.project_number as "projectNumber", found.bucket, found.recipient, run_id as "runId",
           started_at as "startedAt"
    from unnest(${places.map(({ number }) => number)}::bigint[],
                ${places.map(({ recipient }) => recipient.bucket)}::int[],
                ${places.map(({ recipient }) => recipient.text)}::text[]) as place (project_number, bucket, recipient)
    cross join lateral (
      select * from sends
      where sends.project_number = place.project_number and sends.bucket = place.bucket
        and sends.recipient = place.recipient and channel_type = 'SMS' and status = 'SUCCESSFUL'
        and started_at > ${new Date(before.getTime() - answeredWithinMilliseconds)} and started_at < ${before}
      order by settled_at desc limit 1) as found
    order by settled_at desc limit 1`.execute(query);
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

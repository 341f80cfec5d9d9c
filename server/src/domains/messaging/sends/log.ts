/** The log of sends, one person at a time: what they were sent, and why something was not. */
import { sql } from 'kysely';
import type { EndpointMessage } from '../../../contract/repoint-types.ts';
import type { Database, Executor, Transaction } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import { storableText } from '../../../kernel/storable-text.ts';
import type { Handlers } from '../../../operations/call.ts';
import { endpointKey } from '../../audience/index.ts';
import type { MessageOrigin } from '../../events/index.ts';
import type { LinkedSend } from '../tracking/links.ts';
import { type SendDetail, storableMessageId } from './send.ts';
import { reasonOf, type SendSources } from './sources.ts';

export interface StoredSend extends LinkedSend {
  readonly channelType: string;
  readonly detail: SendDetail;
  readonly status: string;
  readonly statusCode: number | null;
  readonly statusMessage: string | null;
  readonly messageId: string | null;
  readonly attempts: number;
  readonly settledAt: Date | null;
}

const columns = sql`
  project_number as "projectNumber", bucket, recipient, run_id as "runId", started_at as "startedAt",
  channel_type as "channelType", detail, status, status_code as "statusCode", status_message as "statusMessage",
  message_id as "messageId", attempts, settled_at as "settledAt"`;

/** By its whole key: one partition, one row. Undefined when it was erased, or its time is over. */
export async function findSend(query: Executor, key: LinkedSend): Promise<StoredSend | undefined> {
  const { rows } = await sql<StoredSend>`
    select ${columns} from sends
    where project_number = ${key.projectNumber} and bucket = ${key.bucket} and recipient = ${key.recipient}
      and run_id = ${key.runId} and started_at = ${key.startedAt}`.execute(query);
  return rows[0];
}

/**
 * Before anything more is written of a send that was found: whether it is still there. It stays until the transaction
 * ends, so that a deletion comes before, or finds what was written.
 */
export async function holdSend(tx: Transaction, key: LinkedSend): Promise<boolean> {
  const { rows } = await sql`
    select from sends
    where project_number = ${key.projectNumber} and bucket = ${key.bucket} and recipient = ${key.recipient}
      and run_id = ${key.runId} and started_at = ${key.startedAt}
    for key share`.execute(tx);
  return rows.length > 0;
}

/** Whose messages a provider may speak of. */
export interface ProviderScope {
  /** Undefined: a provider that all accounts share. */
  readonly accountId: string | undefined;
  /** Undefined: a provider of several projects. */
  readonly projectNumber: number | undefined;
}

/** Providers count for themselves: the same id may stand for messages of others. So many of the newest are looked at. */
const mostNamesakes = 10;

/** Where a provider's id of a message leads. The newest, should a provider use an id again. */
export async function findByProviderMessage(
  query: Executor,
  messageId: string,
  { accountId, projectNumber }: ProviderScope,
): Promise<StoredSend | undefined> {
  const { rows } = await sql<LinkedSend>`
    select project_number as "projectNumber", bucket, recipient, run_id as "runId", started_at as "startedAt"
    from provider_messages
    where provider_message_id = ${storableMessageId(messageId)}
      and project_number = coalesce(${projectNumber ?? null}::bigint, project_number)
    order by sent_at desc limit ${mostNamesakes}`.execute(query);
  for (const row of rows) {
    const send = await findSend(query, row);
    if (send !== undefined && (accountId === undefined || send.detail.accountId === accountId)) return send;
  }
  return undefined;
}

/** Newest first; probes the primary key in each partition. */
async function listSends(
  query: Executor,
  key: { readonly projectNumber: number; readonly bucket: number; readonly id: string },
  campaignId: string | undefined,
  { after, limit }: { readonly after: readonly unknown[] | undefined; readonly limit: number },
): Promise<StoredSend[]> {
  const ofCampaign =
    campaignId === undefined ? sql`true` : sql`detail #>> '{origin,campaignId}' = ${storableText(campaignId)}`;
  const [time, runId] = (after ?? []) as [string?, string?];
  const behind =
    time === undefined || runId === undefined
      ? sql`true`
      : sql`(started_at < ${time}::timestamptz or started_at = ${time}::timestamptz and run_id > ${runId})`;
  const { rows } = await sql<StoredSend>`
    select ${columns} from sends
    where project_number = ${key.projectNumber} and bucket = ${key.bucket} and recipient = ${key.id} and ${behind}
      and ${ofCampaign}
    order by started_at desc, run_id
    limit ${limit}`.execute(query);
  return rows;
}

export function sendLogOperations({
  database,
  pagingTokens,
  sendSources,
}: {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
  readonly sendSources: SendSources;
}): Handlers<'GetEndpointMessages'> {
  return {
    async GetEndpointMessages({ EndpointId, CampaignId, ...page }, { project }) {
      const key = endpointKey(project.number, EndpointId);
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${project.accountId}/${project.region}/${project.id}/endpoints/${key.id}/messages/${CampaignId ?? ''}`,
        page,
        (after, limit) => listSends(database.query, key, CampaignId, { after, limit }),
        (last) => [toTimestamp(last.startedAt), last.runId],
      );
      const names = await sendSources.nameCampaigns(database.query, project.number, campaignIdsIn(items));
      return { Item: items.map((send) => show(send, names, sendSources)), NextToken };
    },
  };
}

function campaignIdsIn(sends: readonly StoredSend[]): string[] {
  const ids = sends.flatMap(({ detail: { origin } }) => (origin.kind === 'campaign' ? [origin.campaignId] : []));
  return [...new Set(ids)];
}

function show(send: StoredSend, names: ReadonlyMap<string, string>, sources: SendSources): EndpointMessage {
  const reason = reasonOf(send.status, sources);
  return {
    RunId: send.runId,
    ...showOrigin(send.detail.origin, names),
    ChannelType: send.channelType,
    Status: send.status,
    ...(reason !== undefined && { Reason: reason }),
    ...(send.statusCode !== null && { StatusCode: send.statusCode }),
    ...(send.statusMessage !== null && { StatusMessage: send.statusMessage }),
    StartedAt: toTimestamp(send.startedAt),
    ...(send.settledAt !== null && { SettledAt: toTimestamp(send.settledAt) }),
    Attempts: send.attempts,
  };
}

function showOrigin(origin: MessageOrigin, names: ReadonlyMap<string, string>): Partial<EndpointMessage> {
  switch (origin.kind) {
    case 'direct':
      return { Origin: 'DIRECT' };
    case 'journey':
      return { Origin: 'JOURNEY' };
    case 'campaign': {
      const { campaignId, activityId, treatmentId } = origin;
      const name = names.get(campaignId);
      return {
        ...{ Origin: 'CAMPAIGN', CampaignId: campaignId, ...(name !== undefined && { CampaignName: name }) },
        ...{ CampaignActivityId: activityId, TreatmentId: treatmentId },
      };
    }
  }
}

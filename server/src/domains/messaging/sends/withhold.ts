/**
 * What a run decided not to send: a row in the log like any other, settled at once, so that each recipient of a run has
 * exactly one and the log can tell why nothing came.
 */
import { sql } from 'kysely';
import {
  bigintArray,
  type Executor,
  integerArray,
  jsonbArray,
  textArray,
  timestampArray,
} from '../../../database/index.ts';
import { storableJson, storableText } from '../../../kernel/storable-text.ts';
import type { EndpointDefinition } from '../../channels/index.ts';
import type { Recipient, Run, RunSendStatus, SendDetail } from './send.ts';

export interface WithheldSend {
  readonly run: Run;
  readonly recipient: Recipient;
  /** Empty of an endpoint without a channel. */
  readonly channelType: string;
  readonly detail: SendDetail;
  /** The status in the log. */
  readonly reason: RunSendStatus;
  /** The endpoint as events show it. */
  readonly shown?: EndpointDefinition;
  readonly statusCode?: number;
  readonly statusMessage?: string;
}

/** @returns in the order of the sends: whether the run had none for this recipient before */
export async function withholdSends(query: Executor, sends: readonly WithheldSend[]): Promise<readonly boolean[]> {
  if (sends.length === 0) return [];
  const { rows } = await sql<{ recipient: string; runId: string }>`
    insert into sends (project_number, bucket, recipient, run_id, started_at, channel_type, detail, status, status_code,
                       status_message, settled_at)
    select given.*, clock_timestamp() from unnest(
      ${bigintArray(sends.map(({ run }) => run.projectNumber))}::bigint[],
      ${integerArray(sends.map(({ recipient }) => recipient.bucket))}::int[],
      ${textArray(sends.map(({ recipient }) => recipient.text))}::text[],
      ${textArray(sends.map(({ run }) => run.id))}::text[],
      ${timestampArray(sends.map(({ run }) => run.startedAt))}::timestamptz[],
      ${textArray(sends.map(({ channelType }) => channelType))}::text[],
      ${jsonbArray(sends.map(({ detail }) => storableJson(detail)))}::jsonb[],
      ${textArray(sends.map(({ reason }) => reason))}::text[],
      ${integerArray(sends.map(({ statusCode = null }) => statusCode))}::int[],
      ${textArray(sends.map(({ statusMessage }) => (statusMessage === undefined ? null : storableText(statusMessage))))}::text[])
      as given
    on conflict do nothing
    returning recipient, run_id as "runId"`.execute(query);
  const written = new Set(rows.map(({ recipient, runId }) => `${runId} ${recipient}`));
  return sends.map(({ run, recipient }) => written.delete(`${run.id} ${recipient.text}`));
}

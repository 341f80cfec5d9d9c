/**
 * How a record is stored: what is asked of events has columns of its own, the rest is kept as the text in which it is sent.
 * PostgreSQL reads that text for nobody, so it costs a third of what jsonb of a whole record did.
 */
import { storableJson } from '../../kernel/storable-text.ts';
import type { EventRecord } from './record.ts';

/** Texts of JSON, as columns of `events`. */
export interface StoredRecord {
  /** The record without the other three. */
  readonly envelope: string;
  /** Null where there are none. */
  readonly attributes: string | null;
  readonly metrics: string | null;
  /** As it was then (dossier/events-journeys-console §2.2). */
  readonly endpoint: string | null;
}

export function storeRecord(record: EventRecord): StoredRecord {
  const { attributes, metrics, client_context: context } = record;
  const endpoint = context !== undefined && 'endpoint' in context.custom ? context.custom.endpoint : undefined;
  return {
    envelope: storableJson({
      event_type: record.event_type,
      event_timestamp: record.event_timestamp,
      arrival_timestamp: record.arrival_timestamp,
      event_version: record.event_version,
      application: record.application,
      client: record.client,
      device: record.device,
      session: record.session,
      ...(endpoint === undefined && context !== undefined && { client_context: context }),
      ...(record.facets !== undefined && { facets: record.facets }),
      awsAccountId: record.awsAccountId,
    }),
    attributes: isEmpty(attributes) ? null : storableJson(attributes),
    metrics: metrics === undefined ? null : storableJson(metrics),
    // As JSON.stringify wrote it, which escapes what cannot be stored.
    endpoint: endpoint ?? null,
  };
}

/** The record as one text of JSON; nothing is parsed for it. */
export function recordText({ envelope, attributes, metrics, endpoint }: StoredRecord): string {
  const context = endpoint === null ? '' : `,"client_context":{"custom":{"endpoint":${JSON.stringify(endpoint)}}}`;
  const measured = metrics === null ? '' : `,"metrics":${metrics}`;
  return `${envelope.slice(0, -1)},"attributes":${attributes ?? '{}'}${measured}${context}}`;
}

function isEmpty(members: object): boolean {
  for (const _name in members) return false;
  return true;
}

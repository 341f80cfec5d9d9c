/**
 * What became of the messages of a campaign's treatments, each message once: from counters, and for conversions from
 * stored events and the log of sends. A read model over tables of events and messaging.
 */
import { sql } from 'kysely';
import type { Database, Executor } from '../../../database/index.ts';
import { storableText } from '../../../kernel/storable-text.ts';
import { slotOf } from '../counting/tally.ts';
import { countedAt } from '../stored-events.ts';

export interface CampaignPeriod {
  readonly projectNumber: number;
  readonly campaignId: string;
  /** Of the campaign: nothing was sent before. */
  readonly createdAt: Date;
}

export interface TreatmentCounts {
  readonly treatmentId: string;
  /** Messages that were accepted, on all channels. */
  readonly sent: number;
  /** Those of them that can be opened: mails and notifications. */
  readonly openable: number;
  /** Those in which something can be clicked: mails. */
  readonly clickable: number;
  readonly opened: number;
  readonly clicked: number;
}

const columns: Readonly<Record<string, readonly (keyof TreatmentCounts & string)[]>> = {
  'campaign accepted email': ['sent', 'openable', 'clickable'],
  'campaign accepted push': ['sent', 'openable'],
  'campaign accepted sms': ['sent'],
  'campaign accepted other': ['sent'],
  'campaign email first opened': ['opened'],
  'campaign push first opened': ['opened'],
  'campaign email first clicked': ['clicked'],
};

/** By treatment; those of which nothing was counted are missing. */
export async function countTreatments(
  query: Executor,
  { projectNumber, campaignId, createdAt }: CampaignPeriod,
): Promise<ReadonlyMap<string, TreatmentCounts>> {
  const { rows } = await sql<{ treatmentId: string; metric: string; value: number }>`
    select treatment_id as "treatmentId", metric, sum(value) as value from analytics_counters
    where project_number = ${projectNumber} and metric = any (${Object.keys(columns)}::text[])
      and slot >= ${new Date(slotOf(createdAt.getTime()))} and source_id = ${campaignId}
    group by 1, 2`.execute(query);
  const counts = new Map<string, Record<string, number>>();
  for (const { treatmentId, metric, value } of rows) {
    const of = counts.get(treatmentId) ?? { sent: 0, openable: 0, clickable: 0, opened: 0, clicked: 0 };
    counts.set(treatmentId, of);
    for (const column of columns[metric] ?? []) of[column] = (of[column] as number) + value;
  }
  return new Map([...counts].map(([treatmentId, of]) => [treatmentId, { treatmentId, ...of } as TreatmentCounts]));
}

export interface ConversionQuestion extends CampaignPeriod {
  readonly eventType: string;
  /** After the message. */
  readonly windowHours: number;
  readonly now: Date;
}

/**
 * Messages after which the event came from the same endpoint, each once, by treatment. One pass over the project's events
 * since the campaign began; for each of the type, the few messages that its endpoint got are looked up by their key.
 */
export async function countConversions(
  database: Database,
  { projectNumber, campaignId, createdAt, eventType, windowHours, now }: ConversionQuestion,
): Promise<ReadonlyMap<string, number>> {
  const rows = await database.transaction(
    async (tx) => {
      await sql`select set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`.execute(tx);
      const { rows: counted } = await sql<{ treatmentId: string; converted: number }>`
        select treatment as "treatmentId", count(*)::int as converted from (
          select distinct s.detail #>> '{origin,treatmentId}' as treatment, s.bucket, s.recipient, s.run_id
          from events as e
          join sends as s on s.project_number = e.project_number and s.bucket = e.bucket and s.recipient = e.endpoint_id
          where e.project_number = ${projectNumber} and e.type = ${storableText(eventType)}
            and e.endpoint_id is not null and e.arrived_at >= ${createdAt} and e.arrived_at <= ${now}
            and s.project_number = ${projectNumber} and s.started_at >= ${createdAt} and s.started_at <= ${now}
            and s.status = 'SUCCESSFUL' and s.detail #>> '{origin,campaignId}' = ${campaignId}
            and ${countedAt} >= s.settled_at
            and ${countedAt} < s.settled_at + make_interval(hours => ${windowHours})
        ) as messages
        group by 1`.execute(tx);
      return counted;
    },
    { readOnly: true },
  );
  return new Map(rows.map(({ treatmentId, converted }) => [treatmentId, converted]));
}

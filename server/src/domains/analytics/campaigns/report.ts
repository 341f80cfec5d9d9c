/** Reports of campaigns, of all and of one: by day, by campaign or run, and by treatment; from counters alone. */
import { sql } from 'kysely';
import type { CampaignDay, CampaignReport, CampaignsReport } from '../../../contract/repoint-types.ts';
import type { Executor } from '../../../database/index.ts';
import { countUniques } from '../kpis/store.ts';
import { Distinct } from '../pages/distinct.ts';
import { dayOfDate, describePeriod, type Period } from '../pages/period.ts';
import { type Asked, readUniques, type Sums, sumByDay, sumBySource } from '../pages/store.ts';
import { summarise } from '../pages/summary.ts';
import { figureColumns, figureMetrics, figuresOf, withDeliveries } from './figures.ts';

const deliveryColumns = ['EndpointDeliveries', 'OptOutRate'] as const;
export const dayColumns = ['Date', ...figureColumns, ...deliveryColumns] as const;
export const campaignColumns = ['CampaignId', ...figureColumns, ...deliveryColumns] as const;
export const runColumns = ['CampaignActivityId', ...figureColumns, ...deliveryColumns] as const;
export const treatmentColumns = ['TreatmentId', ...figureColumns] as const;

export async function campaignsReport(query: Executor, asked: Asked): Promise<CampaignsReport> {
  const [Days, sums, deliveries, ActiveCampaigns] = await Promise.all([
    campaignDays(query, asked),
    sumBySource(query, asked, figureMetrics, 'campaign'),
    deliveriesBy(query, asked, 'CampaignId'),
    countActive(query, asked.projectNumber),
  ]);
  const Campaigns = keysOf(sums).map((CampaignId) => ({
    CampaignId,
    ...withDeliveries(
      figuresOf((metric) => sums.of(metric, CampaignId)),
      deliveries.get(CampaignId) ?? 0,
    ),
  }));
  return { ...describePeriod(asked.period), ActiveCampaigns, Days, Campaigns, Summary: summariseDays(Days) };
}

export async function campaignReport(query: Executor, asked: Asked, campaignId: string): Promise<CampaignReport> {
  const [Days, runs, deliveries, treatments] = await Promise.all([
    campaignDays(query, asked, campaignId),
    sumBySource(query, asked, figureMetrics, 'run', campaignId),
    deliveriesBy(query, asked, 'CampaignActivityId', campaignId),
    sumBySource(query, asked, figureMetrics, 'treatment', campaignId),
  ]);
  const Runs = keysOf(runs).map((CampaignActivityId) => ({
    CampaignActivityId,
    ...withDeliveries(
      figuresOf((metric) => runs.of(metric, CampaignActivityId)),
      deliveries.get(CampaignActivityId) ?? 0,
    ),
  }));
  const Treatments = keysOf(treatments).map((TreatmentId) => ({
    TreatmentId,
    ...figuresOf((metric) => treatments.of(metric, TreatmentId)),
  }));
  const Summary = summariseDays(Days);
  return { ...describePeriod(asked.period), CampaignId: campaignId, Days, Runs, Treatments, Summary };
}

/** @param campaignId of one */
async function campaignDays(query: Executor, asked: Asked, campaignId?: string): Promise<CampaignDay[]> {
  const { projectNumber, period } = asked;
  const metric = campaignId === undefined ? 'delivered' : 'delivered by campaign';
  const [sums, uniques] = await Promise.all([
    sumByDay(query, asked, figureMetrics, undefined, campaignId),
    readUniques(query, projectNumber, [metric], firstDay(period), lastDay(period), campaignId),
  ]);
  const distinct = new Distinct(uniques);
  return period.dates.map((date) => ({
    Date: date,
    ...withDeliveries(
      figuresOf((of) => sums.of(of, date)),
      distinct.on(metric, dayOfDate(date)),
    ),
  }));
}

function summariseDays(days: readonly CampaignDay[]) {
  return summarise(days, [...figureColumns, ...deliveryColumns] as (keyof CampaignDay)[]);
}

function keysOf(sums: Sums): string[] {
  return [...new Set(figureMetrics.flatMap((metric) => sums.keys(metric)))].toSorted();
}

const firstDay = ({ dates }: Period) => dayOfDate(dates[0] as string);
const lastDay = ({ dates }: Period) => dayOfDate(dates.at(-1) as string);

/** Distinct endpoints of the whole period. */
async function deliveriesBy(
  query: Executor,
  { projectNumber, period }: Asked,
  grouping: 'CampaignId' | 'CampaignActivityId',
  campaignId?: string,
): Promise<ReadonlyMap<string, number>> {
  const [start, end] = [period.dates[0], period.dates.at(-1)].map((date) => new Date(`${date}T00:00:00Z`)) as [
    Date,
    Date,
  ];
  const metric = grouping === 'CampaignId' ? 'delivered by campaign' : 'delivered by activity';
  const counts = await countUniques(query, { projectNumber, grouping, campaignId, start, end }, metric);
  return new Map(counts.map(({ group, count }) => [group, count]));
}

/** Of the index of those that may still send. A read model over a table of campaigns. */
async function countActive(query: Executor, projectNumber: number): Promise<number> {
  const { rows } = await sql<{ active: number }>`
    select count(*)::int as active from campaigns
    where project_number = ${projectNumber} and state not in ('COMPLETED', 'DELETED', 'INVALID') and deleted_at is null
      and state <> 'PAUSED'`.execute(query);
  return rows[0]?.active ?? 0;
}

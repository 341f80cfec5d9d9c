/** GetApplicationDateRangeKpi and GetCampaignDateRangeKpi (dossier/events-journeys-console §3). */
import type { BaseKpiResult, ResultRow } from '../../../contract/pinpoint-types.ts';
import type { Executor } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest, notFound } from '../../../kernel/errors.ts';
import type { Handlers } from '../../../operations/call.ts';
import { readDateRange } from './date-range.ts';
import { applicationKpis, campaignKpis, findKpi, type Kpi, type NamedKpi } from './definitions.ts';
import { countUniques, type KpiQuestion, sumCounters } from './store.ts';

/** Since when a project has a campaign; undefined for none. Analytics stands above campaigns and is given it in `app.ts`. */
export type CampaignLookup = (query: Executor, projectNumber: number, campaignId: string) => Promise<Date | undefined>;

export function kpiOperations({
  query,
  campaignCreatedAt,
}: {
  readonly query: Executor;
  readonly campaignCreatedAt: CampaignLookup;
}): Handlers<'GetApplicationDateRangeKpi' | 'GetCampaignDateRangeKpi'> {
  return {
    async GetApplicationDateRangeKpi({ ApplicationId, KpiName, ...times }, { project, now }) {
      const named = requireKpi(applicationKpis, KpiName);
      const { start, end } = readDateRange(times, now);
      const KpiResult = await measure(query, named, {
        ...{ projectNumber: project.number, grouping: named.grouping, campaignId: undefined, start, end },
      });
      return { ApplicationId, KpiName, StartTime: toTimestamp(start), EndTime: toTimestamp(end), KpiResult };
    },

    async GetCampaignDateRangeKpi({ ApplicationId, CampaignId, KpiName, ...times }, { project, now }) {
      const named = requireKpi(campaignKpis, KpiName);
      const { start, end } = readDateRange(times, now);
      if ((await campaignCreatedAt(query, project.number, CampaignId)) === undefined) throw notFound();
      const KpiResult = await measure(query, named, {
        ...{ projectNumber: project.number, grouping: named.grouping, campaignId: CampaignId, start, end },
      });
      return {
        ApplicationId,
        CampaignId,
        KpiName,
        StartTime: toTimestamp(start),
        EndTime: toTimestamp(end),
        KpiResult,
      };
    },
  };
}

function requireKpi(kpis: Readonly<Record<string, Kpi>>, name: string): NamedKpi {
  const named = findKpi(kpis, name);
  if (named === undefined) throw badRequest('kpi-name is not the name of a KPI of this resource');
  return named;
}

async function measure(
  query: Executor,
  { kpi, grouping, valueKey }: NamedKpi,
  question: KpiQuestion,
): Promise<BaseKpiResult> {
  const metrics = kpi.kind === 'counters' ? kpi.metrics : kpi.base;
  const unique = kpi.kind === 'uniques' ? (kpi.metrics[grouping] as string) : undefined;
  const [sums, uniques] = await Promise.all([
    sumCounters(query, question, metrics),
    unique === undefined ? [] : countUniques(query, question, unique),
  ]);
  const values = new Map<string, number>();
  const groups = new Map<string, Map<string, number>>();
  for (const { group, metric, value } of sums) {
    groups.set(group, (groups.get(group) ?? new Map<string, number>()).set(metric, value));
  }
  for (const [group, counted] of groups) {
    if (!kpi.base.some((metric) => counted.has(metric))) continue;
    const value = kpi.kind === 'uniques' ? 0 : kpi.value((metric) => counted.get(metric) ?? 0);
    if (value !== null) values.set(group, value);
  }
  for (const { group, count } of uniques) values.set(group, count);
  const sorted = [...values].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return { Rows: sorted.map(([group, value]) => toRow(grouping, group, valueKey, value)) };
}

function toRow(grouping: NamedKpi['grouping'], group: string, valueKey: string, value: number): ResultRow {
  return {
    GroupedBys: grouping === 'none' ? [] : [{ Key: grouping, Type: 'String', Value: group }],
    Values: [{ Key: valueKey, Type: 'Double', Value: Number.isInteger(value) ? value.toFixed(1) : String(value) }],
  };
}

/** Reads how far the runs of a campaign are: counts that whoever works on them keeps, on whichever node. */
import { sql } from 'kysely';
import type { Executor } from '../../../database/index.ts';
import type { CampaignKey } from '../campaign.ts';
import { type Counts, totalsOf } from '../run/counters.ts';
import type { RunState } from '../run/store.ts';
import type { ObservedRun } from './progress.ts';

export interface RunOfCampaign extends Omit<ObservedRun, 'totals'> {
  readonly segmentId: string;
  readonly segmentVersion: number;
}

interface Row {
  readonly id: string;
  readonly kind: 'SCHEDULED' | 'EVENT';
  readonly state: RunState;
  readonly scheduledStart: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly fault: string | null;
  readonly segmentId: string;
  readonly segmentVersion: number;
  readonly lastBegin: Date | null;
  readonly counts: Counts | null;
}

/** Those under way, oldest first; the last one where there is none. */
export async function observeRuns(
  query: Executor,
  { projectNumber, id }: CampaignKey,
): Promise<(ObservedRun & RunOfCampaign)[]> {
  const isUnderWay = sql`runs.state not in ('CANCELLED', 'COMPLETED')`;
  const { rows } = await sql<Row>`
    with runs as (
      select * from campaign_runs where project_number = ${projectNumber} and campaign_id = ${id}),
    shown as (
      select * from runs where ${isUnderWay}
      union all
      (select * from runs where not exists (select from runs where ${isUnderWay})
       order by scheduled_start desc, coalesce(ended_at, started_at) desc limit 1))
    select shown.id, kind, state, scheduled_start as "scheduledStart", started_at as "startedAt",
           ended_at as "endedAt", fault, plan #>> '{definition,SegmentId}' as "segmentId",
           (plan #>> '{definition,SegmentVersion}')::int as "segmentVersion",
           (select max(begins_at) from campaign_slices as slice
            where slice.project_number = ${projectNumber} and slice.run_id = shown.id
              and slice.begun_at is null) as "lastBegin",
           (select jsonb_object_agg(counter, count) from (
              select counter, sum(count) as count
              from campaign_activities as activity
              join campaign_counts as counted
                on counted.project_number = activity.project_number and counted.activity_id = activity.id
              where activity.project_number = ${projectNumber} and activity.run_id = shown.id
              group by counter) as counters) as counts
    from shown
    order by scheduled_start, shown.id`.execute(query);
  return rows.map(({ counts, ...run }) => ({ ...run, totals: totalsOf(counts ?? {}) }));
}

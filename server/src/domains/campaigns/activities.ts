/** GetCampaignActivities: what became of each run of each treatment (dossier/messaging §1.13). */
import { sql } from 'kysely';
import type { ActivityResponse } from '../../contract/pinpoint-types.ts';
import type { Executor } from '../../database/index.ts';
import { toTimestamp } from '../../kernel/clock.ts';
import type { Position } from '../../kernel/paging.ts';
import type { Campaign, CampaignKey } from './campaign.ts';
import { claimed } from './run/counters.ts';

export interface StoredActivity {
  readonly id: string;
  readonly runId: string;
  readonly treatmentId: string;
  readonly state: string;
  /** Once it has ended. */
  readonly result: string | null;
  readonly scheduledStart: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly counts: Readonly<Record<string, number>>;
  /** Zero without local time. */
  readonly zones: number;
  readonly zonesDone: number;
}

/** Newest run first, the treatments of one in their order, behind `after` = [scheduled start, run, treatment]. */
export async function listActivities(
  query: Executor,
  { projectNumber, id }: CampaignKey,
  after: Position | undefined,
  limit: number,
): Promise<StoredActivity[]> {
  const [start, runId, treatmentId] = after ?? [];
  const { rows } = await sql<StoredActivity>`
    select activity.id, activity.run_id as "runId", activity.treatment_id as "treatmentId", run.state, activity.result,
           run.scheduled_start as "scheduledStart", run.started_at as "startedAt", run.ended_at as "endedAt",
           coalesce(counted.counts, '{}') as counts, zoned.zones, zoned."zonesDone"
    from campaign_activities as activity
    join campaign_runs as run on run.project_number = activity.project_number and run.id = activity.run_id
    left join lateral (
      select jsonb_object_agg(counter, count) as counts
      from (select counter, sum(count) as count from campaign_counts
            where project_number = activity.project_number and activity_id = activity.id
            group by counter) as summed) as counted on true
    cross join lateral (
      select coalesce(sum(cardinality(zones)), 0) as zones,
             coalesce(sum(cardinality(zones)) filter (where ended_at is not null), 0) as "zonesDone"
      from campaign_slices where project_number = activity.project_number and run_id = activity.run_id) as zoned
    where activity.project_number = ${projectNumber} and activity.campaign_id = ${id}
      and (${start ?? null}::timestamptz is null
           or run.scheduled_start < ${start ?? null}::timestamptz
           or (run.scheduled_start = ${start ?? null}::timestamptz
               and (run.id, activity.treatment_id) > (${runId ?? ''}::text, ${treatmentId ?? ''}::text)))
    order by run.scheduled_start desc, run.id, activity.treatment_id
    limit ${limit}`.execute(query);
  return rows;
}

export function toActivityResponse({ applicationId, id }: Campaign, activity: StoredActivity): ActivityResponse {
  const { counts, startedAt, endedAt, result, zones } = activity;
  const metrics = Object.entries(counts).filter(([, count]) => count !== 0);
  return {
    ApplicationId: applicationId,
    CampaignId: id,
    Id: activity.id,
    State: activity.state,
    TreatmentId: activity.treatmentId,
    ScheduledStart: toTimestamp(activity.scheduledStart),
    ...(startedAt !== null && { Start: toTimestamp(startedAt) }),
    ...(endedAt !== null && { End: toTimestamp(endedAt) }),
    ...(endedAt !== null && result !== null && { Result: result }),
    // Those a message was to leave to, and those of whom it was accepted.
    TotalEndpointCount: counts[claimed] ?? 0,
    SuccessfulEndpointCount: counts['SUCCESSFUL'] ?? 0,
    ...(zones > 0 && { TimezonesTotalCount: zones, TimezonesCompletedCount: activity.zonesDone }),
    ExecutionMetrics: Object.fromEntries(metrics.map(([counter, count]) => [counter, String(count)])),
  };
}

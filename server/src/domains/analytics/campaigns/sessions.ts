/**
 * How often endpoints opened the app, and what they bought, within 24 hours of a message of one campaign
 * (dossier/events-journeys-console §4.7): from stored events and the log of sends. A read model over tables of events and
 * messaging.
 */
import { sql } from 'kysely';
import type { CampaignSessionsDay, CampaignSessionsReport } from '../../../contract/repoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { localHour } from '../counting/local-hour.ts';
import { describePeriod, type Period } from '../pages/period.ts';
import { quotient, summarise } from '../pages/summary.ts';
import { hoursOf } from '../pages/usage.ts';
import { countedAt, metricOr, timezoneOf, withinPeriod } from '../stored-events.ts';
import type { CampaignPeriod } from './treatments.ts';

const windowHours = 24;

export const sessionsColumns = [
  ...['Date', 'Sessions', 'Endpoints', 'SessionsPerEndpoint', 'UnitsSold', 'Buyers', 'UnitsSoldPerEndpoint'],
] as const;

export async function campaignSessionsReport(
  database: Database,
  campaign: CampaignPeriod,
  period: Period,
): Promise<CampaignSessionsReport> {
  const { days, hours } = await readFollowing(database, campaign, period);
  const byDate = new Map(days.map((row) => [row.date, row]));
  const Days = period.dates.map((date): CampaignSessionsDay => {
    const { sessions = 0, endpoints = 0, units = 0, buyers = 0 } = byDate.get(date) ?? {};
    return {
      ...{
        Date: date,
        Sessions: sessions,
        Endpoints: endpoints,
        ...quotient('SessionsPerEndpoint', sessions, endpoints),
      },
      ...{ UnitsSold: units, Buyers: buyers, ...quotient('UnitsSoldPerEndpoint', units, buyers) },
    };
  });
  const columns = sessionsColumns.filter((column) => column !== 'Date') as readonly (keyof CampaignSessionsDay)[];
  return {
    ...describePeriod(period),
    ...{ CampaignId: campaign.campaignId, Days, Hours: localHours(hours), Summary: summarise(Days, columns) },
  };
}

interface Following {
  readonly days: readonly {
    readonly date: string;
    readonly sessions: number;
    readonly endpoints: number;
    readonly units: number;
    readonly buyers: number;
  }[];
  /** Of sessions. */
  readonly hours: readonly SessionsAt[];
}

interface SessionsAt {
  /** Milliseconds; the begin of a quarter of an hour: no time zone begins its hours in between. */
  readonly at: number;
  readonly zone: string;
  readonly sessions: number;
}

function localHours(quarters: readonly SessionsAt[]) {
  const sessions = new Map<string, number>();
  for (const { at, zone, sessions: count } of quarters) {
    const hour = localHour(at, zone);
    sessions.set(hour, (sessions.get(hour) ?? 0) + count);
  }
  return hoursOf((hour) => sessions.get(hour) ?? 0);
}

/** One pass over the events of the days; for each of the two types, the messages of its endpoint are looked up by key. */
async function readFollowing(
  database: Database,
  { projectNumber, campaignId, createdAt }: CampaignPeriod,
  period: Period,
): Promise<Following> {
  const units = metricOr('_quantity', 1);
  return database.transaction(
    async (tx) => {
      await sql`select set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`.execute(tx);
      const { rows } = await sql<Following>`
        with following as materialized (
          select e.endpoint_id, e.type = '_session.start' as is_session, ${countedAt} as at,
                 coalesce(${timezoneOf}, 'UTC') as zone, ${units} as units
          from events as e
          where ${withinPeriod(projectNumber, period)} and e.endpoint_id is not null
            and e.type in ('_session.start', '_monetization.purchase')
            and exists (
              select from sends as s
              where s.project_number = e.project_number and s.bucket = e.bucket and s.recipient = e.endpoint_id
                and s.started_at >= ${createdAt} and s.started_at < ${period.end}
                and s.status = 'SUCCESSFUL' and s.detail #>> '{origin,campaignId}' = ${campaignId}
                and ${countedAt} >= s.settled_at
                and ${countedAt} < s.settled_at + make_interval(hours => ${windowHours}))),
        days as (
          select to_char(at at time zone ${period.zone}, 'YYYY-MM-DD') as date,
                 count(*) filter (where is_session) as sessions,
                 count(distinct endpoint_id) filter (where is_session) as endpoints,
                 coalesce(sum(units) filter (where not is_session), 0) as units,
                 count(distinct endpoint_id) filter (where not is_session) as buyers
          from following group by 1),
        hours as (
          select extract(epoch from date_bin('15 minutes', at, 'epoch')) * 1000 as at, zone, count(*) as sessions
          from following where is_session group by 1, 2)
        select (select coalesce(jsonb_agg(days), '[]') from days) as days,
               (select coalesce(jsonb_agg(hours), '[]') from hours) as hours`.execute(tx);
      return rows[0] as Following;
    },
    { readOnly: true },
  );
}

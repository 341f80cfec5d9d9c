/** Usage: who was there, how often, and whether they came back (dossier/events-journeys-console §4.2). */
import type {
  RetentionCohort,
  RetentionReport,
  SessionHour,
  SessionHoursReport,
  UsageDay,
  UsageReport,
} from '../../../contract/repoint-types.ts';
import type { Executor } from '../../../database/index.ts';
import { Distinct } from './distinct.ts';
import { dateOfDay, dayOfDate, describePeriod, type Period } from './period.ts';
import { readUniques, sumByDayAndLabel, sumByLabel } from './store.ts';
import { quotient, summarise } from './summary.ts';

const monthDays = 30;
const weekDays = 7;

export const usageColumns = [
  ...['Date', 'DailyActiveEndpoints', 'MonthlyActiveEndpoints', 'NewEndpoints', 'DailyActiveUsers'],
  ...['MonthlyActiveUsers', 'NewUsers', 'SevenDayRetention', 'StickyFactor', 'Sessions', 'SessionsPerEndpoint'],
  ...['SessionsPerUser', 'SignIns', 'SignUps', 'AuthenticationFailures'],
] as const;

const counted = {
  Sessions: '_session.start',
  SignIns: '_userauth.sign_in',
  SignUps: '_userauth.sign_up',
  AuthenticationFailures: '_userauth.auth_fail',
} as const;

export async function usageReport(query: Executor, projectNumber: number, period: Period): Promise<UsageReport> {
  const days = period.dates.map(dayOfDate);
  const [first, last] = [days[0] as number, days.at(-1) as number];
  const [events, uniques] = await Promise.all([
    sumByDayAndLabel(query, { projectNumber, period }, 'event', Object.values(counted)),
    readUniques(query, projectNumber, ['endpoint', 'user'], first - monthDays + 1, last),
  ]);
  const values = new Map(events.map(({ day, label, value }) => [`${day} ${label}`, value]));
  const distinct = new Distinct(uniques);
  const Days = period.dates.map((date) => usageOf(date, distinct, (type) => values.get(`${date} ${type}`) ?? 0));
  const columns = usageColumns.filter((column) => column !== 'Date');
  return { ...describePeriod(period), Days, Summary: summarise(Days, columns as readonly (keyof UsageDay)[]) };
}

function usageOf(date: string, distinct: Distinct, count: (type: string) => number): UsageDay {
  const day = dayOfDate(date);
  const active = (metric: string) => ({
    daily: distinct.on(metric, day),
    monthly: distinct.within(metric, day - monthDays + 1, day),
    first: distinct.firstOn(metric, day),
  });
  const [endpoints, users] = [active('endpoint'), active('user')];
  const Sessions = count(counted.Sessions);
  const before = distinct.on('endpoint', day - weekDays);
  return {
    ...{ Date: date, DailyActiveEndpoints: endpoints.daily, MonthlyActiveEndpoints: endpoints.monthly },
    ...{ NewEndpoints: endpoints.first, DailyActiveUsers: users.daily, MonthlyActiveUsers: users.monthly },
    ...{ NewUsers: users.first, Sessions, SignIns: count(counted.SignIns), SignUps: count(counted.SignUps) },
    AuthenticationFailures: count(counted.AuthenticationFailures),
    ...quotient('StickyFactor', endpoints.daily, endpoints.monthly),
    ...quotient('SevenDayRetention', distinct.returned('endpoint', day - weekDays, day), before),
    ...quotient('SessionsPerEndpoint', Sessions, endpoints.daily),
    ...quotient('SessionsPerUser', Sessions, users.daily),
  };
}

export const sessionHourColumns = ['Weekday', 'Hour', 'Sessions'] as const;

export async function sessionHoursReport(
  query: Executor,
  projectNumber: number,
  period: Period,
): Promise<SessionHoursReport> {
  const sums = await sumByLabel(query, { projectNumber, period }, ['session at']);
  return { ...describePeriod(period), Hours: hoursOf((hour) => sums.of('session at', hour)) };
}

/** Of a week. @param count of an hour as `localHour` writes it */
export function hoursOf(count: (hour: string) => number): SessionHour[] {
  return Array.from({ length: 7 * 24 }, (_, index) => {
    const [Weekday, Hour] = [Math.floor(index / 24) + 1, index % 24];
    return { Weekday, Hour, Sessions: count(`${Weekday} ${Hour}`) };
  });
}

export const cohortColumns = ['Date', 'DaysLater', 'Endpoints', 'CohortSize', 'Share'] as const;

/** By the first day of each endpoint; days that are still to come have no rows. */
export async function retentionReport(
  query: Executor,
  projectNumber: number,
  period: Period,
  today: string,
): Promise<RetentionReport> {
  const days = period.dates.map(dayOfDate);
  const [first, last] = [days[0] as number, Math.min(days.at(-1) as number, dayOfDate(today))];
  const rows = await readUniques(query, projectNumber, ['cohort'], first, last);
  const counts = new Map(rows.map(({ day, previous, count }) => [`${previous} ${day}`, count]));
  const Cohorts: RetentionCohort[] = [];
  for (let cohort = first; cohort <= last; cohort += 1) {
    const CohortSize = counts.get(`${cohort} ${cohort}`) ?? 0;
    for (let day = cohort; CohortSize > 0 && day <= last; day += 1) {
      const Endpoints = counts.get(`${cohort} ${day}`) ?? 0;
      Cohorts.push({
        ...{ Date: dateOfDay(cohort), DaysLater: day - cohort, Endpoints, CohortSize, Share: Endpoints / CohortSize },
      });
    }
  }
  return { ...describePeriod(period), Cohorts };
}

/** How long events are kept, project by project: days that nobody keeps go whole, of others the rows of those who do not. */
import { sql } from 'kysely';
import type { Database, Executor } from '../../../database/index.ts';
import { dropOldDays } from '../days.ts';
import { forgetFingerprintsBefore } from './fingerprints.ts';
import { readRetentions } from './settings.ts';

const dayMilliseconds = 24 * 3600 * 1000;
/** Whoever sends an event again does so within this. */
const fingerprintDays = 7;

/** @param serverDays of projects that did not decide */
export async function dropExpiredEvents(database: Database, now: Date, serverDays: number): Promise<void> {
  const decided = await readRetentions(database.query);
  const kept = [serverDays, ...decided.values()].map(orForever);
  const longest = Math.max(...kept);
  if (Number.isFinite(longest)) await dropOldDays(database, now, longest);
  // Nothing is left then that anybody would not keep, but what shares a month with what is kept.
  const shortest = Math.min(...kept);
  if (Number.isFinite(shortest)) {
    for (const project of await projectsBefore(database.query, beginningOfDay(now, shortest))) {
      const days = orForever(decided.get(project) ?? serverDays);
      if (Number.isFinite(days)) await deleteBefore(database, project, beginningOfDay(now, days));
    }
  }
  await forgetFingerprintsBefore(database.query, new Date(now.getTime() - fingerprintDays * dayMilliseconds));
}

/** Of all projects; infinite when one of them keeps for ever. */
export async function longestRetention(query: Executor, serverDays: number): Promise<number> {
  return Math.max(...[serverDays, ...(await readRetentions(query)).values()].map(orForever));
}

function orForever(days: number): number {
  return days === 0 ? Number.POSITIVE_INFINITY : days;
}

/** Days that end within so many days stay: the first moment of the oldest of them. */
function beginningOfDay(now: Date, daysBefore: number): Date {
  return new Date(Math.floor(now.getTime() / dayMilliseconds - daysBefore) * dayMilliseconds);
}

/** From one project to the next by the index: a day of a million events has but few of them. */
async function projectsBefore(query: Executor, before: Date): Promise<number[]> {
  const { rows } = await sql<{ number: number }>`
    with recursive found (number) as (
      (select project_number from events where arrived_at < ${before} order by project_number limit 1)
      union all
      select (select project_number from events
              where arrived_at < ${before} and project_number > found.number
              order by project_number limit 1)
      from found where found.number is not null
    )
    select number from found where number is not null`.execute(query);
  return rows.map(({ number }) => Number(number));
}

/** A day a statement, so that none holds many rows for long. */
async function deleteBefore(database: Database, project: number, before: Date): Promise<void> {
  const { rows } = await sql<{ day: Date }>`
    select distinct date_trunc('day', arrived_at, 'UTC') as day from events
    where project_number = ${project} and arrived_at < ${before} order by day`.execute(database.query);
  for (const { day } of rows) {
    const next = new Date(Math.min(day.getTime() + dayMilliseconds, before.getTime()));
    await sql`
      delete from events
      where project_number = ${project} and arrived_at >= ${day} and arrived_at < ${next}`.execute(database.query);
  }
}

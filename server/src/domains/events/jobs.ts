/** Housekeeping of the events domain: a table for each day to come, one for each old month, none for what is too old. */
import type { Database } from '../../database/index.ts';
import { type Cron, defineJob, handleJob, type JobHandler } from '../../jobs/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import { makeDaysAhead } from './days.ts';
import { dropExpiredEvents, longestRetention } from './ingest/retention.ts';
import { mergeMonths } from './months.ts';

const makeDays = defineJob('events/make days', () => ({}));
const dropDays = defineJob('events/drop days', () => ({}));
const mergeDays = defineJob('events/merge days', () => ({}));

export interface EventJobParts {
  readonly database: Database;
  readonly clock: Clock;
  /** `REPOINT_EVENT_RETENTION_DAYS` */
  readonly eventRetentionDays: number;
}

export function eventJobs({ database, clock, eventRetentionDays }: EventJobParts): JobHandler[] {
  return [
    handleJob(makeDays, () => makeDaysAhead(database, clock.now())),
    handleJob(dropDays, () => dropExpiredEvents(database, clock.now(), eventRetentionDays)),
    handleJob(mergeDays, async (_payload, { signal }) => {
      const keptDays = await longestRetention(database.query, eventRetentionDays);
      await mergeMonths(database, clock.now(), keptDays, signal);
    }),
  ];
}

export const eventCrons: readonly Cron[] = [
  { job: makeDays, match: '7 */6 * * *' },
  { job: dropDays, match: '52 2 * * *' },
  { job: mergeDays, match: '12 4 * * *' },
];

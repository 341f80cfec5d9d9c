/** Housekeeping of analytics: few rows for days that are over, and no marks of messages that nobody asks about again. */
import type { Database } from '../../database/index.ts';
import { type Cron, defineJob, handleJob, type JobHandler } from '../../jobs/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import { dropMessageMarks, joinShards } from './housekeeping.ts';

const join = defineJob('analytics/join shards', () => ({}));
const drop = defineJob('analytics/drop marks', () => ({}));

export interface AnalyticsJobParts {
  readonly database: Database;
  readonly clock: Clock;
}

export function analyticsJobs({ database, clock }: AnalyticsJobParts): JobHandler[] {
  return [
    handleJob(join, () => joinShards(database, clock.now())),
    handleJob(drop, () => dropMessageMarks(database, clock.now())),
  ];
}

export const analyticsCrons: readonly Cron[] = [
  { job: join, match: '23 3 * * *' },
  { job: drop, match: '41 3 * * 0' },
];

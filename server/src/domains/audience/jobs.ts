/** Housekeeping of the audience domain. */
import type { Database } from '../../database/index.ts';
import { type Cron, defineJob, handleJob, type JobHandler } from '../../jobs/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import { forgetIdleValues } from './idle-values.ts';
import { deleteTombstonesBefore } from './store.ts';

/** No writer takes longer than that. */
const keepTombstonesDays = 30;

const sweepTombstones = defineJob('audience/sweep tombstones', () => ({}));
const sweepIdleValues = defineJob('audience/sweep idle values', () => ({}));

export function audienceJobs({ database, clock }: { database: Database; clock: Clock }): JobHandler[] {
  return [
    handleJob(sweepTombstones, () =>
      deleteTombstonesBefore(database.query, new Date(clock.now().getTime() - keepTombstonesDays * 24 * 3600 * 1000)),
    ),
    handleJob(sweepIdleValues, () => forgetIdleValues(database, clock.now())),
  ];
}

export const audienceCrons: readonly Cron[] = [
  { job: sweepTombstones, match: '41 3 * * *' },
  { job: sweepIdleValues, match: '13 4 * * *' },
];

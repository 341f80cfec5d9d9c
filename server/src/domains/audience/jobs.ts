/** Housekeeping of the audience domain. */
import type { Database } from '../../database/index.ts';
import { type Cron, defineJob, handleJob, type JobHandler } from '../../jobs/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import { idleValueCrons, idleValueJobs } from './idle-values.ts';
import { deleteTombstonesBefore } from './store.ts';

/** No writer takes longer than that. */
const keepTombstonesDays = 30;

const sweepTombstones = defineJob('audience/sweep tombstones', () => ({}));

export function audienceJobs({ database, clock }: { database: Database; clock: Clock }): JobHandler[] {
  return [
    handleJob(sweepTombstones, () =>
      deleteTombstonesBefore(database.query, new Date(clock.now().getTime() - keepTombstonesDays * 24 * 3600 * 1000)),
    ),
    ...idleValueJobs(database),
  ];
}

export const audienceCrons: readonly Cron[] = [{ job: sweepTombstones, match: '41 3 * * *' }, ...idleValueCrons];

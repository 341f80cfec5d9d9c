/** Housekeeping of the accounts domain: once a day, what is over for good is removed. */
import type { Database } from '../../database/index.ts';
import { type Cron, defineJob, handleJob, type JobHandler } from '../../jobs/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import { deleteCountsBefore } from './audit/store.ts';
import { deleteExpired } from './sessions/store.ts';

const dayMilliseconds = 24 * 3600 * 1000;
/** Expired keys stay visible for a while: somebody may wonder why a program stopped working. */
const keepExpiredDays = 30;
const keepCountsDays = 400;

const sweepAccounts = defineJob('accounts/sweep', () => ({}));

export function accountJobs({ database, clock }: { database: Database; clock: Clock }): JobHandler[] {
  return [
    handleJob(sweepAccounts, async () => {
      const daysAgo = (days: number) => new Date(clock.now().getTime() - days * dayMilliseconds);
      await deleteExpired(database.query, daysAgo(keepExpiredDays));
      await deleteCountsBefore(database.query, daysAgo(keepCountsDays));
    }),
  ];
}

export const accountCrons: readonly Cron[] = [{ job: sweepAccounts, match: '17 3 * * *' }];

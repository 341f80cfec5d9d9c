/** Housekeeping of messaging: partitions ahead of time, and what is over removed. */
import { type Database, dropTimePartitions, ensureTimePartitions } from '../../database/index.ts';
import { type Cron, defineJob, handleJob, type JobHandler } from '../../jobs/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import { deleteIdempotentCallsBefore } from './direct/idempotent-calls.ts';
import { closeOldReceipts } from './feedback/open-receipts.ts';
import type { Messaging } from './messaging.ts';
import { deleteExpiredPasswords } from './otp/passwords.ts';
import { deleteIdleBudgets } from './pipeline/rate-budget.ts';

const dayMilliseconds = 24 * 3600 * 1000;
/** Links in messages and receipts lead to rows no older than that. */
const keepSendsDays = 90;

const sweepMessaging = defineJob('messaging/sweep', () => ({}));
const keepPartitions = defineJob('messaging/keep partitions', () => ({}));

interface Parts {
  readonly database: Database;
  readonly clock: Clock;
  readonly messaging: Messaging;
}

export function messagingJobs({ database, clock, messaging }: Parts): JobHandler[] {
  const { query } = database;
  return [
    handleJob(sweepMessaging, async () => {
      const now = clock.now();
      await deleteExpiredPasswords(query, now);
      await deleteIdempotentCallsBefore(query, new Date(now.getTime() - dayMilliseconds));
      await deleteIdleBudgets(query);
      await closeOldReceipts(database, messaging.keySecret, now);
    }),
    handleJob(keepPartitions, async () => {
      const now = clock.now();
      for (const table of ['sends', 'provider_messages']) {
        await ensureTimePartitions(query, table, now);
        await dropTimePartitions(query, table, new Date(now.getTime() - keepSendsDays * dayMilliseconds));
      }
    }),
  ];
}

export const messagingCrons: readonly Cron[] = [
  { job: sweepMessaging, match: '23 * * * *' },
  { job: keepPartitions, match: '47 2 * * *' },
];

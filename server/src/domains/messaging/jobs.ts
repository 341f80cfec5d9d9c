/** Housekeeping of messaging: partitions ahead of time, and what is over removed. */
import { dropTimePartitions, ensureTimePartitions } from '../../database/index.ts';
import { type Cron, defineJob, handleJob, type JobHandler } from '../../jobs/index.ts';
import { deleteIdempotentCallsBefore } from './direct/idempotent-calls.ts';
import { closeOldReceipts } from './feedback/open-receipts.ts';
import type { Messaging } from './messaging.ts';
import { deleteExpiredPasswords } from './otp/passwords.ts';
import { type TwoWayJobParts, twoWayCrons, twoWayJobs } from './two-way/index.ts';

const dayMilliseconds = 24 * 3600 * 1000;
/** Links in messages and receipts lead to rows no older than that. */
const keepSendsDays = 90;

const sweepMessaging = defineJob('messaging/sweep', () => ({}));
const keepPartitions = defineJob('messaging/keep partitions', () => ({}));

export interface MessagingJobParts extends Omit<TwoWayJobParts, keyof Messaging> {
  readonly messaging: Messaging;
}

export function messagingJobs({ messaging, ...parts }: MessagingJobParts): JobHandler[] {
  const { database, clock } = parts;
  const { query } = database;
  return [
    ...twoWayJobs({ ...parts, ...messaging }),
    handleJob(sweepMessaging, async () => {
      const now = clock.now();
      await deleteExpiredPasswords(query, now);
      await deleteIdempotentCallsBefore(query, new Date(now.getTime() - dayMilliseconds));
      await closeOldReceipts({ database, ...messaging }, now);
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
  ...twoWayCrons,
  { job: sweepMessaging, match: '23 * * * *' },
  { job: keepPartitions, match: '47 2 * * *' },
];

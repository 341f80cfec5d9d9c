/** Housekeeping of the channels domain: once an hour, messages of the outbox that have expired are removed. */
import type { Database } from '../../database/index.ts';
import { type Cron, defineJob, handleJob, type JobHandler } from '../../jobs/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import { deleteExpiredMessages } from './drivers/outbox/store.ts';

const sweepOutbox = defineJob('channels/sweep outbox', () => ({}));

export function channelJobs({ database, clock }: { database: Database; clock: Clock }): JobHandler[] {
  return [handleJob(sweepOutbox, (_payload, { signal }) => deleteExpiredMessages(database, clock.now(), signal))];
}

export const channelCrons: readonly Cron[] = [{ job: sweepOutbox, match: '29 * * * *' }];

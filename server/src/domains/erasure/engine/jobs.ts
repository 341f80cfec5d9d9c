/** Erasures in the background: on any node that works, again when one was interrupted. */
import { type Cron, handleJob, type JobHandler } from '../../../jobs/index.ts';
import type { ErasureParts } from '../parts.ts';
import { runRetention } from '../retention/run.ts';
import { giveUp } from './end.ts';
import { erasureAttempts, erasureJob, nightlyRetention } from './job-definition.ts';
import { runErasure } from './run.ts';

export function erasureJobs(parts: ErasureParts): JobHandler[] {
  return [
    handleJob(erasureJob, async (key, job) => {
      try {
        await runErasure(parts, key, job.signal);
      } catch (error) {
        if (job.attempt >= erasureAttempts && !job.signal.aborted) await giveUp(parts, key);
        throw error;
      }
    }),
    handleJob(nightlyRetention, (_payload, job) => runRetention(parts, job.signal)),
  ];
}

export const erasureCrons: readonly Cron[] = [{ job: nightlyRetention, match: '20 3 * * *' }];

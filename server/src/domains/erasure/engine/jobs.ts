/** Erasures in the background: on any node that works, again when one was interrupted. */
import { type Cron, handleJob, type JobHandler } from '../../../jobs/index.ts';
import type { ErasureParts } from '../parts.ts';
import { listFinishing } from '../requests/store.ts';
import { runRetention } from '../retention/run.ts';
import { giveUp } from './end.ts';
import { finishErasures, listOverdue } from './finish.ts';
import { enqueueFinish, erasureAttempts, erasureJob, finishJob, nightlyRetention } from './job-definition.ts';
import { readDatabaseTime } from './older-transactions.ts';
import { attributesJob, eraseAttributes } from './removed-attributes.ts';
import { runErasure } from './run.ts';

/** By then whoever writes files may be done. */
const momentMilliseconds = 2_000;

async function inAMoment({ database }: ErasureParts): Promise<Date> {
  return new Date((await readDatabaseTime(database.query)).getTime() + momentMilliseconds);
}

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
    handleJob(finishJob, async ({ projectNumber }, job) => {
      try {
        if (await finishErasures(parts, projectNumber, job.signal)) return;
        await enqueueFinish(parts.database.query, projectNumber, await inAMoment(parts));
      } catch (error) {
        if (job.signal.aborted) throw error;
        const last = job.attempt >= erasureAttempts;
        const given = await (last
          ? listFinishing(parts.database.query, projectNumber)
          : listOverdue(parts, projectNumber));
        for (const request of given) await giveUp(parts, request);
        throw error;
      }
    }),
    handleJob(attributesJob, async (removed, job) => {
      try {
        await eraseAttributes(parts, removed, job.signal);
      } catch (error) {
        if (job.attempt >= erasureAttempts && !job.signal.aborted) await giveUp(parts, removed);
        throw error;
      }
    }),
    handleJob(nightlyRetention, (_payload, job) => runRetention(parts, job.signal)),
  ];
}

export const erasureCrons: readonly Cron[] = [{ job: nightlyRetention, match: '20 3 * * *' }];

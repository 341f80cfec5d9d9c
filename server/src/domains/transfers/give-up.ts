/** Ends a job that failed again and again for reasons of our own, so that nobody waits for it for ever. */
import type { Database } from '../../database/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import { dropMembers } from '../segments/index.ts';
import { beginRun, endJob, type JobKey } from './store.ts';

export async function giveUp({ database, clock }: { database: Database; clock: Clock }, key: JobKey): Promise<void> {
  await database.transaction(async (tx) => {
    const run = await beginRun(tx, key);
    if (run === undefined) return;
    if (run.membership !== null) await dropMembers(tx, run.membership);
    await endJob(tx, run, { status: 'FAILED', fault: 'The server could not finish the job', now: clock.now() });
  });
}

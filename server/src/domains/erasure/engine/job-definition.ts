/** The job that runs a request: known to whoever enqueues it. */
import type { Transaction } from '../../../database/index.ts';
import { defineJob, enqueue } from '../../../jobs/index.ts';
import type { RequestKey } from '../requests/request.ts';

/** Over about three days: an object store that is away comes back. */
export const erasureAttempts = 25;
/** Before imports and exports: somebody waits for it. */
const priority = -5;

export const erasureJob = defineJob('erasure/run', (payload) => {
  const { projectNumber, id } = payload as Record<string, unknown>;
  if (typeof projectNumber !== 'number' || typeof id !== 'string') throw new TypeError('Not the key of an erasure.');
  return { projectNumber, id };
});

export const nightlyRetention = defineJob('erasure/retention', () => ({}));

/** @param runAt by the clock of the database; at once when left out */
export function enqueueErasure(tx: Transaction, { projectNumber, id }: RequestKey, runAt?: Date): Promise<void> {
  return enqueue(
    tx,
    erasureJob,
    { projectNumber, id },
    { key: `erasure ${id}`, priority, attempts: erasureAttempts, ...(runAt && { runAt }) },
  );
}

/** The job that runs a request: known to whoever enqueues it. */
import type { Executor, Transaction } from '../../../database/index.ts';
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

/** Long jobs leave room for the others of a node: nowhere is there more than one of them. */
const queue = 'erasures in files';

export const finishJob = defineJob('erasure/finish', (payload) => {
  const { projectNumber } = payload as Record<string, unknown>;
  if (typeof projectNumber !== 'number') throw new TypeError('Not the number of a project.');
  return { projectNumber };
});

/** One for all requests of a project that wait. @param runAt by the clock of the database; at once when left out */
export function enqueueFinish(query: Executor, projectNumber: number, runAt?: Date): Promise<void> {
  const key = `finish erasures ${projectNumber}`;
  return enqueue(
    query,
    finishJob,
    { projectNumber },
    { key, queue, attempts: erasureAttempts, ...(runAt && { runAt }) },
  );
}

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

/** The jobs of this room: known to whoever enqueues them. */
import type { Transaction } from '../../../database/index.ts';
import { defineJob, enqueue } from '../../../jobs/index.ts';
import type { RequestKey } from '../requests/request.ts';

export const accessAttempts = 12;

export const accessJob = defineJob('erasure/access archive', (payload) => {
  const { projectNumber, id } = payload as Record<string, unknown>;
  if (typeof projectNumber !== 'number' || typeof id !== 'string') throw new TypeError('Not the key of a request.');
  return { projectNumber, id };
});

/** Removes archives whose time is over, and those that nobody knows of. */
export const keepArchives = defineJob('erasure/keep access archives', () => ({}));

export function enqueueAccess(tx: Transaction, { projectNumber, id }: RequestKey): Promise<void> {
  return enqueue(tx, accessJob, { projectNumber, id }, { key: `access ${id}`, attempts: accessAttempts });
}

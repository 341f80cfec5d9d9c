/** Erasures in files in the background: on any node that works, again when one was interrupted. */
import type { Transaction } from '../../../database/index.ts';
import { defineJob, enqueue, handleJob, type JobHandler } from '../../../jobs/index.ts';
import { type FileErasureParts, giveUp, runFileErasure } from './run.ts';
import { FileNotErasable } from './search.ts';
import { type ErasureKey, RunEnded } from './store.ts';

/** Over about three days: a store that is away comes back. */
const attempts = 25;
/** Long jobs must leave room for the others of a node, which runs four at once. */
const queue = 'erasures in files';
const priority = 10;

function readKey(payload: unknown): { readonly projectNumber: number; readonly id: string } {
  const { projectNumber, id } = payload as Record<string, unknown>;
  if (typeof projectNumber !== 'number' || typeof id !== 'string') throw new TypeError('Not the key of an erasure.');
  return { projectNumber, id };
}

const fileErasureJob = defineJob('erasure/files', readKey);

export function enqueueFileErasure(tx: Transaction, { projectNumber, id }: ErasureKey): Promise<void> {
  return enqueue(tx, fileErasureJob, { projectNumber, id }, { key: `file erasure ${id}`, queue, priority, attempts });
}

export function fileErasureJobs(parts: FileErasureParts): JobHandler[] {
  return [
    handleJob(fileErasureJob, async (key, job) => {
      try {
        await runFileErasure(parts, key, job.signal);
      } catch (error) {
        // Another run has it, or nobody wants it any more.
        if (error instanceof RunEnded) return;
        const said = error instanceof FileNotErasable ? error.reason : 'The server could not finish the erasure';
        if (job.attempt >= attempts && !job.signal.aborted) await giveUp(parts, key, said);
        throw error;
      }
    }),
  ];
}

/** Imports and exports in the background: on any node that works, again when one was interrupted. */

import type { Transaction } from '../../database/index.ts';
import { defineJob, enqueue, handleJob, type JobHandler, type JobPayload, type RunningJob } from '../../jobs/index.ts';
import { runExport } from './export/run.ts';
import { giveUp } from './give-up.ts';
import { type ImportParts, runImport } from './import/run.ts';
import { type JobKey, listUnfinished, RunEnded } from './store.ts';

/** Over about three days: a database that is away comes back. */
const attempts = 25;
/** Long jobs must leave room for the others of a node, which runs four at once. */
const queues = 3;
/** After whatever takes a moment. */
const priority = 10;

export type TransferJobParts = ImportParts;

function readKey(payload: unknown): { readonly projectNumber: number; readonly id: string } {
  const { projectNumber, id } = payload as Record<string, unknown>;
  if (typeof projectNumber !== 'number' || typeof id !== 'string') throw new TypeError('Not the key of a transfer.');
  return { projectNumber, id };
}

const importJob = defineJob('transfers/import', readKey);
const exportJob = defineJob('transfers/export', readKey);

export function enqueueImport(tx: Transaction, key: JobKey): Promise<void> {
  return enqueueTransfer(tx, importJob, key);
}

export function enqueueExport(tx: Transaction, key: JobKey): Promise<void> {
  return enqueueTransfer(tx, exportJob, key);
}

function enqueueTransfer(tx: Transaction, job: typeof importJob, { projectNumber, id }: JobKey): Promise<void> {
  const queue = `transfers ${Number.parseInt(id.slice(0, 8), 16) % queues}`;
  return enqueue(tx, job, { projectNumber, id }, { key: `transfer ${id}`, queue, priority, attempts });
}

/** Of projects that are shown again: their jobs ended when these were hidden, and take up where they were. */
export async function resumeTransfers(tx: Transaction, projectNumbers: readonly number[]): Promise<void> {
  for (const { kind, ...key } of await listUnfinished(tx, projectNumbers)) {
    await (kind === 'IMPORT' ? enqueueImport : enqueueExport)(tx, key);
  }
}

export function transferJobs(parts: TransferJobParts): JobHandler[] {
  const runner = (run: typeof runImport) => async (key: JobKey & JobPayload, job: RunningJob) => {
    try {
      await run(parts, key, job.signal);
    } catch (error) {
      // Another run has it, or nobody wants it any more.
      if (error instanceof RunEnded) return;
      if (job.attempt >= attempts && !job.signal.aborted) await giveUp(parts, key);
      throw error;
    }
  };
  return [handleJob(importJob, runner(runImport)), handleJob(exportJob, runner(runExport))];
}

/** What `repoint import` and `repoint export` have in common: a job that is submitted, and watched until it is over. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Transaction } from '../database/index.ts';
import { Audience } from '../domains/audience/index.ts';
import {
  findJob,
  findProjectById,
  type JobKey,
  type JobKind,
  type JobState,
  type ProjectOfJob,
  transferJobs,
} from '../domains/transfers/index.ts';
import { JobRunner } from '../jobs/index.ts';
import { systemClock } from '../kernel/clock.ts';
import { ServiceError } from '../kernel/errors.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import type { ObjectStore } from '../object-store/index.ts';
import { recordCommand } from './audit.ts';
import type { Deployment } from './deployment.ts';

/** In RoleArn, which Pinpoint wants: nothing reads it here. */
export const commandRole = 'arn:aws:iam::000000000000:role/repoint-command-line';

/** @throws OperatorError */
export async function requireProject({ database }: Deployment, id: string): Promise<ProjectOfJob & { region: string }> {
  const project = await findProjectById(database.query, id);
  if (project === undefined) throw new OperatorError(`There is no project ${id}.`);
  return project;
}

interface Submission<Prepared> {
  readonly kind: JobKind;
  readonly projectId: string;
  /** What can be found wrong with the request, before anything is written. @throws ServiceError */
  prepare(): Promise<Prepared>;
  create(tx: Transaction, prepared: Prepared, now: Date): Promise<JobKey>;
}

const submissions = {
  IMPORT: { operation: 'CreateImportJob', path: 'jobs/import' },
  EXPORT: { operation: 'CreateExportJob', path: 'jobs/export' },
} as const;

/** The job and its entry in the audit log. @throws OperatorError for what the API answers with a 400 or 404 */
export async function submitJob<Prepared>(
  deployment: Deployment,
  project: ProjectOfJob,
  { kind, projectId, prepare, create }: Submission<Prepared>,
): Promise<JobKey> {
  const { operation, path } = submissions[kind];
  try {
    const prepared = await prepare();
    return await deployment.database.transaction(async (tx) => {
      const now = new Date();
      const key = await create(tx, prepared, now);
      const resource = `apps/${projectId}/${path}/${key.id}`;
      await recordCommand(tx, deployment, { operation, accountId: project.accountId, resource, now });
      return key;
    });
  } catch (error) {
    throw error instanceof ServiceError ? new OperatorError(`${error.message}.`, { cause: error }) : error;
  }
}

export interface Watched {
  readonly kind: JobKind;
  readonly key: JobKey;
  readonly objectStore: ObjectStore;
  /** Rows there are, as far as it is known. */
  readonly total: number | undefined;
}

const lookMilliseconds = 250;

/**
 * Whoever comes first runs it: a server that works on the same database, or this process.
 * @returns the job when it is over
 */
export async function watchJob(deployment: Deployment, watched: Watched): Promise<JobState> {
  const { database, connection, masterKey, logger } = deployment;
  const { objectStore } = watched;
  const audience = new Audience({ database, tombstoneKey: masterKey.derive('endpoint tombstones') });
  const jobs = transferJobs({ database, clock: systemClock, audience, objectStore });
  const runner = new JobRunner({ connection, logger, jobs });
  await runner.run();
  const begun = performance.now();
  try {
    for (;;) {
      const job = await findJob(database.query, watched.kind, watched.key);
      if (job === undefined) throw new OperatorError('The job is not there any more.');
      const seconds = (performance.now() - begun) / 1000;
      const over = job.completedAt !== null;
      showProgress(job, { seconds, total: watched.total, over });
      if (over) return job;
      await pause(lookMilliseconds);
    }
  } finally {
    await runner.stop();
  }
}

interface Progress {
  readonly seconds: number;
  readonly total: number | undefined;
  readonly over: boolean;
}

const barWidth = 30;

/** One line that is written over where somebody watches; elsewhere the last one only. */
function showProgress(job: JobState, { seconds, total, over }: Progress): void {
  const terminal = process.stderr.isTTY;
  if (!terminal && !over) return;
  const share = total === undefined || total === 0 ? undefined : Math.min(1, job.processed / total);
  const rate = Math.round(job.processed / Math.max(seconds, 0.001));
  const words = [
    ...(share === undefined ? [] : [`${bar(share)} ${String(Math.floor(share * 100)).padStart(3)} %`]),
    `${job.processed.toLocaleString('en-US')} rows`,
    `${rate.toLocaleString('en-US')} rows/s`,
    ...(job.failed > 0 ? [`${job.failed.toLocaleString('en-US')} failed`] : []),
  ];
  process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${words.join('  ')}${over ? '\n' : ''}`);
}

function bar(share: number): string {
  const filled = Math.round(share * barWidth);
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
}

const shownFailures = 10;

/** @throws OperatorError when the job failed */
export function summarise(job: JobState, done: string): void {
  for (const failure of job.failures.slice(0, shownFailures)) console.error(`  ${failure}`);
  if (job.failures.length > shownFailures) console.error(`  … and ${job.failed - shownFailures} more`);
  if (job.status !== 'COMPLETED') throw new OperatorError(`It failed. ${job.fault ?? job.failures[0] ?? ''}`.trim());
  console.log(done);
}

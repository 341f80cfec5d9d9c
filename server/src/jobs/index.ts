/** Background jobs on graphile-worker: defined by a domain, enqueued in its transaction, run by any node that works. */
export {
  type Cron,
  defineJob,
  handleJob,
  type JobDefinition,
  type JobHandler,
  type JobPayload,
  type RunningJob,
} from './definition.ts';
export { type EnqueueOptions, enqueue } from './enqueue.ts';
export { type MigrateJobsOptions, migrateJobs } from './migrate.ts';
export { jobsPersonalData } from './personal-data.ts';
export {
  countJobs,
  findJob,
  type JobCounts,
  type JobState,
  jobStates,
  type KnownSchedule,
  listJobs,
  listSchedules,
  type QueuedJob,
  type QueueFilter,
  retryJob,
} from './queue.ts';
export { countWaitingJobs } from './queue-depth.ts';
export { JobRunner, type JobRunnerOptions } from './runner.ts';

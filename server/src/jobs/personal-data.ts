/** The job queue's part of the personal-data inventory: graphile-worker's tables. */
import type { PersonalData } from '../kernel/personal-data.ts';

const whenSettled = 'Removed when the job is done; one that failed for good stays until an operator removes it.';

export const jobsPersonalData: PersonalData = {
  domain: 'jobs',
  tables: [
    {
      table: 'graphile_worker._private_jobs',
      columns: {
        id: 'none',
        job_queue_id: 'none',
        task_id: 'none',
        // Ids of resources and internal numbers only (`JobPayload`).
        payload: 'none',
        priority: 'none',
        run_at: 'none',
        attempts: 'none',
        max_attempts: 'none',
        // The kind of error and its code, never its message (`JobFailed`).
        last_error: 'none',
        created_at: 'none',
        updated_at: 'none',
        // Built from ids of resources and internal numbers.
        key: 'none',
        locked_at: 'none',
        locked_by: 'none',
        revision: 'none',
        flags: 'none',
        is_available: 'none',
      },
      erasure: whenSettled,
    },
    {
      table: 'graphile_worker._private_job_queues',
      columns: { id: 'none', queue_name: 'none', locked_at: 'none', locked_by: 'none', is_available: 'none' },
      erasure: 'Never: names of queues.',
    },
    {
      table: 'graphile_worker._private_tasks',
      columns: { id: 'none', identifier: 'none' },
      erasure: 'Never: names of jobs.',
    },
    {
      table: 'graphile_worker._private_known_crontabs',
      columns: { identifier: 'none', known_since: 'none', last_execution: 'none' },
      erasure: 'Never: names of schedules.',
    },
    {
      table: 'graphile_worker.migrations',
      columns: { id: 'none', ts: 'none', breaking: 'none' },
      erasure: 'Never: numbers of migrations.',
    },
  ],
};

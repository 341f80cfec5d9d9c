/** The schema of the job queue: graphile-worker's own migrations, run at start like ours. */
import { runMigrations } from 'graphile-worker';
import type { DatabaseConnection } from '../database/index.ts';
import type { Logger } from '../kernel/logger.ts';
import { workerLog } from './worker-log.ts';

export interface MigrateJobsOptions {
  readonly connection: DatabaseConnection;
  readonly logger: Logger;
}

/** Nodes may do it at once. */
export async function migrateJobs({ connection, logger }: MigrateJobsOptions): Promise<void> {
  await runMigrations({ connectionString: connection.url, logger: workerLog(logger), maxPoolSize: 2 });
}

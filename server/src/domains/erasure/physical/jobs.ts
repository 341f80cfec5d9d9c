/** Every night what was erased leaves the files of the embedded server as well. */
import type { DatabaseConnection } from '../../../database/index.ts';
import { type Cron, defineJob, handleJob, type JobHandler } from '../../../jobs/index.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { PersonalData } from '../../../kernel/personal-data.ts';
import { removePhysically } from './remove.ts';

export const nightlyRemoval = defineJob('erasure/physical removal', () => ({}));

export interface PhysicalJobParts {
  readonly connection: DatabaseConnection;
  readonly databaseUrl: string | undefined;
  readonly inventory: readonly PersonalData[];
  readonly logger: Logger;
}

/** Others wait for it at most a few seconds; an old transaction may take longer. */
const patienceMilliseconds = 10 * 60_000;

export function physicalJobs({ connection, databaseUrl, inventory, logger }: PhysicalJobParts): JobHandler[] {
  return [
    handleJob(nightlyRemoval, async (_payload, { signal }) => {
      // An external server is its operator's; receipts say what is to be done there.
      if (databaseUrl !== undefined) return;
      const removal = await removePhysically({ connection, inventory, signal, patienceMilliseconds });
      const { rewritten, postponed, longestLockMilliseconds } = removal;
      if (rewritten.length + postponed.length === 0) return;
      logger.info(
        { rewritten: rewritten.length, postponed: postponed.length, longestLockMilliseconds },
        'erased rows were taken out of the files of the database',
      );
      if (postponed.length > 0) throw new RemovalPostponed();
    }),
  ];
}

/** The job is tried again. */
class RemovalPostponed extends Error {
  constructor() {
    super('Partitions were in use: their rewriting is tried again.');
    this.name = 'RemovalPostponed';
  }
}

export const physicalCrons: readonly Cron[] = [{ job: nightlyRemoval, match: '40 3 * * *' }];

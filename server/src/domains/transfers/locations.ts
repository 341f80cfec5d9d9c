/** Where transfers hold people besides files: lists of members that imports are filling, which no segment shows yet. */
import { sql } from 'kysely';
import { listLocations } from '../segments/index.ts';

export const transferLocations = listLocations(
  'running imports',
  (projectNumber) => sql`
    select membership from transfer_jobs
    where project_number = ${projectNumber} and kind = 'IMPORT' and completed_at is null and membership is not null`,
);

/** An endpoint of project 7 as claims look at it, without what writers would make beside it. */
import { sql } from 'kysely';
import type { Database } from '../../src/database/index.ts';
import { endpointKey } from '../../src/domains/audience/index.ts';

export async function putBareEndpoint({ query }: Pick<Database, 'query'>, endpointId: string) {
  const { bucket, id } = endpointKey(7, endpointId);
  const { rows } = await sql<{ generation: number }>`
    insert into endpoints (project_number, bucket, id, opt_out, status, cohort, attributes, metrics, demographic, location,
                           user_attributes, created_at, effective_at, request_id)
    values (7, ${bucket}, ${id}, 'NONE', 'ACTIVE', 1, '{}', '{}', '{}', '{}', '{}', now(), now(), '')
    returning generation`.execute(query);
  return { id, bucket, generation: rows[0]?.generation as number, mustBeActive: true };
}

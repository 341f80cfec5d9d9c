/** SQL of doing entries again. */
import { sql } from 'kysely';
import type { Executor } from '../../../database/index.ts';
import type { ErasureMode, RequestKey } from '../requests/request.ts';

/** Requests that a restore made and that have not ended. */
export async function listReplayed(
  query: Executor,
): Promise<(RequestKey & { readonly accountId: string; readonly mode: ErasureMode })[]> {
  const { rows } = await sql<RequestKey & { accountId: string; mode: ErasureMode }>`
    select project_number as "projectNumber", id, account_id as "accountId", mode from erasure_requests
    where ended_at is null and origin = 'RESTORE' order by due_at`.execute(query);
  return rows;
}

/** The end of a request: from now on nobody knows whom it was about, but by asking for the keyed hash of one they know. */
import { sql } from 'kysely';
import type { Transaction } from '../../../database/index.ts';
import type { ErasureParts } from '../parts.ts';
import { noteTouched } from '../physical/touched.ts';
import type { ErasureState, RequestKey, StoredRequest } from '../requests/request.ts';
import { clearSubjects, findRequest, forgetsIdentities, listCounts, moveRequest } from '../requests/store.ts';

/** @returns false when it has left the states `from` meanwhile */
export async function endRequest(
  { clock, hooks }: Pick<ErasureParts, 'clock' | 'hooks'>,
  tx: Transaction,
  key: RequestKey,
  { from, to, fault }: { from: readonly ErasureState[]; to: ErasureState; fault?: string },
): Promise<boolean> {
  const now = clock.now();
  const also = sql`${forgetsIdentities(now)}, fault = ${fault ?? null}`;
  if (!(await moveRequest(tx, key, { from, to, now, also }))) return false;
  await clearSubjects(tx, key);
  await noteTouched(tx);
  const request = (await findRequest(tx, key)) as StoredRequest;
  const counts = await listCounts(tx, key);
  for (const hook of hooks) await hook.ended?.(tx, request, counts);
  return true;
}

/** After the last attempt: what was erased stays erased, and nobody may think that it is complete. */
export async function giveUp(parts: ErasureParts, key: RequestKey): Promise<void> {
  const request = await findRequest(parts.database.query, key);
  if (request === undefined || request.endedAt !== null) return;
  const hasBegun = request.acceptedAt !== null || request.state === 'ERASING' || request.state === 'VERIFYING';
  const to = hasBegun ? 'PARTIALLY_COMPLETED' : 'FAILED';
  const fault = 'The server could not finish the request';
  await parts.database.transaction((tx) => endRequest(parts, tx, key, { from: [request.state], to, fault }));
}

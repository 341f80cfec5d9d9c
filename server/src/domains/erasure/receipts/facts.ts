/** What receipts say of each kind of erasure: of people, in files, of projects and accounts. */
import { sql } from 'kysely';
import type { Executor } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import type { ErasureHook } from '../parts.ts';
import { goneFrom, type LocationCounts, type RequestKey, type StoredRequest } from '../requests/request.ts';
import type { ErasureFacts, ReceiptKept, ReceiptPlace } from './document.ts';
import type { Receipts } from './receipts.ts';

/** Every request that came to an end with something done, also with not all of it, has a receipt that says so. */
export function receiptHook(receipts: Receipts): ErasureHook {
  return {
    async ended(tx, request, counts) {
      if (request.state !== 'COMPLETED' && request.state !== 'PARTIALLY_COMPLETED') return;
      const facts = await factsOfRequest(tx, receipts, request, counts);
      await receipts.issue(tx, request.accountId, facts, request.endedAt ?? request.changedAt);
    },
  };
}

async function factsOfRequest(
  query: Executor,
  receipts: Receipts,
  request: StoredRequest,
  counts: readonly LocationCounts[],
): Promise<ErasureFacts> {
  const { id, mode, origin, state, endpoints, users, addresses, messagesUnderWay } = request;
  const places = counts.map((count) => {
    const { location: name, found, retained, leftOver } = count;
    return placeOf({ name, found, erased: goneFrom(request, count), retained, left: leftOver ?? 0 });
  });
  return {
    ...{
      kind: 'PERSON',
      id,
      project: await projectOf(query, request.projectNumber),
      partOf: null,
      mode,
      origin,
      state,
    },
    receivedAt: toTimestamp(request.createdAt),
    acceptedAt: request.acceptedAt && toTimestamp(request.acceptedAt),
    completedAt: toTimestamp(request.endedAt ?? request.changedAt),
    subject: {
      identities: { ...request.identityTypes },
      ...{ endpoints, users, addresses },
      // A user that was named counts as one, whether it is there or not.
      matched: endpoints > 0 || places.some(({ found }) => found > 0),
    },
    places,
    kept: await keptUnderHolds(query, request),
    skipped: request.skipped.map(({ what, why }) => ({ what: receipts.hashOf(what), why })),
    ...{ messagesUnderWay, repeated: 0, erased: sumOf(places) },
  };
}

export function placeOf(place: Pick<ReceiptPlace, 'name' | 'found' | 'erased' | 'retained' | 'left'>): ReceiptPlace {
  return { ...place };
}

export function sumOf(places: readonly ReceiptPlace[]): number {
  return places.reduce((sum, { erased }) => sum + erased, 0);
}

/** Its row is there until a day after its erasure. */
export async function projectOf(query: Executor, projectNumber: number): Promise<ErasureFacts['project']> {
  const { rows } = await sql<{ id: string; region: string }>`
    select id, region from projects where number = ${projectNumber}`.execute(query);
  return rows[0] === undefined ? null : { id: rows[0].id, region: rows[0].region };
}

/** Reasons are an operator's own words, which must name nobody. */
async function keptUnderHolds(query: Executor, { projectNumber, id }: RequestKey): Promise<ReceiptKept[]> {
  const { rows } = await sql<{ place: string; count: number; reason: string; until: Date }>`
    select location as place, count(*) as count, coalesce(hold.reason, '') as reason, retained.ends_at as until
    from erasure_retained as retained
    left join erasure_holds as hold on hold.project_number = retained.project_number and hold.id = hold_id
    where retained.project_number = ${projectNumber} and request_id = ${id}
    group by location, hold_id, hold.reason, retained.ends_at
    order by location, hold_id`.execute(query);
  return rows.map(({ place, count, reason, until }) => ({ place, count, reason, until: toTimestamp(until) }));
}

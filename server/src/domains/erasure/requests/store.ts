/** SQL over `erasure_requests`, `erasure_pieces` and `erasure_counts`. */
import { type RawBuilder, sql } from 'kysely';
import type { Executor, Through, Transaction } from '../../../database/index.ts';
import type { Position } from '../../../kernel/paging.ts';
import type { ErasureState, LocationCounts, RequestKey, Skipped, StoredRequest } from './request.ts';

const columns = sql`
  project_number as "projectNumber", id, account_id as "accountId", caller_id as "callerId",
  request_hash as "requestHash", origin, mode, state, created_at as "createdAt", due_at as "dueAt",
  accepted_at as "acceptedAt", changed_at as "changedAt", ended_at as "endedAt",
  sealed_identities as "sealedIdentities", identity_hashes as "identityHashes", identity_types as "identityTypes",
  endpoints, users, addresses, messages_under_way as "messagesUnderWay", skipped, fault, version`;

export type NewRequest = Omit<
  StoredRequest,
  'changedAt' | 'endedAt' | 'messagesUnderWay' | 'skipped' | 'fault' | 'acceptedAt'
> & { readonly acceptedAt?: Date };

/** @returns false when the caller used this id before */
export async function insertRequest(tx: Transaction, request: NewRequest): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into erasure_requests (
      project_number, id, account_id, caller_id, request_hash, origin, mode, state, created_at, due_at, accepted_at,
      changed_at, sealed_identities, identity_hashes, identity_types, endpoints, users, addresses, version)
    values (${request.projectNumber}, ${request.id}, ${request.accountId}, ${request.callerId}, ${request.requestHash},
      ${request.origin}, ${request.mode}, ${request.state}, ${request.createdAt}, ${request.dueAt},
      ${request.acceptedAt ?? null}, ${request.createdAt}, ${request.sealedIdentities},
      ${request.identityHashes}::bytea[], ${JSON.stringify(request.identityTypes)}::jsonb,
      ${request.endpoints}, ${request.users}, ${request.addresses}, ${request.version})
    on conflict (project_number, caller_id) do nothing`.execute(tx);
  return numAffectedRows === 1n;
}

export async function findRequest(
  query: Executor,
  { projectNumber, id }: RequestKey,
): Promise<StoredRequest | undefined> {
  const { rows } = await sql<StoredRequest>`
    select ${columns} from erasure_requests where project_number = ${projectNumber} and id = ${id}`.execute(query);
  return rows[0];
}

export async function findByCallerId(
  query: Executor,
  projectNumber: number,
  callerId: string,
): Promise<StoredRequest | undefined> {
  const { rows } = await sql<StoredRequest>`
    select ${columns} from erasure_requests
    where project_number = ${projectNumber} and caller_id = ${callerId}`.execute(query);
  return rows[0];
}

export interface RequestSelection {
  readonly projectNumber: number;
  /** Only those that name one of these identities. */
  readonly hashes?: readonly Buffer[];
  readonly state?: ErasureState | undefined;
}

/** Newest first. */
export async function listRequests(
  query: Executor,
  { projectNumber, hashes, state }: RequestSelection,
  after: Position | undefined,
  limit: number,
): Promise<StoredRequest[]> {
  const [createdAt, id] = after ?? [];
  const behind =
    after === undefined
      ? sql`true`
      : sql`(created_at < ${createdAt}::timestamptz or created_at = ${createdAt}::timestamptz and id > ${id}::text)`;
  const { rows } = await sql<StoredRequest>`
    select ${columns} from erasure_requests
    where project_number = ${projectNumber} and ${behind}
      and ${hashes === undefined ? sql`true` : sql`identity_hashes && ${hashes}::bytea[]`}
      and ${state === undefined ? sql`true` : sql`state = ${state}`}
    order by created_at desc, id limit ${limit}`.execute(query);
  return rows;
}

/**
 * From one state to the next, by whoever comes first.
 * @param also columns that change with it
 * @returns false when it is in none of the states `from`
 */
export async function moveRequest(
  query: Executor,
  { projectNumber, id }: RequestKey,
  { from, to, now, also }: { from: readonly ErasureState[]; to: ErasureState; now: Date; also?: RawBuilder<unknown> },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update erasure_requests set state = ${to}, changed_at = ${now} ${also === undefined ? sql`` : sql`, ${also}`}
    where project_number = ${projectNumber} and id = ${id} and state = any (${from}::text[])`.execute(query);
  return numAffectedRows === 1n;
}

/** When the first of its people was gone from the API. */
export async function setAccepted(query: Executor, { projectNumber, id }: RequestKey, now: Date): Promise<void> {
  await sql`
    update erasure_requests set accepted_at = coalesce(accepted_at, ${now})
    where project_number = ${projectNumber} and id = ${id}`.execute(query);
}

/** Those of a project whose rows are gone and that have not ended, oldest first. */
export async function listFinishing(query: Executor, projectNumber: number): Promise<StoredRequest[]> {
  const { rows } = await sql<StoredRequest>`
    select ${columns} from erasure_requests
    where project_number = ${projectNumber} and ended_at is null and state in ('VERIFYING', 'PARTIALLY_COMPLETED')
    order by created_at, id limit ${mostTogether}`.execute(query);
  return rows;
}

/** The others come next. */
const mostTogether = 1_000;

/** Whom it was about is forgotten with its end: keyed hashes and counts stay. */
export const forgetsIdentities = (now: Date) => sql`ended_at = ${now}, sealed_identities = null`;

export async function clearSubjects(tx: Transaction, { projectNumber, id }: RequestKey): Promise<void> {
  await sql`
    update erasure_pieces set sealed_subject = null
    where project_number = ${projectNumber} and request_id = ${id}`.execute(tx);
}

export interface StoredPiece extends RequestKey {
  readonly piece: number;
  readonly sealedSubject: Buffer | null;
  readonly throughGeneration: number | null;
  readonly throughAt: Date | null;
  readonly state: 'FOUND' | 'ACCEPTED' | 'ERASED' | 'VERIFIED';
}

/** What was found takes the place of what an interrupted search had found. */
export async function replacePieces(
  tx: Transaction,
  { projectNumber, id }: RequestKey,
  sealed: readonly Buffer[],
): Promise<void> {
  await sql`delete from erasure_pieces where project_number = ${projectNumber} and request_id = ${id}`.execute(tx);
  await insertPieces(tx, { projectNumber, id }, sealed, 0);
}

export async function insertPieces(
  tx: Transaction,
  { projectNumber, id }: RequestKey,
  sealed: readonly Buffer[],
  first: number,
  through?: Through,
): Promise<void> {
  if (sealed.length === 0) return;
  await sql`
    insert into erasure_pieces (project_number, request_id, piece, sealed_subject, state, through_generation, through_at)
    select ${projectNumber}, ${id}, ${first}::int + number - 1, subject, ${through === undefined ? 'FOUND' : 'ACCEPTED'},
           ${through?.generation ?? null}::bigint, ${through?.at ?? null}::timestamptz
    from unnest(${sealed}::bytea[]) with ordinality as given (subject, number)`.execute(tx);
}

export async function replaceSubject(
  tx: Transaction,
  { projectNumber, id, piece }: Pick<StoredPiece, 'projectNumber' | 'id' | 'piece'>,
  sealed: Buffer,
): Promise<void> {
  await sql`
    update erasure_pieces set sealed_subject = ${sealed}
    where project_number = ${projectNumber} and request_id = ${id} and piece = ${piece}`.execute(tx);
}

const pieceColumns = sql`
  project_number as "projectNumber", request_id as id, piece, sealed_subject as "sealedSubject",
  through_generation as "throughGeneration", through_at as "throughAt", state`;

export async function listPieces(query: Executor, { projectNumber, id }: RequestKey): Promise<StoredPiece[]> {
  const { rows } = await sql<StoredPiece>`
    select ${pieceColumns} from erasure_pieces
    where project_number = ${projectNumber} and request_id = ${id} order by piece`.execute(query);
  return rows;
}

/** Moves a piece on; locks it first, so that one of two who work on it does. @returns false when the other one did */
export async function movePiece(
  tx: Transaction,
  { projectNumber, id, piece }: Pick<StoredPiece, 'projectNumber' | 'id' | 'piece'>,
  from: StoredPiece['state'],
  to: StoredPiece['state'],
  through?: Through,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update erasure_pieces set state = ${to}
      ${through === undefined ? sql`` : sql`, through_generation = ${through.generation}, through_at = ${through.at}`}
    where project_number = ${projectNumber} and request_id = ${id} and piece = ${piece} and state = ${from}`.execute(
    tx,
  );
  return numAffectedRows === 1n;
}

/** In the transaction of what is counted. */
export async function addCounts(
  query: Executor,
  { projectNumber, id }: RequestKey,
  counts: readonly (Pick<LocationCounts, 'location'> & Partial<LocationCounts>)[],
): Promise<void> {
  const some = counts.filter(({ found = 0, erased = 0, retained = 0 }) => found + erased + retained > 0);
  if (some.length === 0) return;
  await sql`
    insert into erasure_counts as stored (project_number, request_id, location, found, erased, retained)
    select ${projectNumber}, ${id}, * from unnest(
      ${some.map(({ location }) => location)}::text[], ${some.map(({ found = 0 }) => found)}::bigint[],
      ${some.map(({ erased = 0 }) => erased)}::bigint[], ${some.map(({ retained = 0 }) => retained)}::bigint[])
      as given (location, found, erased, retained)
    order by location
    on conflict (project_number, request_id, location) do update set
      found = stored.found + excluded.found, erased = stored.erased + excluded.erased,
      retained = stored.retained + excluded.retained`.execute(query);
}

/** What a search found everywhere, in the place of what an earlier one did. */
export async function setFound(
  tx: Transaction,
  { projectNumber, id }: RequestKey,
  found: ReadonlyMap<string, number>,
): Promise<void> {
  await sql`
    insert into erasure_counts (project_number, request_id, location, found)
    select ${projectNumber}, ${id}, * from unnest(${[...found.keys()]}::text[], ${[...found.values()]}::bigint[])
    on conflict (project_number, request_id, location) do update set found = excluded.found`.execute(tx);
}

export async function setLeftOver(
  tx: Transaction,
  { projectNumber, id }: RequestKey,
  left: ReadonlyMap<string, number>,
): Promise<void> {
  await sql`
    insert into erasure_counts (project_number, request_id, location, left_over)
    select ${projectNumber}, ${id}, * from unnest(${[...left.keys()]}::text[], ${[...left.values()]}::bigint[])
    on conflict (project_number, request_id, location) do update set left_over = excluded.left_over`.execute(tx);
}

export async function listCounts(query: Executor, { projectNumber, id }: RequestKey): Promise<LocationCounts[]> {
  const { rows } = await sql<LocationCounts>`
    select location, found, erased, retained, left_over as "leftOver" from erasure_counts
    where project_number = ${projectNumber} and request_id = ${id} order by location`.execute(query);
  return rows;
}

/** Of files: nothing undoes what went. */
export async function addErased(query: Executor, request: RequestKey, location: string, erased: number): Promise<void> {
  await addCounts(query, request, [{ location, erased }]);
}

export async function addUnderWay(query: Executor, { projectNumber, id }: RequestKey, messages: number): Promise<void> {
  if (messages === 0) return;
  await sql`
    update erasure_requests set messages_under_way = messages_under_way + ${messages}::int
    where project_number = ${projectNumber} and id = ${id}`.execute(query);
}

export async function setSkipped(
  query: Executor,
  { projectNumber, id }: RequestKey,
  skipped: readonly Skipped[],
): Promise<void> {
  await sql`
    update erasure_requests set skipped = ${JSON.stringify(skipped)}::jsonb
    where project_number = ${projectNumber} and id = ${id}`.execute(query);
}

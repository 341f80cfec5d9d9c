/** All SQL over `scope_erasures` and `scope_erasure_places`. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { Position } from '../../../kernel/paging.ts';
import { notePartTouched, noteTouched } from '../physical/touched.ts';
import type { Owner } from './ownership.ts';
import type { Place } from './places.ts';
import type { KeptPlace } from './receipt.ts';
import type { Cursor, Step } from './walk.ts';

export type ErasureState = 'RECEIVED' | 'ERASING' | 'VERIFYING' | 'COMPLETED';

export interface ScopeErasure {
  readonly id: string;
  readonly owner: Owner;
  readonly partOf: string | null;
  readonly state: ErasureState;
  readonly receivedAt: Date;
  readonly completedAt: Date | null;
  readonly repeated: number;
  readonly late: number;
  readonly kept: readonly KeptPlace[];
}

interface ErasureRow extends Omit<ScopeErasure, 'owner'> {
  readonly scope: 'PROJECT' | 'ACCOUNT';
  readonly accountId: string;
  readonly region: string;
  readonly projectId: string;
  readonly projectNumber: number;
}

const columns = sql`
  id, scope, account_id as "accountId", region, project_id as "projectId", project_number as "projectNumber",
  part_of as "partOf", state, received_at as "receivedAt", completed_at as "completedAt", repeated, late, kept`;

function toErasure({ scope, accountId, region, projectId, projectNumber, ...row }: ErasureRow): ScopeErasure {
  const owner: Owner =
    scope === 'PROJECT' ? { scope, accountId, region, projectId, projectNumber } : { scope, accountId };
  return { ...row, owner };
}

export interface NewErasure {
  readonly id: string;
  readonly owner: Owner;
  readonly partOf?: string | null;
  readonly kept?: readonly KeptPlace[];
  readonly now: Date;
}

/** @returns its id; of one that was received before, the id it has */
export async function insertErasure(
  tx: Transaction,
  { id, owner, partOf = null, kept = [], now }: NewErasure,
): Promise<string> {
  const project = owner.scope === 'PROJECT' ? owner : undefined;
  const { rows } = await sql<{ id: string }>`
    insert into scope_erasures (id, scope, account_id, region, project_id, project_number, part_of, state, kept,
                                received_at)
    values (${id}, ${owner.scope}, ${owner.accountId}, ${project?.region ?? null}, ${project?.projectId ?? null},
            ${project?.projectNumber ?? null}::bigint, ${partOf}, 'RECEIVED', ${JSON.stringify(kept)}::jsonb,
            ${now})
    on conflict do nothing
    returning id`.execute(tx);
  if (rows[0] !== undefined) return rows[0].id;
  const { rows: known } = await sql<{ id: string }>`
    select id from scope_erasures
    where ${project === undefined ? sql`scope = 'ACCOUNT' and account_id = ${owner.accountId}` : sql`project_number = ${project.projectNumber}::bigint`}`.execute(
    tx,
  );
  return (known[0] as { id: string }).id;
}

export async function findErasure(query: Executor, id: string): Promise<ScopeErasure | undefined> {
  const { rows } = await sql<ErasureRow>`select ${columns} from scope_erasures where id = ${id}`.execute(query);
  return rows[0] && toErasure(rows[0]);
}

/** Of one account, or of all; newest first, behind `after` = [time, id]. */
export async function listErasures(
  query: Executor,
  accountId: string | undefined,
  after: Position | undefined,
  limit: number,
): Promise<ScopeErasure[]> {
  const [receivedAt, id] = after ?? [];
  const { rows } = await sql<ErasureRow>`
    select ${columns} from scope_erasures
    where ${accountId === undefined ? sql`true` : sql`account_id = ${accountId}`}
      and (${receivedAt ?? null}::timestamptz is null
           or received_at < ${receivedAt ?? null}::timestamptz
           or received_at = ${receivedAt ?? null}::timestamptz and id > ${id ?? ''}::text)
    order by received_at desc, id
    limit ${limit}`.execute(query);
  return rows.map(toErasure);
}

export interface PlaceProgress {
  readonly place: string;
  readonly erased: number;
  readonly finished: boolean;
}

/** In the order of erasing. */
export async function listProgress(query: Executor, erasureId: string): Promise<PlaceProgress[]> {
  return query
    .selectFrom('scope_erasure_places')
    .select(['place', 'erased', 'finished'])
    .where('erasure_id', '=', erasureId)
    .orderBy('position')
    .execute();
}

/** Doing it again adds what is new. @returns false when the erasure is over, or not there */
export async function beginErasing(tx: Transaction, id: string, places: readonly Place[]): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update scope_erasures set state = 'ERASING' where id = ${id} and state <> 'COMPLETED'`.execute(tx);
  if (numAffectedRows !== 1n) return false;
  await sql`
    insert into scope_erasure_places (erasure_id, place, position)
    select ${id}, place, position from unnest(${places.map(({ table }) => table)}::text[]) with ordinality as given (place, position)
    on conflict (erasure_id, place) do update set position = excluded.position`.execute(tx);
  return true;
}

/** Where the next step begins. Whoever else erases the same place waits until the transaction ends. */
export async function lockPlace(
  tx: Transaction,
  erasureId: string,
  place: string,
): Promise<{ readonly cursor: Cursor | null; readonly finished: boolean }> {
  const { rows } = await sql<{ cursor: Cursor | null; finished: boolean }>`
    select cursor, finished from scope_erasure_places
    where erasure_id = ${erasureId} and place = ${place} for update`.execute(tx);
  return rows[0] ?? { cursor: null, finished: true };
}

export async function noteStep(
  tx: Transaction,
  erasureId: string,
  { table, isReferenced }: Place,
  { part, erased, next }: Step,
): Promise<void> {
  await sql`
    update scope_erasure_places set erased = erased + ${erased}::bigint,
      cursor = ${next === null ? null : JSON.stringify(next)}::jsonb, finished = ${next === null}
    where erasure_id = ${erasureId} and place = ${table}`.execute(tx);
  // Looking through the catalogue costs a tenth of a step; the last one of each place does it, for the cursors above.
  if (part === undefined || isReferenced || next === null) await noteTouched(tx);
  else if (erased > 0) await notePartTouched(tx, part);
}

/** Rows were found in these after they were finished. */
export async function reopenPlaces(tx: Transaction, erasureId: string, places: readonly string[]): Promise<number> {
  await sql`
    update scope_erasure_places set finished = false, cursor = null
    where erasure_id = ${erasureId} and place = any (${places}::text[])`.execute(tx);
  const { rows } = await sql<{ repeated: number }>`
    update scope_erasures set state = 'ERASING', repeated = repeated + 1 where id = ${erasureId}
    returning repeated`.execute(tx);
  return rows[0]?.repeated ?? 0;
}

export async function beginVerifying(query: Executor, id: string): Promise<void> {
  await sql`update scope_erasures set state = 'VERIFYING' where id = ${id} and state <> 'COMPLETED'`.execute(query);
}

/** Whether every transaction that was under way when the erasure was received has ended; not those of other databases. */
export async function areOlderOver(query: Executor, id: string): Promise<boolean> {
  const { rows } = await sql<{ over: boolean }>`
    select not exists (
      select from pg_snapshot_xip(pg_current_snapshot()) as older
      where older <= received_in and not exists (
        select from pg_stat_activity where backend_xid = older::xid and datname <> current_database())) as over
    from scope_erasures where id = ${id}`.execute(query);
  return rows[0]?.over === true;
}

/** @returns false when another run completed it */
export async function complete(tx: Transaction, id: string, now: Date): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update scope_erasures set state = 'COMPLETED', completed_at = ${now}
    where id = ${id} and state <> 'COMPLETED'`.execute(tx);
  return numAffectedRows === 1n;
}

/** Completed and not looked at for the last time, until then. */
export async function listUnswept(query: Executor, completedBefore: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from scope_erasures
    where swept_at is null and completed_at < ${completedBefore} order by received_at`.execute(query);
  return rows.map(({ id }) => id);
}

export async function noteLate(query: Executor, id: string, late: number): Promise<void> {
  await sql`update scope_erasures set late = late + ${late}::bigint where id = ${id}`.execute(query);
}

export async function noteSwept(query: Executor, id: string, now: Date): Promise<void> {
  await sql`update scope_erasures set swept_at = ${now} where id = ${id}`.execute(query);
}

/** Received and not completed: normally a job has each of them. */
export async function listUncompleted(query: Executor): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from scope_erasures
    where swept_at is null and state <> 'COMPLETED' and part_of is null order by received_at`.execute(query);
  return rows.map(({ id }) => id);
}

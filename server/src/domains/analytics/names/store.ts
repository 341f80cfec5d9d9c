/** All SQL over `analytics_names`. */
import { sql } from 'kysely';
import { type Executor, type Transaction, textArray } from '../../../database/index.ts';

export type NameKind = 'event' | 'standard event' | 'attribute' | 'metric';

export interface StoredName {
  readonly kind: NameKind;
  readonly name: string;
}

/** At most some thousand. */
export async function readNames(query: Executor, projectNumber: number): Promise<StoredName[]> {
  const { rows } = await sql<StoredName>`
    select kind, name from analytics_names where project_number = ${projectNumber} order by kind, name`.execute(query);
  return rows;
}

/** One transaction at a time adds names to a project, so that limits hold. */
export async function lockNames(tx: Transaction, projectNumber: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('names of events of ' || ${projectNumber}::bigint, 0))`.execute(
    tx,
  );
}

export async function insertNames(tx: Transaction, projectNumber: number, names: readonly StoredName[]): Promise<void> {
  if (names.length === 0) return;
  await sql`
    insert into analytics_names (project_number, kind, name)
    select ${projectNumber}, kind, name
    from unnest(${textArray(names.map(({ kind }) => kind))}::text[], ${textArray(names.map(({ name }) => name))}::text[])
      as given (kind, name)
    on conflict do nothing`.execute(tx);
}

/** When nobody is left who sent it. */
export async function forgetEventName(tx: Transaction, projectNumber: number, name: string): Promise<void> {
  await sql`
    delete from analytics_names
    where project_number = ${projectNumber} and kind in ('event', 'standard event') and name = ${name}`.execute(tx);
}

/** All SQL over `funnels`. */
import { sql } from 'kysely';
import type { WriteFunnelRequest } from '../../../contract/repoint-types.ts';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { Position } from '../../../kernel/paging.ts';

export interface StoredFunnel {
  readonly id: string;
  readonly definition: WriteFunnelRequest;
  readonly createdAt: Date;
  readonly lastModifiedAt: Date;
}

const columns = sql`id, definition, created_at as "createdAt", last_modified_at as "lastModifiedAt"`;

export async function insertFunnel(
  tx: Transaction,
  projectNumber: number,
  { id, definition, createdAt }: Omit<StoredFunnel, 'lastModifiedAt'>,
): Promise<void> {
  await sql`
    insert into funnels (project_number, id, definition, created_at, last_modified_at)
    values (${projectNumber}, ${id}, ${JSON.stringify(definition)}, ${createdAt}, ${createdAt})`.execute(tx);
}

export async function findFunnel(
  query: Executor,
  projectNumber: number,
  id: string,
): Promise<StoredFunnel | undefined> {
  const { rows } = await sql<StoredFunnel>`
    select ${columns} from funnels where project_number = ${projectNumber} and id = ${id}`.execute(query);
  return rows[0];
}

/** Newest first, behind `after` = [creation time, id]. */
export async function listFunnels(
  query: Executor,
  projectNumber: number,
  after: Position | undefined,
  limit: number,
): Promise<StoredFunnel[]> {
  const [createdAt, id] = after ?? [];
  const { rows } = await sql<StoredFunnel>`
    select ${columns} from funnels
    where project_number = ${projectNumber}
      and (${createdAt ?? null}::timestamptz is null
           or created_at < ${createdAt ?? null}::timestamptz
           or (created_at = ${createdAt ?? null}::timestamptz and id > ${id ?? ''}::text))
    order by created_at desc, id
    limit ${limit}`.execute(query);
  return rows;
}

export async function updateFunnel(
  tx: Transaction,
  projectNumber: number,
  id: string,
  definition: WriteFunnelRequest,
  now: Date,
): Promise<StoredFunnel | undefined> {
  const { rows } = await sql<StoredFunnel>`
    update funnels set definition = ${JSON.stringify(definition)}, last_modified_at = ${now}
    where project_number = ${projectNumber} and id = ${id} returning ${columns}`.execute(tx);
  return rows[0];
}

export async function deleteFunnel(
  tx: Transaction,
  projectNumber: number,
  id: string,
): Promise<StoredFunnel | undefined> {
  const { rows } = await sql<StoredFunnel>`
    delete from funnels where project_number = ${projectNumber} and id = ${id} returning ${columns}`.execute(tx);
  return rows[0];
}

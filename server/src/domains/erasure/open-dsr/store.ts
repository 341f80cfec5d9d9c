/** SQL over `open_dsr_requests`. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import type { RequestType } from './body.ts';

export type OpenDsrStatus = 'pending' | 'in_progress' | 'completed' | 'cancelled';

export interface OpenDsrRequest {
  readonly projectNumber: number;
  readonly subjectRequestId: string;
  readonly type: RequestType;
  readonly status: OpenDsrStatus;
  readonly apiVersion: string;
  readonly requestHash: Buffer;
  readonly requestId: string;
  readonly receivedAt: Date;
  readonly expectedAt: Date;
  readonly callbackUrls: readonly string[];
}

const columns = sql`
  project_number as "projectNumber", subject_request_id as "subjectRequestId", type, status, api_version as "apiVersion",
  request_hash as "requestHash", request_id as "requestId", received_at as "receivedAt", expected_at as "expectedAt",
  callback_urls as "callbackUrls"`;

export async function findBySubjectRequestId(
  query: Executor,
  projectNumber: number,
  subjectRequestId: string,
): Promise<OpenDsrRequest | undefined> {
  const { rows } = await sql<OpenDsrRequest>`
    select ${columns} from open_dsr_requests
    where project_number = ${projectNumber} and subject_request_id = ${subjectRequestId}`.execute(query);
  return rows[0];
}

/** @returns false when the controller used the id before */
export async function insertOpenDsr(tx: Transaction, request: OpenDsrRequest): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into open_dsr_requests (
      project_number, subject_request_id, type, status, api_version, request_hash, request_id, received_at, expected_at,
      callback_urls)
    values (${request.projectNumber}, ${request.subjectRequestId}, ${request.type}, ${request.status},
      ${request.apiVersion}, ${request.requestHash}, ${request.requestId}, ${request.receivedAt}, ${request.expectedAt},
      ${request.callbackUrls}::text[])
    on conflict (project_number, subject_request_id) do nothing`.execute(tx);
  return numAffectedRows === 1n;
}

/** @returns the request, when this is a change */
export async function changeStatus(
  tx: Transaction,
  { projectNumber, id }: { readonly projectNumber: number; readonly id: string },
  status: OpenDsrStatus,
): Promise<OpenDsrRequest | undefined> {
  const { rows } = await sql<OpenDsrRequest>`
    update open_dsr_requests set status = ${status}
    where project_number = ${projectNumber} and request_id = ${id}
      and status <> ${status} and status in ('pending', 'in_progress')
    returning ${columns}`.execute(tx);
  return rows[0];
}

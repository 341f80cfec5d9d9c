/** Messages to those who are told of erasures (E19), each with its state: what did not arrive is seen, and tried again. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import { defineJob, enqueue } from '../../../jobs/index.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Position } from '../../../kernel/paging.ts';

export type NoticeKind = 'WEBHOOK' | 'OPENDSR';

export interface NoticeKey {
  readonly projectNumber: number;
  readonly id: string;
}

export interface Notice extends NoticeKey {
  readonly about: string;
  readonly kind: NoticeKind;
  readonly targetId: string | null;
  readonly url: string;
  readonly event: string;
  readonly sealedPayload: Buffer | null;
  readonly state: 'PENDING' | 'DELIVERED' | 'FAILED';
  readonly attempts: number;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly fault: string | null;
}

/** The queue waits longer and longer, seconds first: over about a day and a half. */
export const noticeAttempts = 16;

export const noticeJob = defineJob('erasure/tell', (payload) => {
  const { projectNumber, id } = payload as Record<string, unknown>;
  if (typeof projectNumber !== 'number' || typeof id !== 'string') throw new TypeError('Not the key of a notice.');
  return { projectNumber, id };
});

export type NewNotice = Pick<Notice, 'projectNumber' | 'about' | 'kind' | 'targetId' | 'url' | 'event'> & {
  /** Sealed for the id of the notice. */
  seal?(id: string): Buffer;
};

/** With its job, in the transaction of what it tells of. */
export async function addNotice(tx: Transaction, { seal, ...notice }: NewNotice, now: Date): Promise<void> {
  const id = newId();
  await sql`
    insert into erasure_notices (
      project_number, id, about, kind, target_id, url, event, sealed_payload, state, created_at, changed_at)
    values (${notice.projectNumber}, ${id}, ${notice.about}, ${notice.kind}, ${notice.targetId}, ${notice.url},
      ${notice.event}, ${seal?.(id) ?? null}, 'PENDING', ${now}, ${now})`.execute(tx);
  await enqueue(tx, noticeJob, { projectNumber: notice.projectNumber, id }, { attempts: noticeAttempts });
}

const columns = sql`
  project_number as "projectNumber", id, about, kind, target_id as "targetId", url, event,
  sealed_payload as "sealedPayload", state, attempts, created_at as "createdAt", changed_at as "changedAt", fault`;

export async function findNotice(query: Executor, { projectNumber, id }: NoticeKey): Promise<Notice | undefined> {
  const { rows } = await sql<Notice>`
    select ${columns} from erasure_notices where project_number = ${projectNumber} and id = ${id}`.execute(query);
  return rows[0];
}

/** Newest first, behind `after` = [creation time, id]. */
export async function listNotices(
  query: Executor,
  projectNumber: number,
  about: string | undefined,
  after: Position | undefined,
  limit: number,
): Promise<Notice[]> {
  const [createdAt, id] = after ?? [];
  const { rows } = await sql<Notice>`
    select ${columns} from erasure_notices
    where project_number = ${projectNumber} and ${about === undefined ? sql`true` : sql`about = ${about}`}
      and (${createdAt ?? null}::timestamptz is null or created_at < ${createdAt ?? null}::timestamptz
           or created_at = ${createdAt ?? null}::timestamptz and id > ${id ?? ''}::text)
    order by created_at desc, id limit ${limit}`.execute(query);
  return rows;
}

/** @param fault of the last attempt */
export async function noteAttempt(
  query: Executor,
  { projectNumber, id }: NoticeKey,
  { state, fault, now }: { readonly state: Notice['state']; readonly fault: string | null; readonly now: Date },
): Promise<void> {
  await sql`
    update erasure_notices set state = ${state}, attempts = attempts + 1, fault = ${fault}, changed_at = ${now},
      sealed_payload = case when ${state !== 'PENDING'} then null else sealed_payload end
    where project_number = ${projectNumber} and id = ${id} and state = 'PENDING'`.execute(query);
}

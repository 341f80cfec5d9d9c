/** All SQL over `policies`. */
import type { Executor, Transaction } from '../../../database/index.ts';
import { notFound } from '../../../kernel/errors.ts';
import type { Position } from '../../../kernel/paging.ts';
import { type ReadyMadeName, readyMadeDocument } from './ready-made.ts';

export interface StoredPolicy {
  readonly number: number;
  readonly name: string;
  readonly description: string | null;
  /** As it holds: of a ready-made policy the one of this version of the program. */
  readonly document: object;
  readonly readyMade: ReadyMadeName | null;
  /** Of a ready-made policy for one project. */
  readonly projectId: string | null;
  readonly createdAt: Date;
  readonly lastModifiedAt: Date;
}

/** What a policy is made of: a document of its own, or the name of a ready-made one. */
export type PolicyContent =
  | { readonly document: object }
  | { readonly readyMade: ReadyMadeName; readonly projectId: string | undefined };

interface PolicyRow {
  readonly document: unknown;
  readonly ready_made: string | null;
  readonly project_id: string | null;
}

/** The document that holds for a row. */
export function documentOf({ document, ready_made, project_id }: PolicyRow): object {
  if (ready_made === null) return document as object;
  return readyMadeDocument(ready_made as ReadyMadeName, project_id ?? undefined);
}

function selectPolicies(query: Executor, accountId: string) {
  return query.selectFrom('policies').selectAll().where('account_id', '=', accountId);
}

type SelectedPolicy = Awaited<ReturnType<ReturnType<typeof selectPolicies>['executeTakeFirstOrThrow']>>;

function toStoredPolicy(row: SelectedPolicy): StoredPolicy {
  return {
    number: row.number,
    name: row.name,
    description: row.description,
    document: documentOf(row),
    readyMade: row.ready_made as ReadyMadeName | null,
    projectId: row.project_id,
    createdAt: row.created_at,
    lastModifiedAt: row.last_modified_at,
  };
}

/** @throws NotFoundException, or what `missing` makes */
export async function requirePolicy(
  query: Executor,
  accountId: string,
  name: string,
  missing: () => Error = () => notFound(),
): Promise<StoredPolicy> {
  const row = await selectPolicies(query, accountId).where('name', '=', name).executeTakeFirst();
  if (row === undefined) throw missing();
  return toStoredPolicy(row);
}

/** In the order of their names, behind `after` = [name]. */
export async function listPolicies(
  query: Executor,
  accountId: string,
  after: Position | undefined,
  limit: number,
): Promise<StoredPolicy[]> {
  let policies = selectPolicies(query, accountId).orderBy('name').limit(limit);
  if (after !== undefined) policies = policies.where('name', '>', String(after[0]));
  return (await policies.execute()).map(toStoredPolicy);
}

export interface NewPolicy {
  readonly accountId: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly content: PolicyContent;
  readonly createdAt: Date;
}

/** @returns false when the name is taken */
export async function insertPolicy(tx: Transaction, policy: NewPolicy): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('policies')
    .values({
      account_id: policy.accountId,
      name: policy.name,
      description: policy.description ?? null,
      ...toColumns(policy.content),
      created_at: policy.createdAt,
      last_modified_at: policy.createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

function toColumns(content: PolicyContent) {
  return 'document' in content
    ? { document: JSON.stringify(content.document), ready_made: null, project_id: null }
    : { document: null, ready_made: content.readyMade, project_id: content.projectId ?? null };
}

/** A description that is undefined keeps what is stored. */
export async function updatePolicy(
  tx: Transaction,
  number: number,
  change: { readonly document: object; readonly description: string | undefined; readonly now: Date },
): Promise<void> {
  await tx
    .updateTable('policies')
    .set({
      ...toColumns({ document: change.document }),
      ...(change.description !== undefined && { description: change.description }),
      last_modified_at: change.now,
    })
    .where('number', '=', number)
    .execute();
}

/** @returns false when it is attached to a user */
export async function deletePolicy(tx: Transaction, number: number): Promise<boolean> {
  // Attaching takes a share of this row through its foreign key, so nobody can attach it in between.
  await tx.selectFrom('policies').select('number').where('number', '=', number).forUpdate().execute();
  const { numDeletedRows } = await tx
    .deleteFrom('policies')
    .where('number', '=', number)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('user_policies').select('user_number').where('policy_number', '=', number))),
    )
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/**
 * After a restore: what the ledger has and the database has not is done again, in its order, before anything is served.
 * An entry counts as done in the transaction that does it, so a kill in between loses nothing and repeats nothing. Rows go
 * at once; files, and the verification, are the job's that every erasure has.
 */
import { sql } from 'kysely';
import type { Transaction } from '../../../database/index.ts';
import { enqueue } from '../../../jobs/index.ts';
import { liftSuppression, suppressIdentities } from '../../audience/index.ts';
import { stopCampaignsOfProject } from '../../campaigns/index.ts';
import { forgetProject, markDeleted } from '../../projects/index.ts';
import { closeAccount, reopenAccount } from '../account/close.ts';
import { receiveProject, stopProject } from '../project/delete.ts';
import { eraseScope, erasureKey } from '../scope/job-definitions.ts';
import type { Owner } from '../scope/ownership.ts';
import { claim } from './claim.ts';
import type { AccountClosed, LedgerEntry, ProjectDeleted, SuppressionChanged } from './entry.ts';
import type { Ledger } from './ledger.ts';
import type { ReplayParts } from './replay-parts.ts';
import { finishReplayed, replayPeople } from './replay-people.ts';
import { replayPiece, splitByRequest } from './replay-pieces.ts';
import { type DueEntry, type Recognised, scanProject } from './scan.ts';

const dayMilliseconds = 24 * 3_600_000;

export interface Replayed {
  readonly entries: number;
  /** Of which something was there. */
  readonly found: number;
}

/** Called by one process at a time. @throws OperatorError, ObjectStoreError: nothing may be served then */
export async function replay(parts: ReplayParts, ledger: Ledger, signal: AbortSignal): Promise<Replayed> {
  const { due, missing } = await ledger.compare();
  await ledger.complete(missing);
  await renewMoments(parts);
  if (due.length > 0) await passGenerations(parts, due);
  let found = 0;
  const { ofRequests, others } = await splitByRequest(parts, due);
  for (const { entry, piece } of ofRequests) {
    signal.throwIfAborted();
    if (await replayPiece(parts, entry, piece)) found += 1;
  }
  const recognised = await recognise(parts, others);
  for (const entry of others) {
    signal.throwIfAborted();
    if (await replayEntry(parts, entry, recognised.get(entry.id))) found += 1;
  }
  await finishReplayed(parts, signal);
  return { entries: due.length, found };
}

/** New endpoints must not be given the generations of those that were erased. */
async function passGenerations({ database }: ReplayParts, due: readonly LedgerEntry[]): Promise<void> {
  const highest = Math.max(0, ...due.map(({ body }) => (body.kind === 'PEOPLE' ? body.generation : 0)));
  await sql`
    select setval('endpoint_generations', greatest(last_value, ${highest}::bigint, 1)) from endpoint_generations`.execute(
    database.query,
  );
}

/** In another PostgreSQL the count of transactions begins anew: what an erasure waits for would never be over. */
async function renewMoments({ database }: ReplayParts): Promise<void> {
  await sql`
    update scope_erasures set received_in = pg_current_xact_id()
    where swept_at is null and received_in > pg_current_xact_id()`.execute(database.query);
}

type ProjectOwner = Extract<Owner, { scope: 'PROJECT' }>;

async function findOwner(
  { database }: ReplayParts,
  accountId: string,
  number: number,
): Promise<ProjectOwner | undefined> {
  const { rows } = await sql<ProjectOwner>`
    select 'PROJECT' as scope, account_id as "accountId", region, id as "projectId", number as "projectNumber"
    from projects where number = ${number} and account_id = ${accountId}`.execute(database.query);
  return rows[0];
}

/** Each project is read through once, whatever is due in it. */
async function recognise(parts: ReplayParts, due: readonly LedgerEntry[]) {
  const byProject = new Map<string, { accountId: string; number: number; entries: DueEntry[] }>();
  for (const { id, accountId, body } of due) {
    if (body.kind !== 'PEOPLE') continue;
    const key = `${accountId} ${body.projectNumber}`;
    const project = byProject.get(key) ?? { accountId, number: body.projectNumber, entries: [] };
    byProject.set(key, project);
    project.entries.push({ id, people: body });
  }
  const found = new Map<string, { readonly owner: ProjectOwner; readonly recognised: Recognised }>();
  for (const { accountId, number, entries } of byProject.values()) {
    const owner = await findOwner(parts, accountId, number);
    if (owner === undefined) continue;
    const recognised = await scanProject(parts, owner, entries);
    for (const { id } of entries) found.set(id, { owner, recognised: recognised.get(id) ?? nobody() });
  }
  return found;
}

function nobody(): Recognised {
  return {
    endpointIds: new Set<string>(),
    userIds: new Set<string>(),
    addresses: new Map<string, string>(),
    addressKeys: new Map<string, string>(),
  };
}

/** @returns whether there was anything to do */
async function replayEntry(
  parts: ReplayParts,
  entry: LedgerEntry,
  of: { readonly owner: ProjectOwner; readonly recognised: Recognised } | undefined,
): Promise<boolean> {
  const { body } = entry;
  if (body.kind === 'PEOPLE' && of !== undefined) return replayPeople(parts, entry, body, of.recognised);
  return parts.database.transaction(async (tx) => {
    if (!(await claim(tx, entry, parts.clock.now()))) return false;
    if (body.kind === 'PROJECT') return replayProject(parts, tx, entry, body);
    if (body.kind === 'SUPPRESSION') return replaySuppression(parts, tx, body);
    if (body.kind === 'ACCOUNT_CLOSED') return replayClosing(tx, entry, body);
    if (body.kind === 'ACCOUNT_REOPENED') return replayReopening(tx, entry);
    return false;
  });
}

async function replaySuppression(
  { audience, clock }: ReplayParts,
  tx: Transaction,
  { projectNumber, change, identities }: SuppressionChanged,
): Promise<boolean> {
  const hashes = identities.map((hash) => Buffer.from(hash, 'hex'));
  const { rows } = await sql`select from projects where number = ${projectNumber}`.execute(tx);
  if (rows.length === 0) return false;
  if (change === 'SUPPRESS') await suppressIdentities(tx, projectNumber, hashes, clock.now());
  else await liftSuppression(tx, projectNumber, hashes);
  audience.forgetRules(projectNumber);
  return true;
}

async function replayProject(
  { clock }: ReplayParts,
  tx: Transaction,
  { accountId }: LedgerEntry,
  { projectNumber: number, projectId: id, region, isErased }: ProjectDeleted,
): Promise<boolean> {
  const { rows } = await sql<{ name: string; createdAt: Date }>`
    select name, created_at as "createdAt" from projects
    where number = ${number} and account_id = ${accountId} and region = ${region} and id = ${id}`.execute(tx);
  if (rows[0] === undefined) return false;
  const project = { number, accountId, region, id, ...rows[0], tags: {} };
  const now = clock.now();
  if (await markDeleted(tx, number, { accountId, region, resource: `apps/${id}` }, now)) {
    await stopCampaignsOfProject(tx, project, now);
    await stopProject(tx, number);
    await forgetProject(tx, project);
  }
  if (isErased) {
    const erasureId = await receiveProject(tx, project, { partOf: null, now });
    await enqueue(tx, eraseScope, { erasureId }, { key: erasureKey(erasureId) });
  }
  return true;
}

async function replayClosing(
  tx: Transaction,
  { accountId }: LedgerEntry,
  { closedAt, erasedAfter }: AccountClosed,
): Promise<boolean> {
  const { rows } = await sql`
    select from accounts where account_id = ${accountId} and closed_at is null`.execute(tx);
  if (rows.length === 0) return false;
  const now = new Date(closedAt);
  const days = (Date.parse(erasedAfter) - now.getTime()) / dayMilliseconds;
  await closeAccount(tx, { accountId, confirmation: accountId, now, days });
  return true;
}

async function replayReopening(tx: Transaction, { accountId }: LedgerEntry): Promise<boolean> {
  const { rows } = await sql`
    select from accounts where account_id = ${accountId} and closed_at is not null`.execute(tx);
  if (rows.length === 0) return false;
  await reopenAccount(tx, accountId);
  return true;
}

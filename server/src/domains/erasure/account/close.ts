/** Closing an account, and opening it again: everything stops at once, nothing is lost until its time is over. */
import { sql } from 'kysely';
import type { Transaction } from '../../../database/index.ts';
import { badRequest, conflict } from '../../../kernel/errors.ts';
import {
  findAccount,
  type KnownAccount,
  closeAccount as markClosed,
  reopenAccount as markOpen,
} from '../../accounts/index.ts';
import { retireAccountDrivers, retireDrivers } from '../../channels/index.ts';
import { tellStreamReaders } from '../../events/index.ts';
import { forgetProject, hideProjects, showProjects } from '../../projects/index.ts';
import { resumeTransfers } from '../../transfers/index.ts';
import { stopProject } from '../project/delete.ts';

export interface Closing {
  readonly accountId: string;
  /** As somebody typed it, to show that they know what they do. */
  readonly confirmation: string;
  readonly now: Date;
  /** Until it is erased for good. */
  readonly days: number;
}

const dayMilliseconds = 24 * 3_600_000;

/**
 * Part of the transaction that also writes the audit entry: sessions end, keys and passwords stop working, projects are
 * hidden, and nothing sends any more.
 * @throws BadRequestException, ConflictException
 */
export async function closeAccount(
  tx: Transaction,
  { accountId, confirmation, now, days }: Closing,
): Promise<KnownAccount> {
  if (confirmation !== accountId) throw badRequest('AccountId must be the id of the account that is to be closed');
  const erasedAfter = new Date(now.getTime() + days * dayMilliseconds);
  if (!(await markClosed(tx, { accountId, closedAt: now, erasedAfter })))
    throw conflict('The account is closed already');
  for (const project of await hideProjects(tx, accountId, now)) {
    await stopProject(tx, project.number);
    await forgetProject(tx, project);
  }
  await retireAccountDrivers(tx, accountId);
  return (await findAccount(tx, accountId)) as KnownAccount;
}

/** For operators: nobody can sign in to a closed account. @throws ConflictException */
export async function reopenAccount(tx: Transaction, accountId: string): Promise<void> {
  // Whoever begins to erase it waits for this row as well.
  await sql`select from accounts where account_id = ${accountId} for update`.execute(tx);
  const { rows } = await sql`
    select from scope_erasures where scope = 'ACCOUNT' and account_id = ${accountId}`.execute(tx);
  if (rows.length > 0) throw conflict('The account is being erased');
  if (!(await markOpen(tx, accountId))) throw conflict('The account is not closed');
  const projects = await showProjects(tx, accountId);
  const numbers = projects.map(({ number }) => number);
  for (const project of projects) {
    await tellStreamReaders(tx, project.number);
    await forgetProject(tx, project);
  }
  await retireDrivers(tx, numbers);
  await retireAccountDrivers(tx, accountId);
  await resumeTransfers(tx, numbers);
}

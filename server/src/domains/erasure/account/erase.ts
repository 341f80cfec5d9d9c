/** An account whose time is over: its projects are erased one by one, then what is its own, then the account. */
import { sql } from 'kysely';
import type { Database } from '../../../database/index.ts';
import { newId } from '../../../kernel/ids.ts';
import { removeAccount } from '../../accounts/index.ts';
import { listAllProjects, removeProjects } from '../../projects/index.ts';
import { receiveProject } from '../project/delete.ts';
import { projectEnding } from '../project/ending.ts';
import { type Ending, type EraseParts, erase } from '../scope/erase.ts';
import { insertErasure, type ScopeErasure } from '../scope/store.ts';

/** Unless it was opened again meanwhile: from here on nobody can. The job is enqueued by whoever finds it uncompleted. */
export async function receiveAccount(database: Database, accountId: string, now: Date): Promise<void> {
  await database.transaction(async (tx) => {
    const { rows } = await sql`
      select from accounts where account_id = ${accountId} and erased_after <= ${now} for update`.execute(tx);
    if (rows.length === 1) await insertErasure(tx, { id: newId(), owner: { scope: 'ACCOUNT', accountId }, now });
  });
}

export async function eraseProjectsOf(
  parts: EraseParts,
  { id, owner }: ScopeErasure,
  signal: AbortSignal,
): Promise<void> {
  const { database, clock } = parts;
  for (const project of await listAllProjects(database.query, owner.accountId)) {
    signal.throwIfAborted();
    const erasureId = await database.transaction((tx) => receiveProject(tx, project, { partOf: id, now: clock.now() }));
    await erase(parts, erasureId, projectEnding, signal);
  }
}

export const accountEnding: Ending = {
  async end(tx, { owner }) {
    await removeProjects(tx, owner.accountId);
    await removeAccount(tx, owner.accountId);
  },
};

/** Background work of this room: erasing what was received, and looking after what is over. */
import { type Cron, enqueue, handleJob, type JobHandler } from '../../../jobs/index.ts';
import type { Logger } from '../../../kernel/logger.ts';
import { dueAccounts } from '../../accounts/index.ts';
import { removeProject } from '../../projects/index.ts';
import { accountEnding, eraseProjectsOf, receiveAccount } from '../account/erase.ts';
import { projectEnding } from '../project/ending.ts';
import { type EraseParts, erase, eraseLate } from './erase.ts';
import { eraseScope, erasureKey, keepScopes, lookAgain } from './job-definitions.ts';
import { findErasure, listUncompleted, listUnswept, noteLate, noteSwept, type ScopeErasure } from './store.ts';

export interface ErasingJobParts extends EraseParts {
  readonly logger: Logger;
}

/** Long erasures leave room for the other jobs of a node. */
const minuteMilliseconds = 60_000;
/** Until then the number of a project stays, so that a writer that hangs finds nobody else's. */
const dayMilliseconds = 24 * 3_600_000;

export function erasingJobs(parts: ErasingJobParts): JobHandler[] {
  const { database, clock, logger } = parts;

  const look = async (erasure: ScopeErasure, signal: AbortSignal) => {
    const late = await eraseLate(parts, erasure, signal);
    if (late === 0) return;
    await noteLate(database.query, erasure.id, late);
    logger.warn({ erasureId: erasure.id, late }, 'rows came after an erasure was completed; they are erased as well');
  };

  return [
    handleJob(eraseScope, async ({ erasureId }, { signal }) => {
      const erasure = await findErasure(database.query, erasureId);
      if (erasure === undefined || erasure.state === 'COMPLETED') return;
      if (erasure.owner.scope === 'ACCOUNT') await eraseProjectsOf(parts, erasure, signal);
      const ending = erasure.owner.scope === 'ACCOUNT' ? accountEnding : projectEnding;
      await erase(parts, erasureId, ending, signal);
      const runAt = new Date(clock.now().getTime() + minuteMilliseconds);
      await enqueue(database.query, lookAgain, { erasureId }, { runAt });
      logger.info({ erasureId, scope: erasure.owner.scope }, 'erased');
    }),
    handleJob(lookAgain, async ({ erasureId }, { signal }) => {
      const erasure = await findErasure(database.query, erasureId);
      if (erasure !== undefined) await look(erasure, signal);
    }),
    handleJob(keepScopes, async (_payload, { signal }) => {
      const now = clock.now();
      for (const accountId of await dueAccounts(database.query, now)) await receiveAccount(database, accountId, now);
      for (const id of await listUncompleted(database.query)) {
        await enqueue(database.query, eraseScope, { erasureId: id }, { key: erasureKey(id) });
      }
      for (const id of await listUnswept(database.query, new Date(now.getTime() - dayMilliseconds))) {
        const erasure = await findErasure(database.query, id);
        if (erasure === undefined) continue;
        await look(erasure, signal);
        const { owner } = erasure;
        await database.transaction(async (tx) => {
          if (owner.scope === 'PROJECT') await removeProject(tx, owner.projectNumber);
          await noteSwept(tx, id, now);
        });
      }
    }),
  ];
}

export const erasingCrons: readonly Cron[] = [{ job: keepScopes, match: '7 * * * *' }];

/** Makes way for a start: nothing of an earlier life works on the cluster any more, nor would PostgreSQL believe so. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../kernel/operator-error.ts';
import { endLeftBehind } from './cluster-processes.ts';
import { findPostmaster, stopPostmaster } from './postmaster.ts';
import type { Site } from './site.ts';
import { isServed } from './socket-directory.ts';

/**
 * Called under the start lock, when nobody owns the server. One whose owner was killed is stopped cleanly, to be started
 * again under us: with the settings and programs of this start, and as our child, whose end we notice.
 */
export async function takeOver({ paths, user, logger }: Site): Promise<void> {
  const running = await findPostmaster(paths);
  if (running !== undefined) {
    logger.warn('found the database of a process that was killed; stopping it to start it again');
    await stopPostmaster(running);
  }
  await endLeftBehind(paths.name);
  if (await isServed(paths.socketDirectory, user)) {
    throw new OperatorError(
      `Another PostgreSQL serves the database in ${paths.place}, and not from this machine or container. Stop it first.`,
    );
  }
  // It would hinder the start when the number in it means any other process of the same user by now.
  await rm(join(paths.cluster, 'postmaster.pid'), { force: true });
}

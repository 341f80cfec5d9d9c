/** The last transaction of a project's erasure. */
import { emptyProject } from '../../projects/index.ts';
import type { Ending } from '../scope/erase.ts';

export const projectEnding: Ending = {
  async end(tx, { owner }, now) {
    if (owner.scope === 'PROJECT') await emptyProject(tx, owner.projectNumber, now);
  },
};

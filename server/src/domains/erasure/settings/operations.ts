/** What a project decides about erasure (ours). */
import type { ErasureSettings as Shown } from '../../../contract/repoint-types.ts';
import type { Handlers } from '../../../operations/call.ts';
import type { ErasureParts } from '../parts.ts';
import { changeSettings, type ErasureSettings, readSettings } from './store.ts';

export function settingsOperations({
  database,
}: Pick<ErasureParts, 'database'>): Handlers<'GetErasureSettings' | 'UpdateErasureSettings'> {
  return {
    async GetErasureSettings(_input, { project }) {
      return show(await readSettings(database.query, project.number));
    },

    async UpdateErasureSettings({ UpdateErasureSettingsRequest: request }, call) {
      const { FullErasure, EraseRemovedAttributes, WaitingDays } = request;
      const changes = {
        ...(FullErasure !== undefined && { fullErasure: FullErasure }),
        ...(EraseRemovedAttributes !== undefined && { eraseRemovedAttributes: EraseRemovedAttributes }),
        ...(WaitingDays !== undefined && { waitingDays: WaitingDays }),
      };
      return show(await call.transaction((tx) => changeSettings(tx, call.project.number, changes)));
    },
  };
}

function show({ fullErasure, eraseRemovedAttributes, waitingDays }: ErasureSettings): Shown {
  return { FullErasure: fullErasure, EraseRemovedAttributes: eraseRemovedAttributes, WaitingDays: waitingDays };
}

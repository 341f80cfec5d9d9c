/** Members of a channel between the database and the rest: the secret ones are sealed for one project and kind. */
import type { MasterKey } from '../../../kernel/master-key.ts';
import type { Members } from './kinds.ts';
import type { StoredChannel } from './store.ts';

const sealContext = (projectNumber: number, channelType: string) =>
  `channel credentials ${projectNumber} ${channelType}`;

export function sealMembers(
  masterKey: MasterKey,
  projectNumber: number,
  channelType: string,
  members: Members,
): Buffer {
  return masterKey.seal(sealContext(projectNumber, channelType), JSON.stringify(members));
}

/** @throws Error when the row was sealed for another channel, under another master key, or was changed */
export function openMembers(
  masterKey: MasterKey,
  projectNumber: number,
  { channelType, settings, sealedSettings }: Pick<StoredChannel, 'channelType' | 'settings' | 'sealedSettings'>,
): Members {
  if (sealedSettings === null) return settings ?? {};
  return JSON.parse(masterKey.open(sealContext(projectNumber, channelType), sealedSettings)) as Members;
}

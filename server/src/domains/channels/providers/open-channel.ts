/** What messaging has to know of a channel besides its driver. */
import type { MasterKey } from '../../../kernel/master-key.ts';
import type { PushContent } from '../message.ts';
import type { Members } from '../resources/kinds.ts';
import { openMembers } from '../resources/members.ts';
import { methodOfApns, methodOfGcm } from '../resources/push-credentials.ts';
import type { FoundSources } from './store.ts';

export interface OpenChannel {
  /** A disabled channel keeps campaigns and journeys from sending, and nobody else (dossier/messaging §8.2). */
  readonly enabled: boolean;
  readonly FromAddress?: string;
  readonly Identity?: string;
  readonly ConfigurationSet?: string;
  readonly SenderId?: string;
  readonly ShortCode?: string;
  readonly BundleId?: string;
  /** In the words of a message; of the channel, `key` of APNs is `TOKEN` (dossier/messaging §8.2). */
  readonly DefaultAuthenticationMethod?: NonNullable<PushContent['authentication']>;
}

export function toOpenChannel(
  masterKey: MasterKey,
  projectNumber: number,
  channel: NonNullable<FoundSources['channel']>,
): OpenChannel {
  const members = openMembers(masterKey, projectNumber, channel);
  const method = methodOf(channel.channelType, members);
  const shown = ['FromAddress', 'Identity', 'ConfigurationSet', 'SenderId', 'ShortCode', 'BundleId'].flatMap((name) =>
    members[name] === undefined ? [] : [[name, members[name]] as const],
  );
  return {
    enabled: channel.enabled,
    ...Object.fromEntries(shown),
    ...(method !== undefined && { DefaultAuthenticationMethod: method }),
  };
}

function methodOf(channelType: string, members: Members): OpenChannel['DefaultAuthenticationMethod'] {
  const given = members['DefaultAuthenticationMethod']?.toUpperCase();
  if (channelType === 'GCM') return given === 'KEY' || given === 'TOKEN' ? given : methodOfGcm(members);
  if (given === 'CERTIFICATE') return 'CERTIFICATE';
  if (given === 'KEY' || given === 'TOKEN') return 'TOKEN';
  const derived = methodOfApns(members);
  return derived === 'key' ? 'TOKEN' : derived && 'CERTIFICATE';
}

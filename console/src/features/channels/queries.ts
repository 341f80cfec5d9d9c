/** What pages about channels ask the server. */
import { type ChannelResponse, GetChannelsCommand } from '@aws-sdk/client-pinpoint';
import { useQuery } from '@tanstack/react-query';
import type { ProviderKind, ProviderResponse } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import type { ChannelKind } from './kinds.ts';

export type Channels = Readonly<Record<string, ChannelResponse>>;

export function useChannels() {
  const { pinpoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  return useQuery({
    queryKey: [...scope, 'channels', projectId],
    queryFn: async (): Promise<Channels> => {
      const answer = await pinpoint.send(new GetChannelsCommand({ ApplicationId: projectId }));
      return answer.ChannelsResponse?.Channels ?? {};
    },
  });
}

/** All that may be told of a channel that is set up; nothing of one that is not. */
export function useChannelMembers(kind: ChannelKind, channel: ChannelResponse | undefined) {
  const { pinpoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  return useQuery({
    queryKey: [...scope, 'channels', projectId, kind.type, channel?.Version],
    queryFn: async () => (channel === undefined ? {} : { ...channel, ...(await kind.get?.(pinpoint, projectId)) }),
  });
}

export interface ProvidersInPlay {
  readonly kinds: readonly ProviderKind[];
  readonly ofProject: readonly ProviderResponse[];
  readonly ofAccount: readonly ProviderResponse[];
}

export function useProviders() {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  return useQuery({
    queryKey: [...scope, 'providers', projectId],
    queryFn: async (): Promise<ProvidersInPlay> => {
      const [kinds, ofProject, ofAccount] = await Promise.all([
        repoint.send('GetProviderKinds', {}),
        repoint.send('GetProjectProviders', { ApplicationId: projectId }),
        repoint.send('GetProviders', {}),
      ]);
      return { kinds: kinds.Item, ofProject: ofProject.Item, ofAccount: ofAccount.Item };
    },
  });
}

/** A project's own comes before the account's. */
export function providerOf({ ofProject, ofAccount }: ProvidersInPlay, type: string): ProviderResponse | undefined {
  return [...ofProject, ...ofAccount].find(({ ChannelType }) => ChannelType === type);
}

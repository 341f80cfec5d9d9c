/** Names of events, attributes and metrics that apps sent: what a filter offers to choose from. */
import { useQuery } from '@tanstack/react-query';
import type { EventName } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';

export interface KnownNames {
  readonly events: readonly string[];
  readonly attributes: readonly string[];
  readonly metrics: readonly string[];
  readonly loading: boolean;
}

export function useEventNames(): KnownNames {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const { data, isPending } = useQuery({
    queryKey: [...scope, 'event-names', projectId],
    queryFn: () => repoint.send('GetEventNames', { ApplicationId: projectId }),
    staleTime: 60_000,
  });
  const of = (...kinds: readonly EventName['Kind'][]) =>
    (data?.Item ?? []).filter(({ Kind }) => kinds.includes(Kind)).map(({ Name }) => Name);
  return {
    ...{ events: of('EVENT', 'STANDARD_EVENT'), attributes: of('ATTRIBUTE'), metrics: of('METRIC') },
    loading: isPending,
  };
}

/** What happens to messages (dossier/events-journeys-console §2.6, §2.7). */
export const messageEvents: readonly string[] = [
  ...['send', 'delivered', 'open', 'click', 'softbounce', 'hardbounce', 'complaint', 'unsubscribe', 'rejected'].map(
    (name) => `_email.${name}`,
  ),
  ...['SUCCESS', 'FAILURE', 'BUFFERED', 'OPTOUT'].map((name) => `_SMS.${name}`),
];

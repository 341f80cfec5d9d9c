/** What the page of the event stream asks the server. */
import { useQuery } from '@tanstack/react-query';
import type { EventStreamDestination } from '../../../../server/src/contract/repoint-types.ts';
import { ApiError } from '../../api/errors.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';

/** Lag and counts go on by themselves. */
const pollMilliseconds = 5_000;

export function useStreamKey(): readonly unknown[] {
  const { scope } = useApi();
  const { projectId } = useProjectPlace();
  return [...scope, 'event-stream', projectId];
}

/** null where the project streams to nowhere. */
export function useDestination() {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  const queryKey = useStreamKey();
  return useQuery({
    queryKey,
    queryFn: async (): Promise<EventStreamDestination | null> => {
      try {
        return await repoint.send('GetEventStreamDestination', { ApplicationId: projectId });
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    refetchInterval: ({ state }) => (state.data ? pollMilliseconds : false),
  });
}

export function useEventSettings() {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  return useQuery({
    queryKey: [...scope, 'event-settings', projectId],
    queryFn: () => repoint.send('GetEventSettings', { ApplicationId: projectId }),
  });
}

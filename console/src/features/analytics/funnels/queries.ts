/** What pages of funnels ask the server. */
import { useQuery } from '@tanstack/react-query';
import { useProjectPlace } from '../../../app/project-place.tsx';
import { useApi } from '../../../app/session.tsx';

export function useFunnelsKey(): readonly unknown[] {
  const { scope } = useApi();
  const { projectId } = useProjectPlace();
  return [...scope, 'funnels', projectId];
}

export function useFunnel(funnelId: string) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  const key = useFunnelsKey();
  return useQuery({
    queryKey: [...key, 'one', funnelId],
    queryFn: () => repoint.send('GetFunnel', { ApplicationId: projectId, FunnelId: funnelId }),
  });
}

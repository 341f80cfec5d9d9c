/** What pages about segments ask the server. */
import { GetSegmentCommand, GetSegmentsCommand, type SegmentResponse } from '@aws-sdk/client-pinpoint';
import { useQuery } from '@tanstack/react-query';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';

export interface AttributeNames {
  readonly attributes: readonly string[];
  readonly userAttributes: readonly string[];
  readonly metrics: readonly string[];
}

export function useAttributeNames() {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  return useQuery({
    queryKey: [...scope, 'attribute-names', projectId],
    queryFn: async (): Promise<AttributeNames> => {
      const { Attributes, UserAttributes, Metrics } = await repoint.send('GetAttributeNames', {
        ApplicationId: projectId,
      });
      return { attributes: Attributes, userAttributes: UserAttributes, metrics: Metrics };
    },
    staleTime: 60_000,
  });
}

/** Of no name, nothing is asked. */
export function useAttributeValues(kind: 'attribute' | 'user-attribute', name: string) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  return useQuery({
    queryKey: [...scope, 'attribute-values', projectId, kind, name],
    queryFn: () => repoint.send('GetAttributeValues', { ApplicationId: projectId, Kind: kind, AttributeName: name }),
    enabled: name !== '',
    staleTime: 60_000,
  });
}

export function useSegment(segmentId: string) {
  const { pinpoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  return useQuery({
    queryKey: [...scope, 'segment', projectId, segmentId],
    queryFn: async () => {
      const answer = await pinpoint.send(new GetSegmentCommand({ ApplicationId: projectId, SegmentId: segmentId }));
      if (answer.SegmentResponse === undefined) throw new Error('The server answered without a segment');
      return answer.SegmentResponse;
    },
  });
}

/** For menus: as many as one page of the API holds. */
export function useSomeSegments() {
  const { pinpoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  return useQuery({
    queryKey: [...scope, 'some-segments', projectId],
    queryFn: async (): Promise<readonly SegmentResponse[]> => {
      const answer = await pinpoint.send(new GetSegmentsCommand({ ApplicationId: projectId, PageSize: '500' }));
      return answer.SegmentsResponse?.Item ?? [];
    },
  });
}

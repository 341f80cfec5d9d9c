/** The segments that an endpoint is in at this moment. */
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageLink } from '../../ui/page-link.tsx';

export function EndpointSegments({ endpointId }: { readonly endpointId: string }) {
  const { repoint, scope } = useApi();
  const { projectId, path } = useProjectPlace();
  const query = useQuery({
    queryKey: [...scope, 'endpoint-segments', projectId, endpointId],
    queryFn: () => repoint.send('GetEndpointSegments', { ApplicationId: projectId, EndpointId: endpointId }),
  });
  return (
    <Loaded query={query}>
      {({ Item }) => (
        <Table
          header={<Header variant="h2">Segments</Header>}
          items={[...Item]}
          trackBy="SegmentId"
          ariaLabels={{ tableLabel: 'Segments of the endpoint' }}
          columnDefinitions={[
            {
              id: 'name',
              header: 'Name',
              isRowHeader: true,
              cell: ({ SegmentId, Name }) => (
                <PageLink to={path(`segments/${encodeURIComponent(SegmentId)}`)}>{Name ?? SegmentId}</PageLink>
              ),
            },
            { id: 'version', header: 'Version', cell: ({ Version }) => Version },
          ]}
          empty={<Empty title="In no segment">No saved segment holds this endpoint at this moment.</Empty>}
        />
      )}
    </Loaded>
  );
}

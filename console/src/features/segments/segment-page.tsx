/** One segment: how many it holds, who they are, its versions, and where it goes from here. */
import { GetSegmentVersionsCommand, type SegmentResponse } from '@aws-sdk/client-pinpoint';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Tabs from '@cloudscape-design/components/tabs';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { SegmentMember } from '../../../../server/src/contract/repoint-types.ts';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { PageButton } from '../../ui/page-button.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Source } from '../../ui/source.tsx';
import { useTabInAddress } from '../../ui/tab-in-address.ts';
import { Time } from '../../ui/time.tsx';
import { DeleteSegmentDialog } from './delete-segment-dialog.tsx';
import { useSegment } from './queries.ts';

const above = [['Segments', 'segments']] as const;

export function SegmentPage() {
  const { segmentId = '' } = useParams();
  const { path } = useProjectPlace();
  const navigate = useNavigateFromHere();
  const [deleting, setDeleting] = useState(false);
  const query = useSegment(segmentId);
  const base = `segments/${encodeURIComponent(segmentId)}`;
  const actions = (
    <SpaceBetween direction="horizontal" size="xs">
      <Button onClick={() => setDeleting(true)} disabled={query.data === undefined}>
        Delete
      </Button>
      <PageButton to={path(`exports/new?segment=${encodeURIComponent(segmentId)}`)}>Export</PageButton>
      {query.data?.SegmentType === 'IMPORT' ? null : (
        <PageButton to={path(`${base}/edit`)} variant="primary">
          Edit
        </PageButton>
      )}
    </SpaceBetween>
  );
  return (
    <ProjectFrame title={query.data?.Name ?? 'Segment'} above={above} actions={actions}>
      <Loaded query={query}>{(segment) => <Parts segmentId={segmentId} segment={segment} />}</Loaded>
      {deleting && query.data ? (
        <DeleteSegmentDialog
          segment={query.data}
          onClose={() => setDeleting(false)}
          onDeleted={() => navigate(path('segments'), { replace: true })}
        />
      ) : null}
    </ProjectFrame>
  );
}

interface PartsProps {
  readonly segmentId: string;
  readonly segment: SegmentResponse;
}

function Parts({ segmentId, segment }: PartsProps) {
  const [tab, open] = useTabInAddress('members');
  return (
    <SpaceBetween size="l">
      <Overview segmentId={segmentId} segment={segment} />
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) => open(detail.activeTabId)}
        ariaLabel="Parts of the segment"
        tabs={[
          { id: 'members', label: 'Members', content: <Members segmentId={segmentId} /> },
          { id: 'versions', label: 'Versions', content: <Versions segmentId={segmentId} /> },
          { id: 'definition', label: 'Definition', content: <Definition segment={segment} /> },
        ]}
      />
    </SpaceBetween>
  );
}

function Overview({ segmentId, segment }: PartsProps) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const query = useQuery({
    queryKey: [...scope, 'segment-estimate', projectId, segmentId, segment.Version],
    queryFn: () => repoint.send('GetSegmentEstimate', { ApplicationId: projectId, SegmentId: segmentId }),
  });
  const { ImportDefinition, SegmentType, Version, CreationDate, LastModifiedDate } = segment;
  return (
    <Facts
      title="Segment"
      facts={[
        { label: 'Can be written to', value: showNumber(query.data?.Eligible) },
        { label: 'Endpoints', value: showNumber(query.data?.Total) },
        { label: 'Kind', value: SegmentType === 'IMPORT' ? 'Imported from a file' : 'Dynamic' },
        { label: 'Segment ID', value: <Copyable label="the segment ID" text={segmentId} /> },
        { label: 'Version', value: Version },
        { label: 'Created', value: <Time value={CreationDate} /> },
        { label: 'Last changed', value: <Time value={LastModifiedDate} /> },
        ...(ImportDefinition === undefined
          ? []
          : [
              { label: 'Records of the import', value: showNumber(ImportDefinition.Size) },
              { label: 'Imported from', value: ImportDefinition.S3Url },
            ]),
      ]}
    >
      {query.error ? <Loaded query={query}>{() => null}</Loaded> : null}
    </Facts>
  );
}

function Members({ segmentId }: { readonly segmentId: string }) {
  const { repoint, scope } = useApi();
  const { projectId, path } = useProjectPlace();
  return (
    <PagedTable<SegmentMember>
      title="Members at this moment"
      queryKey={[...scope, 'segment-members', projectId, segmentId]}
      load={(page) => repoint.send('GetSegmentMembers', { ApplicationId: projectId, SegmentId: segmentId, ...page })}
      columns={[
        {
          id: 'id',
          header: 'Endpoint ID',
          minWidth: 180,
          isRowHeader: true,
          cell: ({ EndpointId }) => (
            <PageLink to={path(`people/${encodeURIComponent(EndpointId)}`)}>{EndpointId}</PageLink>
          ),
        },
        { id: 'channel', header: 'Channel', minWidth: 90, cell: ({ ChannelType }) => ChannelType ?? '–' },
        { id: 'address', header: 'Address', minWidth: 180, cell: ({ Address }) => <bdi>{Address ?? '–'}</bdi> },
        { id: 'user', header: 'User ID', minWidth: 120, cell: ({ UserId }) => <bdi>{UserId ?? '–'}</bdi> },
        {
          id: 'eligible',
          header: 'Can be written to',
          minWidth: 140,
          cell: ({ Eligible }) => (
            <StatusIndicator type={Eligible ? 'success' : 'stopped'}>{Eligible ? 'Yes' : 'No'}</StatusIndicator>
          ),
        },
      ]}
      idOf={({ EndpointId }) => EndpointId}
      nameOf={({ EndpointId }) => EndpointId}
      selectable={false}
      empty={<Empty title="Nobody">The segment holds nobody at this moment.</Empty>}
    />
  );
}

function Versions({ segmentId }: { readonly segmentId: string }) {
  const { pinpoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  return (
    <PagedTable<SegmentResponse>
      title="Versions"
      queryKey={[...scope, 'segment-versions', projectId, segmentId]}
      load={async (page) => {
        const command = new GetSegmentVersionsCommand({ ApplicationId: projectId, SegmentId: segmentId, ...page });
        const answer = await pinpoint.send(command);
        return { Item: answer.SegmentsResponse?.Item, NextToken: answer.SegmentsResponse?.NextToken };
      }}
      columns={[
        { id: 'version', header: 'Version', isRowHeader: true, cell: ({ Version }) => Version },
        { id: 'name', header: 'Name', cell: ({ Name }) => Name },
        { id: 'changed', header: 'Saved', cell: ({ LastModifiedDate }) => <Time value={LastModifiedDate} /> },
      ]}
      idOf={({ Version }) => String(Version)}
      nameOf={({ Version }) => `version ${Version}`}
      selectable={false}
      empty={<Empty title="No versions">Each change of the segment makes one.</Empty>}
    />
  );
}

function Definition({ segment }: { readonly segment: SegmentResponse }) {
  const { Dimensions, SegmentGroups, ImportDefinition } = segment;
  const text = JSON.stringify({ Dimensions, SegmentGroups, ImportDefinition }, null, 2);
  return (
    <Container header={<Header variant="h2">As the API says it</Header>}>
      <Source text={text} label="Definition of the segment" />
    </Container>
  );
}

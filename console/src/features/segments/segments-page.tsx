/** The segments of a project: those that are counted anew each time, and those that a file made. */
import { GetSegmentsCommand, type SegmentResponse } from '@aws-sdk/client-pinpoint';
import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import { useState } from 'react';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { awsCommand } from '../../ui/command-line.tsx';
import { Empty } from '../../ui/empty.tsx';
import { PageButton } from '../../ui/page-button.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';
import { DeleteSegmentDialog } from './delete-segment-dialog.tsx';

export function SegmentsPage() {
  const { pinpoint, scope, region } = useApi();
  const { projectId, path } = useProjectPlace();
  const [deleting, setDeleting] = useState<SegmentResponse>();
  const columns: TableProps.ColumnDefinition<SegmentResponse>[] = [
    {
      id: 'name',
      header: 'Name',
      minWidth: 180,
      isRowHeader: true,
      cell: ({ Id = '', Name }) => <PageLink to={path(`segments/${encodeURIComponent(Id)}`)}>{Name ?? Id}</PageLink>,
    },
    {
      id: 'type',
      header: 'Kind',
      minWidth: 110,
      cell: ({ SegmentType }) => <Badge>{SegmentType === 'IMPORT' ? 'Imported' : 'Dynamic'}</Badge>,
    },
    { id: 'version', header: 'Version', minWidth: 90, cell: ({ Version }) => Version },
    { id: 'created', header: 'Created', minWidth: 160, cell: ({ CreationDate }) => <Time value={CreationDate} /> },
    {
      id: 'changed',
      header: 'Last changed',
      minWidth: 160,
      cell: ({ LastModifiedDate }) => <Time value={LastModifiedDate} />,
    },
  ];
  return (
    <ProjectFrame title="Segments" description="Whom campaigns write to. Members are found anew at each run.">
      <PagedTable
        title="Segments"
        queryKey={[...scope, 'segments', projectId]}
        load={async (page) => {
          const answer = await pinpoint.send(new GetSegmentsCommand({ ApplicationId: projectId, ...page }));
          return { Item: answer.SegmentsResponse?.Item, NextToken: answer.SegmentsResponse?.NextToken };
        }}
        columns={columns}
        idOf={({ Id = '' }) => Id}
        nameOf={({ Name, Id = '' }) => Name ?? Id}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected === undefined} onClick={() => setDeleting(selected)}>
              Delete
            </Button>
            <PageButton to={path('imports/new')}>Import a segment</PageButton>
            <PageButton to={path('segments/new')} variant="primary">
              Build a segment
            </PageButton>
          </SpaceBetween>
        )}
        empty={
          <Empty
            title="No segments"
            command={awsCommand(
              ...(['create-segment', region, `--application-id ${projectId}`] as const),
              "--write-segment-request 'Name=everybody'",
            )}
          >
            Build one with the button above, or from a terminal:
          </Empty>
        }
      />
      {deleting ? <DeleteSegmentDialog segment={deleting} onClose={() => setDeleting(undefined)} /> : null}
    </ProjectFrame>
  );
}

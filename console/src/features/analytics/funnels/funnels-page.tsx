/** The funnels of a project. */
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { Funnel } from '../../../../../server/src/contract/repoint-types.ts';
import { ProjectFrame, useProjectPlace } from '../../../app/project-place.tsx';
import { useApi } from '../../../app/session.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { PageButton } from '../../../ui/page-button.tsx';
import { PageLink } from '../../../ui/page-link.tsx';
import { PagedTable } from '../../../ui/paged-table.tsx';
import { Time } from '../../../ui/time.tsx';
import { DeleteFunnelDialog } from './delete-funnel-dialog.tsx';
import { useFunnelsKey } from './queries.ts';

export function FunnelsPage() {
  const { repoint, region } = useApi();
  const { projectId, path } = useProjectPlace();
  const key = useFunnelsKey();
  const [deleting, setDeleting] = useState<Funnel>();
  const columns: TableProps.ColumnDefinition<Funnel>[] = [
    {
      ...{ id: 'name', header: 'Name', minWidth: 180, isRowHeader: true },
      cell: ({ Id, Name }) => (
        <PageLink to={path(`analytics/funnels/${encodeURIComponent(Id)}`)}>
          <bdi>{Name}</bdi>
        </PageLink>
      ),
    },
    {
      ...{ id: 'steps', header: 'Steps', minWidth: 240 },
      cell: ({ Steps }) => <bdi>{Steps.map(({ Name }) => Name).join(' → ')}</bdi>,
    },
    {
      ...{ id: 'changed', header: 'Last changed', minWidth: 160 },
      cell: ({ LastModifiedDate }) => <Time value={LastModifiedDate} />,
    },
  ];
  return (
    <ProjectFrame
      title="Funnels"
      description="How many get through the steps to a purchase, say, and where the others drop off."
      above={[['Analytics', 'analytics']]}
    >
      <PagedTable
        title="Funnels"
        queryKey={[...key, 'list']}
        load={(page) => repoint.send('GetFunnels', { ApplicationId: projectId, ...page })}
        columns={columns}
        idOf={({ Id }) => Id}
        nameOf={({ Name }) => Name}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected === undefined} onClick={() => setDeleting(selected)}>
              Delete
            </Button>
            <PageButton to={path('analytics/funnels/new')} variant="primary">
              Create a funnel
            </PageButton>
          </SpaceBetween>
        )}
        empty={
          <Empty title="No funnels" command={createCommand(projectId, region)}>
            Create one with the button above, or from a terminal:
          </Empty>
        }
      />
      {deleting ? <DeleteFunnelDialog funnel={deleting} onClose={() => setDeleting(undefined)} /> : null}
    </ProjectFrame>
  );
}

/** Funnels are ours: the AWS CLI does not know them, curl signs as well. */
function createCommand(projectId: string, region: string): string {
  return [
    `curl --aws-sigv4 aws:amz:${region}:repoint --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`,
    '--json @funnel.json',
    `${window.location.origin}/repoint/v1/apps/${projectId}/funnels`,
  ].join(' \\\n  ');
}

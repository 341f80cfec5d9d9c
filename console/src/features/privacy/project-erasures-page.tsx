/** Projects that were deleted: how far each is erased, and its receipt. */
import type { ProjectErasureResponse } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { awsCommand } from '../../ui/command-line.tsx';
import { Empty } from '../../ui/empty.tsx';
import { JobStatus } from '../../ui/long-job.tsx';
import { Page } from '../../ui/page.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';

export function ProjectErasuresPage() {
  const { repoint, scope, region } = useApi();
  return (
    <Page
      title="Deleted projects"
      description="A deleted project is gone from the API at once; then every row, file record and secret of it is erased."
    >
      <PagedTable<ProjectErasureResponse>
        title="Erasures"
        queryKey={[...scope, 'project-erasures']}
        load={(page) => repoint.send('GetProjectErasures', page)}
        columns={[
          {
            id: 'project',
            header: 'Project ID',
            minWidth: 220,
            isRowHeader: true,
            cell: ({ ErasureId, ProjectId }) => (
              <PageLink to={`/project-erasures/${encodeURIComponent(ErasureId)}`}>{ProjectId ?? ErasureId}</PageLink>
            ),
          },
          { id: 'region', header: 'Region', minWidth: 110, cell: ({ Region }) => Region ?? '–' },
          { id: 'state', header: 'State', minWidth: 140, cell: ({ State }) => <JobStatus status={State} /> },
          {
            id: 'received',
            header: 'Deleted',
            minWidth: 160,
            cell: ({ ReceivedDate }) => <Time value={ReceivedDate} />,
          },
          {
            id: 'completed',
            header: 'Erased',
            minWidth: 160,
            cell: ({ CompletedDate }) => <Time value={CompletedDate} />,
          },
        ]}
        idOf={({ ErasureId }) => ErasureId}
        nameOf={({ ProjectId = '' }) => ProjectId}
        selectable={false}
        isChanging={({ State }) => State !== 'COMPLETED'}
        empty={
          <Empty title="No project was deleted" command={awsCommand('delete-app', region, '--application-id PROJECT')}>
            Export a project first, then delete it on its page with its name typed, or from a terminal:
          </Empty>
        }
      />
    </Page>
  );
}

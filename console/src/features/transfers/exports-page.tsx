/** The exports of a project, newest first. */
import { type ExportJobResponse, GetExportJobsCommand } from '@aws-sdk/client-pinpoint';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { awsCommand } from '../../ui/command-line.tsx';
import { Empty } from '../../ui/empty.tsx';
import { isOver, JobStatus } from '../../ui/long-job.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { PageButton } from '../../ui/page-button.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';

export function ExportsPage() {
  const { pinpoint, scope, region } = useApi();
  const { projectId, path } = useProjectPlace();
  return (
    <ProjectFrame title="Exports" description="Endpoints of a segment, or all of them, as files to download.">
      <PagedTable<ExportJobResponse>
        title="Exports"
        queryKey={[...scope, 'exports', projectId]}
        load={async (page) => {
          const answer = await pinpoint.send(new GetExportJobsCommand({ ApplicationId: projectId, ...page }));
          return { Item: answer.ExportJobsResponse?.Item, NextToken: answer.ExportJobsResponse?.NextToken };
        }}
        columns={[
          {
            id: 'begun',
            header: 'Begun',
            minWidth: 170,
            isRowHeader: true,
            cell: ({ Id = '', CreationDate }) => (
              <PageLink to={path(`exports/${encodeURIComponent(Id)}`)}>
                <Time value={CreationDate} />
              </PageLink>
            ),
          },
          { id: 'state', header: 'State', minWidth: 130, cell: (job) => <JobStatus status={job.JobStatus} /> },
          { id: 'rows', header: 'Rows', minWidth: 90, cell: ({ TotalProcessed }) => showNumber(TotalProcessed) },
          { id: 'to', header: 'Written to', minWidth: 240, cell: ({ Definition }) => Definition?.S3UrlPrefix },
        ]}
        idOf={({ Id = '' }) => Id}
        nameOf={({ Id = '' }) => Id}
        selectable={false}
        isChanging={(job) => !isOver(job.JobStatus)}
        actions={() => (
          <PageButton to={path('exports/new')} variant="primary">
            Export
          </PageButton>
        )}
        empty={
          <Empty
            title="No exports"
            command={awsCommand(
              ...(['create-export-job', region, `--application-id ${projectId}`] as const),
              '--export-job-request file://export.json',
            )}
          >
            Begin one with the button above, or from a terminal:
          </Empty>
        }
      />
    </ProjectFrame>
  );
}

/** The imports of a project, newest first. */
import { GetImportJobsCommand, type ImportJobResponse } from '@aws-sdk/client-pinpoint';
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

export function ImportsPage() {
  const { pinpoint, scope, region } = useApi();
  const { projectId, path } = useProjectPlace();
  return (
    <ProjectFrame title="Imports" description="Files of people, read in the background.">
      <PagedTable<ImportJobResponse>
        title="Imports"
        queryKey={[...scope, 'imports', projectId]}
        load={async (page) => {
          const answer = await pinpoint.send(new GetImportJobsCommand({ ApplicationId: projectId, ...page }));
          return { Item: answer.ImportJobsResponse?.Item, NextToken: answer.ImportJobsResponse?.NextToken };
        }}
        columns={[
          {
            id: 'begun',
            header: 'Begun',
            minWidth: 170,
            isRowHeader: true,
            cell: ({ Id = '', CreationDate }) => (
              <PageLink to={path(`imports/${encodeURIComponent(Id)}`)}>
                <Time value={CreationDate} />
              </PageLink>
            ),
          },
          { id: 'state', header: 'State', minWidth: 130, cell: (job) => <JobStatus status={job.JobStatus} /> },
          { id: 'rows', header: 'Rows', minWidth: 90, cell: ({ TotalProcessed }) => showNumber(TotalProcessed) },
          { id: 'failed', header: 'Failed', minWidth: 90, cell: ({ TotalFailures }) => showNumber(TotalFailures) },
          {
            id: 'segment',
            header: 'Segment',
            minWidth: 140,
            cell: ({ Definition }) => <bdi>{Definition?.SegmentName ?? '–'}</bdi>,
          },
          { id: 'from', header: 'Read from', minWidth: 240, cell: ({ Definition }) => Definition?.S3Url },
        ]}
        idOf={({ Id = '' }) => Id}
        nameOf={({ Id = '' }) => Id}
        selectable={false}
        isChanging={(job) => !isOver(job.JobStatus)}
        actions={() => (
          <PageButton to={path('imports/new')} variant="primary">
            Import a file
          </PageButton>
        )}
        empty={
          <Empty
            title="No imports"
            command={awsCommand(
              ...(['create-import-job', region, `--application-id ${projectId}`] as const),
              '--import-job-request file://import.json',
            )}
          >
            Choose a file with the button above, or name one in a bucket:
          </Empty>
        }
      />
    </ProjectFrame>
  );
}

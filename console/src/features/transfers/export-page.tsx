/** One export while it runs, and its files to download. */
import { type ExportJobResponse, GetExportJobCommand } from '@aws-sdk/client-pinpoint';
import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useParams } from 'react-router';
import type { ProjectFile } from '../../../../server/src/contract/repoint-types.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { DownloadButton } from '../../ui/download-button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Facts } from '../../ui/facts.tsx';
import { FileUrl } from '../../ui/file-url.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { isOver, JobProgress, JobStatus, useLongJob } from '../../ui/long-job.tsx';
import { showBytes, showNumber } from '../../ui/numbers.ts';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';

const above = [['Exports', 'exports']] as const;

export function ExportPage() {
  const { jobId = '' } = useParams();
  const { pinpoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const query = useLongJob({
    queryKey: [...scope, 'export', projectId, jobId],
    load: async () => {
      const answer = await pinpoint.send(new GetExportJobCommand({ ApplicationId: projectId, JobId: jobId }));
      if (answer.ExportJobResponse === undefined) throw new Error('The server answered without a job');
      return answer.ExportJobResponse;
    },
    isOver: ({ JobStatus: status }) => isOver(status),
  });
  return (
    <ProjectFrame title="Export" above={above}>
      <Loaded query={query}>{(job) => <Job jobId={jobId} job={job} />}</Loaded>
    </ProjectFrame>
  );
}

function Job({ jobId, job }: { readonly jobId: string; readonly job: ExportJobResponse }) {
  const { TotalPieces = 0, CompletedPieces = 0, Failures = [] } = job;
  return (
    <SpaceBetween size="l">
      {Failures.length === 0 ? null : <Alert type="error">{Failures.join(' ')}</Alert>}
      <Facts
        title="Export"
        facts={[
          { label: 'State', value: <JobStatus status={job.JobStatus} /> },
          { label: 'Endpoints', value: showNumber(job.TotalProcessed) },
          { label: 'Written to', value: job.Definition?.S3UrlPrefix },
          { label: 'Begun', value: <Time value={job.CreationDate} /> },
          { label: 'Completed', value: <Time value={job.CompletionDate} /> },
        ]}
      >
        {isOver(job.JobStatus) ? null : <JobProgress label="Parts" done={CompletedPieces} of={TotalPieces} />}
      </Facts>
      {isOver(job.JobStatus) ? <Files jobId={jobId} /> : null}
    </SpaceBetween>
  );
}

function Files({ jobId }: { readonly jobId: string }) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  return (
    <PagedTable<ProjectFile>
      title="Files"
      description="JSON, an endpoint a line, packed with gzip."
      queryKey={[...scope, 'files', projectId, jobId]}
      load={(page) => repoint.send('GetFiles', { ApplicationId: projectId, JobId: jobId, ...page })}
      columns={[
        { id: 'url', header: 'File', minWidth: 260, isRowHeader: true, cell: ({ Url }) => <FileUrl url={Url} /> },
        { id: 'size', header: 'Size', minWidth: 90, cell: ({ Bytes }) => showBytes(Bytes) },
        { id: 'download', header: 'Download', minWidth: 190, cell: (file) => <Download file={file} /> },
      ]}
      idOf={({ Url }) => Url}
      nameOf={({ Url }) => Url}
      selectable={false}
      empty={<Empty title="No files">There was nobody to export.</Empty>}
    />
  );
}

function Download({ file }: { readonly file: ProjectFile }) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  if (file.DeletionDate !== undefined) return <>Deleted</>;
  return (
    <DownloadButton
      label={`Download ${file.Url}`}
      // The link is good for a few minutes.
      href={() => repoint.link('DownloadFile', { ApplicationId: projectId, Url: file.Url })}
    />
  );
}

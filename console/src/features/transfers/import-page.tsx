/** One import while it runs, and what became of every line once it is over. */
import { GetImportJobCommand, type ImportJobResponse } from '@aws-sdk/client-pinpoint';
import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useParams } from 'react-router';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { isOver, JobProgress, JobStatus, useLongJob } from '../../ui/long-job.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { PageLink } from '../../ui/page-link.tsx';
import { Source } from '../../ui/source.tsx';
import { Time } from '../../ui/time.tsx';

const above = [['Imports', 'imports']] as const;

export function ImportPage() {
  const { jobId = '' } = useParams();
  const { pinpoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const query = useLongJob({
    queryKey: [...scope, 'import', projectId, jobId],
    load: async () => {
      const answer = await pinpoint.send(new GetImportJobCommand({ ApplicationId: projectId, JobId: jobId }));
      if (answer.ImportJobResponse === undefined) throw new Error('The server answered without a job');
      return answer.ImportJobResponse;
    },
    isOver: ({ JobStatus: status }) => isOver(status),
  });
  return (
    <ProjectFrame title="Import" above={above}>
      <Loaded query={query}>{(job) => <Job job={job} />}</Loaded>
    </ProjectFrame>
  );
}

function Job({ job }: { readonly job: ImportJobResponse }) {
  const { path } = useProjectPlace();
  const { Definition, TotalPieces = 0, CompletedPieces = 0, FailedPieces = 0, Failures = [] } = job;
  const segmentId = Definition?.SegmentId;
  return (
    <SpaceBetween size="l">
      {isOver(job.JobStatus) ? <Outcome job={job} /> : null}
      <Facts
        title={Definition?.SegmentName ?? 'Import'}
        facts={[
          { label: 'State', value: <JobStatus status={job.JobStatus} /> },
          { label: 'Rows', value: showNumber(job.TotalProcessed) },
          { label: 'Rows that failed', value: showNumber(job.TotalFailures) },
          { label: 'Format', value: Definition?.Format },
          { label: 'Read from', value: Definition?.S3Url },
          {
            label: 'Segment',
            value:
              segmentId === undefined ? undefined : (
                <PageLink to={path(`segments/${encodeURIComponent(segmentId)}`)}>
                  {Definition?.SegmentName ?? segmentId}
                </PageLink>
              ),
          },
          { label: 'Begun', value: <Time value={job.CreationDate} /> },
          { label: 'Completed', value: <Time value={job.CompletionDate} /> },
        ]}
      >
        {isOver(job.JobStatus) ? null : (
          <JobProgress label="Parts of the file" done={CompletedPieces + FailedPieces} of={TotalPieces} />
        )}
      </Facts>
      {Failures.length === 0 ? null : (
        <Container
          header={
            <Header variant="h2" description="The first hundred at most. Mend these lines and import them again.">
              Failures
            </Header>
          }
        >
          <Source text={Failures.join('\n')} label="Failures of the import" />
        </Container>
      )}
    </SpaceBetween>
  );
}

function Outcome({ job }: { readonly job: ImportJobResponse }) {
  const failed = job.TotalFailures ?? 0;
  if (job.JobStatus === 'FAILED') return <Alert type="error">The import failed. What it says is below.</Alert>;
  return failed === 0 ? (
    <Alert type="success">Every row was imported.</Alert>
  ) : (
    <Alert type="warning">
      {failed === 1 ? 'One row was' : `${showNumber(failed)} rows were`} not imported; why is below.
    </Alert>
  );
}

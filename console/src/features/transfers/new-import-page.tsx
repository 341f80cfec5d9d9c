/** Importing a file: choose it, check its columns, say what becomes of it, upload and begin. */
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import FileUpload from '@cloudscape-design/components/file-upload';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { awsCommand, CommandLine } from '../../ui/command-line.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { JobProgress } from '../../ui/long-job.tsx';
import { showBytes } from '../../ui/numbers.ts';
import { ColumnCheck } from './column-check.tsx';
import { type Column, faultsOf } from './columns.ts';
import { type FileHead, readHead } from './file-head.ts';
import { roleArn, useStartImport } from './queries.ts';

const above = [['Imports', 'imports']] as const;

export function NewImportPage() {
  const [files, setFiles] = useState<readonly File[]>([]);
  const file = files[0];
  const { data: head, error } = useQuery({
    queryKey: ['file-head', file?.name, file?.size, file?.lastModified],
    queryFn: () => readHead(file as File),
    enabled: file !== undefined,
    gcTime: 0,
  });
  return (
    <ProjectFrame
      title="Import a file"
      description="CSV with a header, or JSON with one endpoint a line; either may be packed as .gz. Up to 1 GB."
      above={above}
    >
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">1. The file</Header>}>
          <FileUpload
            value={[...files]}
            onChange={({ detail }) => setFiles(detail.value)}
            accept=".csv,.json,.jsonl,.ndjson,.gz"
            showFileSize
            constraintText="It stays on this server: it is stored under the project, and erasure reaches it there."
            i18nStrings={{
              uploadButtonText: () => 'Choose a file',
              dropzoneText: () => 'Drop a file here',
              removeFileAriaLabel: () => 'Remove the file',
              errorIconAriaLabel: 'Error',
            }}
          />
        </Container>
        {error ? <ErrorAlert error={error} /> : null}
        {file === undefined ? <FromTerminal /> : null}
        {file !== undefined && head !== undefined ? (
          <Plan key={`${file.name} ${file.lastModified}`} file={file} head={head} />
        ) : null}
      </SpaceBetween>
    </ProjectFrame>
  );
}

function FromTerminal() {
  const { region, session } = useApi();
  const { projectId } = useProjectPlace();
  const request = `Format=CSV,S3Url=s3://bucket/people.csv,RoleArn=${roleArn(session.AccountId)}`;
  return (
    <Container header={<Header variant="h2">From a bucket</Header>}>
      <CommandLine
        command={awsCommand(
          ...(['create-import-job', region, `--application-id ${projectId}`] as const),
          `--import-job-request '${request},RegisterEndpoints=true'`,
        )}
      />
    </Container>
  );
}

interface PlanProps {
  readonly file: File;
  readonly head: FileHead;
}

function Plan({ file, head }: PlanProps) {
  const { path } = useProjectPlace();
  const navigate = useNavigateFromHere();
  const [columns, setColumns] = useState<readonly Column[]>(head.columns);
  const [channelType, setChannelType] = useState<string>();
  const [definesSegment, setDefinesSegment] = useState(true);
  const [segmentName, setSegmentName] = useState(() => head.stem);
  const [registers, setRegisters] = useState(true);
  const { start, share } = useStartImport();
  const faults = head.format === 'CSV' ? faultsOf(columns, channelType) : head.faults;
  const ready = faults.length === 0 && (registers || definesSegment) && (!definesSegment || segmentName !== '');
  const begin = () =>
    start.mutate(
      {
        file,
        csv: head.format === 'CSV' ? { header: columns.map(({ member }) => member), channelType } : undefined,
        segmentName: definesSegment ? segmentName : undefined,
        registerEndpoints: registers,
      },
      { onSuccess: (jobId) => navigate(path(`imports/${encodeURIComponent(jobId)}`)) },
    );
  return (
    <>
      <ColumnCheck
        head={head}
        columns={columns}
        channelType={channelType}
        faults={faults}
        onChange={setColumns}
        onChannel={setChannelType}
      />
      <Container header={<Header variant="h2">3. What becomes of it</Header>}>
        <SpaceBetween size="m">
          <Checkbox checked={registers} onChange={({ detail }) => setRegisters(detail.checked)}>
            Register the endpoints, or change those that are there
          </Checkbox>
          <Checkbox checked={definesSegment} onChange={({ detail }) => setDefinesSegment(detail.checked)}>
            Make a segment of them
          </Checkbox>
          {definesSegment ? (
            <FormField label="Name of the segment">
              <Input value={segmentName} onChange={({ detail }) => setSegmentName(detail.value)} />
            </FormField>
          ) : null}
          {start.error ? <ErrorAlert error={start.error} /> : null}
          {start.isPending ? (
            <Alert type="info">
              <JobProgress
                label={`Uploading ${showBytes(file.size)}`}
                done={share}
                of={1}
                text="Keep this page open until the import has begun."
              />
            </Alert>
          ) : null}
          <Button variant="primary" disabled={!ready} loading={start.isPending} onClick={begin}>
            Start import
          </Button>
        </SpaceBetween>
      </Container>
    </>
  );
}

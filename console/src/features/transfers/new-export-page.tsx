/** A new export: of whom, and where its files go. */
import { CreateExportJobCommand } from '@aws-sdk/client-pinpoint';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { useSomeSegments } from '../segments/queries.ts';
import { roleArn } from './queries.ts';

const above = [['Exports', 'exports']] as const;
const everybody = { value: '', label: 'All endpoints of the project' };

export function NewExportPage() {
  const { pinpoint, scope, session } = useApi();
  const { projectId, path } = useProjectPlace();
  const [search] = useSearchParams();
  const navigate = useNavigateFromHere();
  const cache = useQueryClient();
  const { data: segments = [], isPending } = useSomeSegments();
  const [segmentId, setSegmentId] = useState(search.get('segment') ?? '');
  const [prefix, setPrefix] = useState(`s3://repoint-exports/${projectId}`);
  const options = [everybody, ...segments.map(({ Id = '', Name }) => ({ value: Id, label: Name ?? Id }))];
  const start = useMutation({
    mutationFn: () =>
      pinpoint.send(
        new CreateExportJobCommand({
          ApplicationId: projectId,
          ExportJobRequest: {
            ...{ RoleArn: roleArn(session.AccountId), S3UrlPrefix: prefix },
            ...(segmentId !== '' && { SegmentId: segmentId }),
          },
        }),
      ),
    onSuccess: async ({ ExportJobResponse }) => {
      await cache.invalidateQueries({ queryKey: [...scope, 'exports', projectId] });
      navigate(path(`exports/${encodeURIComponent(ExportJobResponse?.Id ?? '')}`));
    },
  });
  return (
    <ProjectFrame title="Export" above={above}>
      <Container>
        <SpaceBetween size="l">
          <FormField label="Whom">
            <Select
              selectedOption={options.find(({ value }) => value === segmentId) ?? everybody}
              options={options}
              onChange={({ detail }) => setSegmentId(detail.selectedOption.value ?? '')}
              statusType={isPending ? 'loading' : 'finished'}
              filteringType="auto"
              ariaLabel="Whom"
            />
          </FormField>
          <FormField
            label="Where to"
            description="With the local object store, buckets are folders in the data directory, and made when needed."
            constraintText="s3://bucket/folder. The files can be downloaded here once they are written."
          >
            <Input value={prefix} onChange={({ detail }) => setPrefix(detail.value)} spellcheck={false} />
          </FormField>
          {start.error ? <ErrorAlert error={start.error} /> : null}
          <Button variant="primary" loading={start.isPending} disabled={prefix === ''} onClick={() => start.mutate()}>
            Start export
          </Button>
        </SpaceBetween>
      </Container>
    </ProjectFrame>
  );
}

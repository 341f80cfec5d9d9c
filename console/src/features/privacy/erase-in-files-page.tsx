/** Erasing in files: rows of people, or whole files. First it is only looked, then somebody says so by typing it. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { CreateFileErasureRequest, ErasureIdentity } from '../../../../server/src/contract/repoint-types.ts';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { isOver, JobStatus, useLongJob } from '../../ui/long-job.tsx';
import { TypedName } from '../../ui/typed-name.tsx';
import { useProject } from '../projects/queries.ts';
import { FileCounts } from './file-erasure-page.tsx';
import { faultInFiles, mostInFiles, toFileIdentity } from './file-identities.ts';
import { IdentityFields } from './identity-fields.tsx';

const above = [['People in files', 'files']] as const;

type Where = 'PROJECT' | 'Url' | 'JobId' | 'Prefix';
type Action = CreateFileErasureRequest['Action'];

interface Form {
  readonly action: Action;
  readonly where: Where;
  readonly target: string;
  readonly identities: readonly ErasureIdentity[];
}

export function EraseInFilesPage() {
  const [search] = useSearchParams();
  const url = search.get('url');
  const [form, setForm] = useState<Form>({
    ...{ action: 'REWRITE', where: url === null ? 'PROJECT' : 'Url', target: url ?? '', identities: [] },
  });
  return (
    <ProjectFrame title="Erase in files" above={above}>
      <SpaceBetween size="l">
        <WhatSection form={form} onChange={setForm} />
        {form.action === 'DELETE' ? null : (
          <Container header={<Header variant="h2">Whom</Header>}>
            <IdentityFields
              identities={form.identities}
              most={mostInFiles}
              onChange={(identities) => setForm({ ...form, identities })}
            />
          </Container>
        )}
        {/* Another question is another look: nobody confirms what they have not seen. */}
        <LookSection key={JSON.stringify(form)} form={form} />
      </SpaceBetween>
    </ProjectFrame>
  );
}

const actions = [
  {
    value: 'REWRITE',
    label: 'Rows of people',
    description: 'Files are written anew without them; former versions that hold them go.',
  },
  { value: 'DELETE', label: 'Whole files', description: 'With versions and marks of deletion that the store keeps.' },
];

const places: readonly { readonly value: Where; readonly label: string; readonly example: string }[] = [
  { value: 'PROJECT', label: 'All files of the project', example: '' },
  { value: 'Prefix', label: 'A folder', example: 's3://bucket/folder/' },
  { value: 'Url', label: 'One file', example: 's3://bucket/folder/file.json.gz' },
  { value: 'JobId', label: 'Files of an import or export', example: 'ID of the job' },
];

interface WhatSectionProps {
  readonly form: Form;
  readonly onChange: (form: Form) => void;
}

function WhatSection({ form, onChange }: WhatSectionProps) {
  const offered = places.filter(({ value }) => value !== 'PROJECT' || form.action === 'REWRITE');
  const chosen = offered.find(({ value }) => value === form.where) ?? offered[0];
  const changeAction = (action: Action) =>
    onChange({ ...form, action, where: action === 'DELETE' && form.where === 'PROJECT' ? 'Prefix' : form.where });
  return (
    <Container header={<Header variant="h2">What, and where</Header>}>
      <SpaceBetween size="m">
        <FormField label="What">
          <RadioGroup
            value={form.action}
            items={actions}
            onChange={({ detail }) => changeAction(detail.value as Action)}
          />
        </FormField>
        <FormField label="Where">
          <Select
            selectedOption={chosen ?? null}
            options={offered.map(({ value, label }) => ({ value, label }))}
            onChange={({ detail }) => onChange({ ...form, where: detail.selectedOption.value as Where })}
            ariaLabel="Where"
          />
        </FormField>
        {form.where === 'PROJECT' ? null : (
          <FormField label={chosen?.label}>
            <Input
              value={form.target}
              onChange={({ detail }) => onChange({ ...form, target: detail.value })}
              placeholder={chosen?.example}
              ariaLabel="Which"
              spellcheck={false}
            />
          </FormField>
        )}
      </SpaceBetween>
    </Container>
  );
}

function toRequest({ action, where, target, identities }: Form, DryRun: boolean): CreateFileErasureRequest {
  return {
    ...{ Action: action, DryRun },
    ...(where !== 'PROJECT' && { [where]: target.trim() }),
    ...(action === 'REWRITE' && { Identities: identities.map(toFileIdentity) }),
  };
}

function LookSection({ form }: { readonly form: Form }) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const look = useMutation({
    mutationFn: () =>
      repoint.send('CreateFileErasure', {
        ApplicationId: projectId,
        CreateFileErasureRequest: toRequest(form, true),
      }),
    gcTime: 0,
  });
  const id = look.data?.Id;
  const fault = form.action === 'REWRITE' ? faultInFiles(form.identities) : undefined;
  const named = form.action === 'DELETE' || (form.identities.length > 0 && form.identities.length <= mostInFiles);
  const ready = named && fault === undefined && (form.where === 'PROJECT' || form.target.trim() !== '');
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Goes through the files and changes nothing."
          actions={
            <Button disabled={!ready} loading={look.isPending} onClick={() => look.mutate()}>
              Look
            </Button>
          }
        >
          Look first
        </Header>
      }
    >
      <SpaceBetween size="m">
        {fault === undefined ? null : <Alert type="warning">{fault}</Alert>}
        {look.error ? <ErrorAlert error={look.error} /> : null}
        {id === undefined ? (
          <Box color="text-body-secondary">What is found is shown here, before anything goes.</Box>
        ) : (
          <Looked form={form} id={id} scopeKey={[...scope, 'file-erasures', projectId, id]} />
        )}
      </SpaceBetween>
    </Container>
  );
}

interface LookedProps {
  readonly form: Form;
  readonly id: string;
  readonly scopeKey: readonly unknown[];
}

function Looked({ form, id, scopeKey }: LookedProps) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  const query = useLongJob({
    queryKey: scopeKey,
    load: () => repoint.send('GetFileErasure', { ApplicationId: projectId, FileErasureId: id }),
    isOver: ({ Status }) => isOver(Status),
  });
  return (
    <Loaded query={query}>
      {(erasure) => (
        <SpaceBetween size="m">
          <JobStatus status={erasure.Status} />
          {erasure.Fault === undefined ? null : <Alert type="error">{erasure.Fault}</Alert>}
          <FileCounts erasure={erasure} />
          {isOver(erasure.Status) && erasure.Status !== 'FAILED' ? (
            <Confirmation form={form} nothing={erasure.RowsFound + erasure.VersionsFound === 0} />
          ) : null}
        </SpaceBetween>
      )}
    </Loaded>
  );
}

function Confirmation({ form, nothing }: { readonly form: Form; readonly nothing: boolean }) {
  const { repoint, scope } = useApi();
  const { projectId, path } = useProjectPlace();
  const { data: project } = useProject(projectId);
  const cache = useQueryClient();
  const navigate = useNavigateFromHere();
  const [typed, setTyped] = useState('');
  const [only] = form.identities;
  const whom = form.action === 'REWRITE' && form.identities.length === 1 ? only?.Value : project?.name;
  const name = form.action === 'DELETE' ? form.target.trim() : whom;
  const erase = useMutation({
    mutationFn: () =>
      repoint.send('CreateFileErasure', {
        ApplicationId: projectId,
        CreateFileErasureRequest: toRequest(form, false),
      }),
    gcTime: 0,
    onSuccess: async ({ Id }) => {
      await cache.invalidateQueries({ queryKey: [...scope, 'file-erasures', projectId] });
      navigate(path(`files/erasures/${encodeURIComponent(Id)}`));
    },
  });
  if (nothing) return <Alert type="info">Nothing of it is in these files.</Alert>;
  if (name === undefined) return null;
  return (
    <SpaceBetween size="m">
      <Alert type="warning">What goes from files is gone: no version of them is kept.</Alert>
      <TypedName name={name} label="Name to confirm" typed={typed} onChange={setTyped} />
      {erase.error ? <ErrorAlert error={erase.error} /> : null}
      <Button variant="primary" disabled={typed !== name} loading={erase.isPending} onClick={() => erase.mutate()}>
        {form.action === 'DELETE' ? 'Delete these files' : 'Erase these rows'}
      </Button>
    </SpaceBetween>
  );
}

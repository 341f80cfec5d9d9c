/** One template: its versions, which of them is active, a preview, and a test message. */
import { UpdateTemplateActiveVersionCommand } from '@aws-sdk/client-pinpoint';
import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { NotFoundPage } from '../../app/error-page.tsx';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { PageButton } from '../../ui/page-button.tsx';
import { Source } from '../../ui/source.tsx';
import { Time } from '../../ui/time.tsx';
import { type Content, toContent, toForm } from './content.ts';
import { kindOf, type TemplateKind } from './kinds.ts';
import { PreviewPanel } from './preview-panel.tsx';
import { useForgetTemplates, useTemplate, useTemplateVersions } from './queries.ts';

const above = [['Templates', 'templates']] as const;

export function TemplatePage() {
  const { type = '', name = '' } = useParams();
  const kind = kindOf(type);
  if (kind === undefined) return <NotFoundPage />;
  return <OfKind kind={kind} name={name} />;
}

interface OfKindProps {
  readonly kind: TemplateKind;
  readonly name: string;
}

function OfKind({ kind, name }: OfKindProps) {
  const { path } = useProjectPlace();
  const [deleting, setDeleting] = useState(false);
  const [chosen, choose] = useState<string>();
  const active = useTemplate(kind, name);
  const activeVersion = active.data?.['Version'] as string | undefined;
  const version = chosen ?? activeVersion;
  const base = `templates/${kind.type}/${encodeURIComponent(name)}`;
  const actions = (
    <SpaceBetween direction="horizontal" size="xs">
      <Button onClick={() => setDeleting(true)}>Delete</Button>
      {kind.type === 'INAPP' ? null : (
        <PageButton to={path(`test-messages?type=${kind.type}&template=${encodeURIComponent(name)}`)}>
          Send a test
        </PageButton>
      )}
      <PageButton to={path(`${base}/edit?version=${version ?? ''}`)} variant="primary">
        Edit
      </PageButton>
    </SpaceBetween>
  );
  return (
    <ProjectFrame title={name} above={above} actions={actions}>
      <Loaded query={active}>
        {() => (
          <Version kind={kind} name={name} version={version ?? '1'} activeVersion={activeVersion} onChoose={choose} />
        )}
      </Loaded>
      {deleting ? <DeleteTemplate kind={kind} name={name} onClose={() => setDeleting(false)} /> : null}
    </ProjectFrame>
  );
}

interface VersionProps extends OfKindProps {
  readonly version: string;
  readonly activeVersion: string | undefined;
  readonly onChoose: (version: string) => void;
}

function Version({ kind, name, version, activeVersion, onChoose }: VersionProps) {
  const query = useTemplate(kind, name, version);
  const versions = useTemplateVersions(kind.type, name);
  const options = (versions.data ?? []).map(({ Version: number = '', LastModifiedDate }) => ({
    value: number,
    label: `Version ${number}${number === activeVersion ? ' (active)' : ''}`,
    ...(LastModifiedDate !== undefined && { description: LastModifiedDate }),
  }));
  return (
    <Grid gridDefinition={[{ colspan: { default: 12, s: 7 } }, { colspan: { default: 12, s: 5 } }]}>
      <SpaceBetween size="l">
        <FormField label="Version">
          <Select
            selectedOption={options.find(({ value }) => value === version) ?? { value: version, label: version }}
            options={options}
            onChange={({ detail }) => onChoose(detail.selectedOption.value ?? version)}
            statusType={versions.isPending ? 'loading' : 'finished'}
            ariaLabel="Version"
          />
        </FormField>
        <Loaded query={query}>
          {(content) => <Described kind={kind} name={name} content={content} isActive={version === activeVersion} />}
        </Loaded>
      </SpaceBetween>
      <PreviewPanel type={kind.type} content={query.data === undefined ? undefined : toContent(query.data, {})} />
    </Grid>
  );
}

interface DescribedProps extends OfKindProps {
  readonly content: Content;
  readonly isActive: boolean;
}

function Described({ kind, name, content, isActive }: DescribedProps) {
  const form = toForm(content, kind.fields);
  return (
    <Facts
      title={`Version ${content['Version'] ?? ''}`}
      columns={2}
      actions={
        isActive ? <Badge color="green">Active version</Badge> : <Activate kind={kind} name={name} content={content} />
      }
      facts={[
        { label: 'Kind', value: kind.title },
        { label: 'Last changed', value: <Time value={content['LastModifiedDate'] as string | undefined} /> },
      ]}
    >
      <SpaceBetween size="m">
        {kind.fields
          .filter(({ path }) => form[path] !== '')
          .map(({ path, label }) => (
            <FormField key={path} label={label} stretch>
              <Source text={form[path] ?? ''} label={label} />
            </FormField>
          ))}
      </SpaceBetween>
    </Facts>
  );
}

function Activate({ kind, name, content }: OfKindProps & { readonly content: Content }) {
  const { pinpoint } = useApi();
  const forget = useForgetTemplates();
  const notices = useNotices();
  const version = String(content['Version'] ?? '');
  const activate = useMutation({
    mutationFn: () =>
      pinpoint.send(
        new UpdateTemplateActiveVersionCommand({
          ...{ TemplateName: name, TemplateType: kind.type },
          TemplateActiveVersionRequest: { Version: version },
        }),
      ),
    onSuccess: async () => {
      notices.done(`Version ${version} of ${name} is active`);
      await forget();
    },
  });
  return (
    <>
      <Button loading={activate.isPending} onClick={() => activate.mutate()}>
        Make active version
      </Button>
      {activate.error ? <ErrorAlert error={activate.error} /> : null}
    </>
  );
}

function DeleteTemplate({ kind, name, onClose }: OfKindProps & { readonly onClose: () => void }) {
  const { pinpoint } = useApi();
  const { path } = useProjectPlace();
  const forget = useForgetTemplates();
  const notices = useNotices();
  const navigate = useNavigateFromHere();
  const remove = useMutation({
    mutationFn: () => kind.remove(pinpoint, name),
    onSuccess: async () => {
      notices.done(`Template ${name} deleted`);
      navigate(path('templates'), { replace: true });
      await forget();
    },
  });
  return (
    <DeleteDialog
      kind="template"
      name={name}
      pending={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    >
      All its versions go, for every project of the account. Campaigns that were set up with it keep what they copied.
    </DeleteDialog>
  );
}

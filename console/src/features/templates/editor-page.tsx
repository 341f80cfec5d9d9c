/** Editing a template, with its preview beside it: a new one of a kind, or another version of one that is there. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { NotFoundPage } from '../../app/error-page.tsx';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { PageButton } from '../../ui/page-button.tsx';
import { brokenField, type Content, type Form, toContent, toForm } from './content.ts';
import { InAppFields } from './in-app/in-app-fields.tsx';
import { inAppFault } from './in-app/message.ts';
import { kindOf, type TemplateField, type TemplateKind } from './kinds.ts';
import { PreviewPanel } from './preview-panel.tsx';
import { useForgetTemplates, useTemplate } from './queries.ts';

const above = [['Templates', 'templates']] as const;

export function NewTemplatePage() {
  const { type = '' } = useParams();
  const kind = kindOf(type);
  if (kind === undefined) return <NotFoundPage />;
  return (
    <ProjectFrame title={`New template: ${kind.title}`} above={above}>
      <Editor key={kind.type} kind={kind} stored={{}} />
    </ProjectFrame>
  );
}

export function EditTemplatePage() {
  const { type = '', name = '' } = useParams();
  const [search] = useSearchParams();
  const kind = kindOf(type);
  const query = useTemplate(kind, name, search.get('version') ?? undefined);
  if (kind === undefined) return <NotFoundPage />;
  return (
    <ProjectFrame title={name} above={above}>
      <Loaded query={query}>{(content) => <Editor kind={kind} name={name} stored={content} />}</Loaded>
    </ProjectFrame>
  );
}

interface EditorProps {
  readonly kind: TemplateKind;
  /** Of one that is there. */
  readonly name?: string;
  readonly stored: Content;
}

function Editor({ kind, name, stored }: EditorProps) {
  const [newName, setNewName] = useState('');
  const [form, setForm] = useState<Form>(() => toForm(stored, kind.fields));
  const broken = brokenField(form);
  const long = kind.fields.find(({ path, longest = Number.POSITIVE_INFINITY }) => (form[path] ?? '').length > longest);
  const content = broken === undefined && long === undefined ? toContent(stored, form) : undefined;
  const isInApp = kind.type === 'INAPP';
  const fault = isInApp ? inAppFault(form) : undefined;
  return (
    <Grid gridDefinition={[{ colspan: { default: 12, s: 7 } }, { colspan: { default: 12, s: 5 } }]}>
      <SpaceBetween size="l">
        <Container>
          <SpaceBetween size="m">
            {name === undefined ? (
              <FormField label="Name" constraintText="Letters, digits, - and _, up to 128. It cannot be changed later.">
                <Input value={newName} onChange={({ detail }) => setNewName(detail.value)} spellcheck={false} />
              </FormField>
            ) : null}
            {isInApp ? (
              <InAppFields form={form} onChange={(changed) => setForm({ ...form, ...changed })} />
            ) : (
              kind.fields.map((field) => (
                <Field
                  key={field.path}
                  field={field}
                  value={form[field.path] ?? ''}
                  broken={broken === field.path}
                  onChange={(value) => setForm({ ...form, [field.path]: value })}
                />
              ))
            )}
          </SpaceBetween>
        </Container>
        <Save kind={kind} name={name ?? newName} isNew={name === undefined} content={content} fault={fault} />
      </SpaceBetween>
      <PreviewPanel type={kind.type} content={content} />
    </Grid>
  );
}

interface FieldProps {
  readonly field: TemplateField;
  readonly value: string;
  readonly broken: boolean;
  readonly onChange: (value: string) => void;
}

function Field({ field, value, broken, onChange }: FieldProps) {
  const { label, hint, rows, choices, longest } = field;
  const tooLong =
    longest !== undefined && value.length > longest
      ? `${label} has more than ${showNumber(longest)} characters: ${showNumber(value.length)}.`
      : undefined;
  return (
    <FormField label={label} constraintText={hint} errorText={broken ? 'This is no JSON.' : tooLong} stretch={rows > 1}>
      {choices !== undefined ? (
        <Select
          selectedOption={value === '' ? null : { value, label: value }}
          options={choices.map((choice) => ({ value: choice, label: choice }))}
          onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
          placeholder="Not set"
          ariaLabel={label}
        />
      ) : rows === 1 ? (
        <Input value={value} onChange={({ detail }) => onChange(detail.value)} />
      ) : (
        <Textarea value={value} rows={rows} onChange={({ detail }) => onChange(detail.value)} spellcheck={false} />
      )}
    </FormField>
  );
}

interface SaveProps {
  readonly kind: TemplateKind;
  readonly name: string;
  readonly isNew: boolean;
  readonly content: Content | undefined;
  /** What the console does not save, though the API might. */
  readonly fault: string | undefined;
}

function Save({ kind, name, isNew, content, fault }: SaveProps) {
  const { pinpoint } = useApi();
  const { path } = useProjectPlace();
  const navigate = useNavigateFromHere();
  const notices = useNotices();
  const forget = useForgetTemplates();
  const save = useMutation({
    mutationFn: (newVersion: boolean) => {
      const saving = { name, content: content ?? {}, newVersion };
      return isNew ? kind.create(pinpoint, saving) : kind.update(pinpoint, saving);
    },
    onSuccess: async () => {
      notices.done(`Template ${name} saved`);
      await forget();
      navigate(path(`templates/${kind.type}/${encodeURIComponent(name)}`));
    },
  });
  const ready = content !== undefined && name !== '' && fault === undefined;
  return (
    <SpaceBetween size="m">
      {save.error ? <ErrorAlert error={save.error} /> : null}
      {fault === undefined ? null : <Box color="text-body-secondary">{fault}</Box>}
      {isNew ? null : (
        <Alert type="info">
          A new version is not active until it is made so; what sends goes on with the active one.
        </Alert>
      )}
      <SpaceBetween direction="horizontal" size="xs">
        <PageButton to={path('templates')} variant="link">
          Cancel
        </PageButton>
        {isNew ? null : (
          <Button disabled={!ready} loading={save.isPending} onClick={() => save.mutate(false)}>
            Change the latest version
          </Button>
        )}
        <Button variant="primary" disabled={!ready} loading={save.isPending} onClick={() => save.mutate(true)}>
          {isNew ? 'Create template' : 'Save as new version'}
        </Button>
      </SpaceBetween>
    </SpaceBetween>
  );
}

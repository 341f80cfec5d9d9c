/** The settings of a project, block by block: shown, and edited in a dialog. */
import type { ApplicationSettingsResource } from '@aws-sdk/client-pinpoint';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import TimeInput from '@cloudscape-design/components/time-input';
import { useState } from 'react';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { useChangeSettings, useSettings } from './queries.ts';
import { type SettingField, type SettingsBlock, settingsBlocks } from './settings-fields.ts';

export function ProjectSettings({ projectId }: { readonly projectId: string }) {
  const { data: settings, error, refetch } = useSettings(projectId);
  if (settings === undefined) return error ? <ErrorAlert error={error} onRetry={() => void refetch()} /> : <Spinner />;
  return (
    <SpaceBetween size="l">
      {settingsBlocks.map((block) => (
        <Block key={block.title} projectId={projectId} block={block} settings={settings} />
      ))}
    </SpaceBetween>
  );
}

interface BlockProps {
  readonly projectId: string;
  readonly block: SettingsBlock;
  readonly settings: ApplicationSettingsResource;
}

function Block({ projectId, block, settings }: BlockProps) {
  const [editing, setEditing] = useState(false);
  const values = block.read(settings);
  const edit = (
    <Button ariaLabel={`Edit ${block.title.toLowerCase()}`} onClick={() => setEditing(true)}>
      Edit
    </Button>
  );
  return (
    <Container
      header={
        <Header variant="h2" description={block.description} actions={edit}>
          {block.title}
        </Header>
      }
    >
      <KeyValuePairs
        columns={block.fields.length === 2 ? 2 : 3}
        items={block.fields.map(({ key, label }) => ({ label, value: values[key] ? values[key] : 'Not set' }))}
      />
      {editing ? (
        <BlockDialog projectId={projectId} block={block} settings={settings} onClose={() => setEditing(false)} />
      ) : null}
    </Container>
  );
}

function BlockDialog({ projectId, block, settings, onClose }: BlockProps & { readonly onClose: () => void }) {
  const [values, setValues] = useState(() => block.read(settings));
  const change = useChangeSettings(projectId);
  const notices = useNotices();
  const submit = () =>
    change.mutate(block.write(values), {
      onSuccess: () => {
        notices.done(`${block.title} saved`);
        onClose();
      },
    });
  return (
    <FormDialog
      title={block.title}
      submitText="Save"
      pending={change.isPending}
      error={change.error}
      onSubmit={submit}
      onClose={onClose}
    >
      {block.fields.map((field) => (
        <FormField
          key={field.key}
          label={
            <>
              {field.label} <i>- optional</i>
            </>
          }
          constraintText={field.hint}
        >
          <SettingInput
            field={field}
            value={values[field.key] ?? ''}
            onChange={(value) => setValues({ ...values, [field.key]: value })}
          />
        </FormField>
      ))}
    </FormDialog>
  );
}

interface SettingInputProps {
  readonly field: SettingField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function SettingInput({ field, value, onChange }: SettingInputProps) {
  if (field.kind === 'time') {
    return (
      <TimeInput
        value={value}
        onChange={({ detail }) => onChange(detail.value)}
        format="hh:mm"
        placeholder="hh:mm"
        ariaLabel={field.label}
      />
    );
  }
  return (
    <Input
      type="number"
      inputMode="numeric"
      value={value}
      onChange={({ detail }) => onChange(detail.value)}
      ariaLabel={field.label}
    />
  );
}

/** Through whom the messages of a channel leave: the project's own provider, the account's, or nobody. */
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProviderResponse } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { fieldsOf } from './provider-fields.ts';
import type { ProvidersInPlay } from './queries.ts';
import { SettingFields } from './setting-fields.tsx';
import { faultOf, type SettingField, toSettings, toTexts } from './settings-form.ts';

export interface ProviderSectionProps {
  readonly type: string;
  readonly providers: ProvidersInPlay;
}

export function ProviderSection({ type, providers }: ProviderSectionProps) {
  const own = providers.ofProject.find(({ ChannelType }) => ChannelType === type);
  const ofAccount = providers.ofAccount.find(({ ChannelType }) => ChannelType === type);
  const [removing, setRemoving] = useState(false);
  const kinds = providers.kinds.filter(({ ChannelTypes }) => ChannelTypes.includes(type)).map(({ Kind }) => Kind);
  const actions = own === undefined ? null : <Button onClick={() => setRemoving(true)}>Remove provider</Button>;
  return (
    <Container
      header={
        <Header variant="h2" actions={actions} description={describe(own, ofAccount)}>
          Provider
        </Header>
      }
    >
      <SpaceBetween size="m">
        {own?.CallbackPath === undefined ? null : (
          <FormField label="Callback" description="Where the provider reports what became of messages.">
            <Copyable label="the callback path" text={`${window.location.origin}${own.CallbackPath}`} />
          </FormField>
        )}
        <ProviderForm key={own?.Version ?? 0} type={type} own={own} kinds={kinds} />
      </SpaceBetween>
      {removing && own !== undefined ? (
        <RemoveProvider type={type} kind={own.Kind} onClose={() => setRemoving(false)} />
      ) : null}
    </Container>
  );
}

function describe(own: ProviderResponse | undefined, ofAccount: ProviderResponse | undefined): string {
  if (own !== undefined) return `The project has its own: ${own.Kind}.`;
  if (ofAccount !== undefined) return `The project uses that of the account: ${ofAccount.Kind}.`;
  return 'None is set: messages go through that of the deployment, or to the outbox.';
}

interface ProviderFormProps {
  readonly type: string;
  readonly own: ProviderResponse | undefined;
  readonly kinds: readonly string[];
}

/** For kinds that this console does not know. */
const asJson: readonly SettingField[] = [{ name: 'Settings', label: 'Settings', rows: 10, kind: 'json' }];

function ProviderForm({ type, own, kinds }: ProviderFormProps) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const notices = useNotices();
  const [kind, setKind] = useState(own?.Kind ?? '');
  const known = fieldsOf(kind);
  const fields = known ?? asJson;
  const shown = (name: string) => (own?.Kind === name ? own.Settings : {});
  const textsFor = (name: string) => {
    const of = fieldsOf(name);
    return of === undefined ? toTexts({ Settings: shown(name) }, asJson) : toTexts(shown(name), of);
  };
  const [texts, setTexts] = useState(() => textsFor(kind));
  const save = useMutation({
    mutationFn: () => {
      const settings = toSettings(texts, fields);
      const Settings = known === undefined ? (settings['Settings'] as Record<string, unknown>) : settings;
      return repoint.send('UpdateProjectProvider', {
        ...{ ApplicationId: projectId, ChannelType: type },
        WriteProviderRequest: { Kind: kind, ...(Settings !== undefined && { Settings }) },
      });
    },
    onSuccess: () => {
      notices.done(`Provider ${kind} saved`);
      return cache.invalidateQueries({ queryKey: [...scope, 'providers', projectId] });
    },
  });
  const fault = kind === '' ? 'Choose a kind.' : faultOf(texts, fields);
  return (
    <SpaceBetween size="m">
      <FormField label="Kind">
        <Select
          selectedOption={kind === '' ? null : { value: kind, label: kind }}
          options={kinds.map((name) => ({ value: name, label: name }))}
          onChange={({ detail }) => {
            setKind(detail.selectedOption.value ?? '');
            setTexts(textsFor(detail.selectedOption.value ?? ''));
          }}
          placeholder="Choose a kind"
          ariaLabel="Kind of provider"
        />
      </FormField>
      {kind === '' ? null : <SettingFields fields={fields} texts={texts} onChange={setTexts} />}
      {own !== undefined && fields.some(({ secret }) => secret) ? (
        <Alert type="info">Saving replaces all settings: type secrets again.</Alert>
      ) : null}
      {save.error ? <ErrorAlert error={save.error} /> : null}
      <Button
        disabled={fault !== undefined}
        disabledReason={fault}
        loading={save.isPending}
        onClick={() => save.mutate()}
      >
        Save provider
      </Button>
    </SpaceBetween>
  );
}

interface RemoveProviderProps {
  readonly type: string;
  readonly kind: string;
  readonly onClose: () => void;
}

function RemoveProvider({ type, kind, onClose }: RemoveProviderProps) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const notices = useNotices();
  const remove = useMutation({
    mutationFn: () => repoint.send('DeleteProjectProvider', { ApplicationId: projectId, ChannelType: type }),
    onSuccess: () => {
      notices.done('Provider removed');
      onClose();
      return cache.invalidateQueries({ queryKey: [...scope, 'providers', projectId] });
    },
  });
  return (
    <DeleteDialog
      kind="provider"
      name={kind}
      pending={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    >
      Its settings and secrets go. Messages go through the account's provider from then on, or to the outbox.
    </DeleteDialog>
  );
}

/** One channel: what it is told, whether it is on, its provider, and a test. */
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { NotFoundPage } from '../../app/error-page.tsx';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { PageButton } from '../../ui/page-button.tsx';
import { State } from './channels-page.tsx';
import { type ChannelKind, channelKinds } from './kinds.ts';
import { ProviderSection } from './provider-section.tsx';
import { type Channels, useChannelMembers, useChannels, useProviders } from './queries.ts';
import { SettingFields } from './setting-fields.tsx';
import { faultOf, toSettings, toTexts } from './settings-form.ts';

const above = [['Channels', 'channels']] as const;

export function ChannelPage() {
  const { channel = '' } = useParams();
  const kind = channelKinds.find(({ id }) => id === channel);
  if (kind === undefined) return <NotFoundPage />;
  return <OfKind key={kind.id} kind={kind} />;
}

function OfKind({ kind }: { readonly kind: ChannelKind }) {
  const { path } = useProjectPlace();
  const channels = useChannels();
  const providers = useProviders();
  const actions =
    kind.test === undefined ? null : (
      <PageButton to={path(`test-messages?type=${kind.test}`)}>Send a test message</PageButton>
    );
  return (
    <ProjectFrame title={kind.title} above={above} actions={actions}>
      <SpaceBetween size="l">
        <Loaded query={channels}>
          {(found) => (kind.save === undefined ? null : <StoredSettings kind={kind} channel={found[kind.type]} />)}
        </Loaded>
        <Loaded query={providers}>{(found) => <ProviderSection type={kind.type} providers={found} />}</Loaded>
      </SpaceBetween>
    </ProjectFrame>
  );
}

interface SettingsProps {
  readonly kind: ChannelKind;
  readonly channel: Channels[string] | undefined;
}

function StoredSettings({ kind, channel }: SettingsProps) {
  const members = useChannelMembers(kind, channel);
  return (
    <Loaded query={members}>
      {(stored) => <Settings key={channel?.Version ?? 0} kind={kind} channel={channel} stored={stored} />}
    </Loaded>
  );
}

function Settings({ kind, channel, stored }: SettingsProps & { readonly stored: object }) {
  const { pinpoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const notices = useNotices();
  const [texts, setTexts] = useState(() => toTexts({ ...stored }, kind.fields));
  const [enabled, setEnabled] = useState(channel?.Enabled ?? true);
  const [removing, setRemoving] = useState(false);
  const refresh = () => cache.invalidateQueries({ queryKey: [...scope, 'channels', projectId] });
  const save = useMutation({
    mutationFn: async () => {
      await kind.save?.(pinpoint, projectId, { ...toSettings(texts, kind.fields), Enabled: enabled });
    },
    onSuccess: () => {
      notices.done(`${kind.title} saved`);
      return refresh();
    },
  });
  const remove = useMutation({
    mutationFn: async () => {
      await kind.remove?.(pinpoint, projectId);
    },
    onSuccess: () => {
      notices.done(`${kind.title} removed`);
      setRemoving(false);
      return refresh();
    },
  });
  // What is secret is kept by the server: it is needed the first time only.
  const needed = kind.fields.filter(({ secret }) => !(secret && channel !== undefined));
  const fault = faultOf(texts, needed);
  const actions = channel === undefined ? null : <Button onClick={() => setRemoving(true)}>Remove</Button>;
  return (
    <Container
      header={
        <Header variant="h2" actions={actions} description={<State channel={channel} hasSettings />}>
          Channel
        </Header>
      }
    >
      <SpaceBetween size="m">
        <SettingFields fields={kind.fields} texts={texts} onChange={setTexts} />
        <Toggle checked={enabled} onChange={({ detail }) => setEnabled(detail.checked)}>
          Messages are sent over this channel
        </Toggle>
        {save.error ? <ErrorAlert error={save.error} /> : null}
        <Button
          variant="primary"
          disabled={fault !== undefined}
          disabledReason={fault}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          Save channel
        </Button>
        {channel?.Enabled === false ? <Alert type="info">The channel is off: nothing is sent over it.</Alert> : null}
      </SpaceBetween>
      {removing ? (
        <DeleteDialog
          kind="channel"
          name={kind.type}
          pending={remove.isPending}
          error={remove.error}
          onDelete={() => remove.mutate()}
          onClose={() => setRemoving(false)}
        >
          Its settings and secrets go, and nothing is sent over it until it is set up again.
        </DeleteDialog>
      ) : null}
    </Container>
  );
}

/** OpenDSR 2.0: the project as a processor that takes requests of a controller, signed and with callbacks. */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { OpenDsrSettingsResponse } from '../../../../server/src/contract/repoint-types.ts';
import { ApiError } from '../../api/errors.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { ShownOnce } from '../../ui/shown-once.tsx';
import { Time } from '../../ui/time.tsx';
import { EndDialog } from './end-dialog.tsx';

export function OpenDsrSection() {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const [setting, setSetting] = useState(false);
  const [ending, setEnding] = useState(false);
  const query = useQuery({
    queryKey: [...scope, 'open-dsr', projectId],
    queryFn: async (): Promise<OpenDsrSettingsResponse | null> => {
      try {
        return await repoint.send('GetOpenDsrSettings', { ApplicationId: projectId });
      } catch (error) {
        // Not set up: nothing of it answers.
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
  });
  const actions = (
    <SpaceBetween direction="horizontal" size="xs">
      {query.data ? <Button onClick={() => setEnding(true)}>End OpenDSR</Button> : null}
      <Button onClick={() => setSetting(true)}>{query.data ? 'Renew' : 'Set up OpenDSR'}</Button>
    </SpaceBetween>
  );
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="A controller sends requests of its people in this form, and is called back."
          actions={actions}
        >
          OpenDSR 2.0
        </Header>
      }
    >
      <Loaded query={query}>
        {(settings) =>
          settings === null ? (
            <Box color="text-body-secondary">Not set up: nothing of it answers.</Box>
          ) : (
            <KeyValuePairs
              columns={2}
              items={[
                {
                  label: 'Address for the controller',
                  value: <Copyable label="the address" text={settings.BaseUrl} />,
                },
                { label: 'Domain', value: settings.Domain },
                { label: 'Controller ID', value: settings.ControllerId },
                { label: 'Changed', value: <Time value={settings.LastModifiedDate} /> },
              ]}
            />
          )
        }
      </Loaded>
      {setting ? <SetUp onClose={() => setSetting(false)} /> : null}
      {ending ? <EndOpenDsr onClose={() => setEnding(false)} /> : null}
    </Container>
  );
}

function SetUp({ onClose }: { readonly onClose: () => void }) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const [form, setForm] = useState({ Domain: window.location.hostname, Certificate: '', PrivateKey: '' });
  const save = useMutation({
    mutationFn: () =>
      repoint.send('UpdateOpenDsrSettings', { ApplicationId: projectId, UpdateOpenDsrSettingsRequest: form }),
    gcTime: 0,
    onSuccess: () => cache.invalidateQueries({ queryKey: [...scope, 'open-dsr', projectId] }),
  });
  const key = save.data?.BearerKey;
  if (key !== undefined) {
    return (
      <ShownOnce title="The key of the controller" secret={key} onClose={onClose}>
        The controller signs in with it.
      </ShownOnce>
    );
  }
  return (
    <FormDialog
      title="Set up OpenDSR"
      submitText="Save"
      size="large"
      submitDisabled={form.Domain === '' || form.Certificate === '' || form.PrivateKey === ''}
      pending={save.isPending}
      error={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <FormField label="Domain" constraintText="That of REPOINT_PUBLIC_URL, and of the certificate.">
        <Input
          value={form.Domain}
          onChange={({ detail }) => setForm({ ...form, Domain: detail.value.trim() })}
          ariaLabel="Domain"
        />
      </FormField>
      <FormField
        label="Certificate"
        constraintText="PEM, issued by an authority for the domain; the chain may stand behind it."
      >
        <Textarea
          value={form.Certificate}
          onChange={({ detail }) => setForm({ ...form, Certificate: detail.value })}
          ariaLabel="Certificate"
          spellcheck={false}
        />
      </FormField>
      <FormField label="Private key" constraintText="PEM, RSA. It is sealed, and never shown again.">
        <Textarea
          value={form.PrivateKey}
          onChange={({ detail }) => setForm({ ...form, PrivateKey: detail.value })}
          ariaLabel="Private key"
          spellcheck={false}
          autoComplete={false}
        />
      </FormField>
    </FormDialog>
  );
}

function EndOpenDsr({ onClose }: { readonly onClose: () => void }) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  return (
    <EndDialog
      kind="settings"
      name="OpenDSR"
      send={() => repoint.send('DeleteOpenDsrSettings', { ApplicationId: projectId })}
      said="OpenDSR does not answer any more"
      list="open-dsr"
      onClose={onClose}
    >
      Nothing of OpenDSR answers any more. What was asked for goes on.
    </EndDialog>
  );
}

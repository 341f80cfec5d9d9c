/** What deletions of Pinpoint's API do in this project, and how long a request waits. */
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ErasureSettings } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useNotices } from '../../ui/notices.tsx';

export function ErasureSettingsSection() {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const query = useQuery({
    queryKey: [...scope, 'erasure-settings', projectId],
    queryFn: () => repoint.send('GetErasureSettings', { ApplicationId: projectId }),
  });
  return <Loaded query={query}>{(settings) => <SettingsForm stored={settings} />}</Loaded>;
}

function SettingsForm({ stored }: { readonly stored: ErasureSettings }) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const notices = useNotices();
  const [settings, setSettings] = useState(stored);
  const [days, setDays] = useState(String(stored.WaitingDays));
  const save = useMutation({
    mutationFn: () =>
      repoint.send('UpdateErasureSettings', {
        ApplicationId: projectId,
        UpdateErasureSettingsRequest: { ...settings, WaitingDays: Number(days) },
      }),
    onSuccess: () => {
      notices.done('Erasure settings saved');
      return cache.invalidateQueries({ queryKey: [...scope, 'erasure-settings', projectId] });
    },
  });
  const daysFault = /^[0-7]$/.test(days) ? undefined : 'A number from 0 to 7.';
  return (
    <Container header={<Header variant="h2">Erasure settings</Header>}>
      <SpaceBetween size="m">
        <Checkbox
          checked={settings.FullErasure}
          description="DeleteEndpoint and DeleteUserEndpoints erase everything of the person. Otherwise events, messages and the log of sends stay, as they did in Pinpoint."
          onChange={({ detail }) => setSettings({ ...settings, FullErasure: detail.checked })}
        >
          A deletion is a whole erasure
        </Checkbox>
        <Checkbox
          checked={settings.EraseRemovedAttributes}
          description="RemoveAttributes takes stored values away too, from endpoints, users and segments."
          onChange={({ detail }) => setSettings({ ...settings, EraseRemovedAttributes: detail.checked })}
        >
          Removed attributes are erased
        </Checkbox>
        <FormField
          label="Days a request waits"
          description="It can be taken back that long. A request may say otherwise; deletions never wait."
          constraintText="0 to 7."
          errorText={daysFault}
        >
          <Input
            value={days}
            onChange={({ detail }) => setDays(detail.value.trim())}
            inputMode="numeric"
            ariaLabel="Days a request waits"
          />
        </FormField>
        {save.error ? <ErrorAlert error={save.error} /> : null}
        <Button
          variant="primary"
          disabled={daysFault !== undefined}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          Save settings
        </Button>
      </SpaceBetween>
    </Container>
  );
}

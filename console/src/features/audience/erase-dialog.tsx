/** Erasing a person: first what is held of them, then the id typed, then the request whose progress has a page. */
import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { TypedName } from '../../ui/typed-name.tsx';
import { Held } from '../privacy/held.tsx';
import { type ErasureMode, erasingModes } from '../privacy/modes.ts';
import { areWaitingDays, toWaitingDays, WaitingDays } from '../privacy/waiting-days.tsx';

export function EraseDialog({ endpointId, onClose }: { readonly endpointId: string; readonly onClose: () => void }) {
  const { repoint, scope } = useApi();
  const { projectId, path } = useProjectPlace();
  const navigate = useNavigateFromHere();
  const [mode, setMode] = useState<ErasureMode>('ERASE');
  const [days, setDays] = useState('');
  const [typed, setTyped] = useState('');
  const Identities = [{ Type: 'ENDPOINT_ID', Value: endpointId }] as const;
  const preview = useQuery({
    queryKey: [...scope, 'erasure-preview', projectId, endpointId],
    queryFn: () => repoint.send('PreviewErasure', { ApplicationId: projectId, ErasureIdentities: { Identities } }),
    gcTime: 0,
  });
  const erase = useMutation({
    mutationFn: () =>
      repoint.send('CreateErasureRequest', {
        ApplicationId: projectId,
        CreateErasureRequestRequest: { Identities, Mode: mode, ...toWaitingDays(days) },
      }),
    onSuccess: ({ Id }) => navigate(path(`erasures/${encodeURIComponent(Id)}`)),
  });
  return (
    <FormDialog
      title="Erase this person"
      submitText="Erase"
      size="large"
      submitDisabled={typed !== endpointId || preview.data === undefined || !areWaitingDays(days)}
      pending={erase.isPending}
      error={erase.error}
      onSubmit={() => erase.mutate()}
      onClose={onClose}
    >
      <Alert type="warning">
        Erasure reaches the database, files of imports and exports, and messages that wait. Once it has begun it cannot
        be taken back.
      </Alert>
      <Loaded query={preview}>{(data) => <Held preview={data} />}</Loaded>
      <FormField label="How">
        <RadioGroup
          value={mode}
          items={erasingModes.map((each) => ({ ...each }))}
          onChange={({ detail }) => setMode(detail.value as ErasureMode)}
        />
      </FormField>
      <WaitingDays days={days} onChange={setDays} />
      <TypedName name={endpointId} label="Endpoint ID" typed={typed} onChange={setTyped} />
    </FormDialog>
  );
}

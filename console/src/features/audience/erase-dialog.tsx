/** Erasing a person: first what is held of them, then the id typed, then the request whose progress has a page. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { CreateErasureRequestRequest, ErasurePreview } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Facts } from '../../ui/facts.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { showNumber } from '../../ui/numbers.ts';

type Mode = NonNullable<CreateErasureRequestRequest['Mode']>;

const modes: readonly { readonly value: Mode; readonly label: string; readonly description: string }[] = [
  { value: 'ERASE', label: 'Erase', description: 'Everything goes. The person may come back by an import or an app.' },
  {
    value: 'ERASE_AND_SUPPRESS',
    label: 'Erase and keep away',
    description: 'Everything goes, and these identities are refused from then on.',
  },
  { value: 'ANONYMISE', label: 'Anonymise', description: 'Counts stay; nothing in them leads to the person.' },
];

export function EraseDialog({ endpointId, onClose }: { readonly endpointId: string; readonly onClose: () => void }) {
  const { repoint, scope } = useApi();
  const { projectId, path } = useProjectPlace();
  const navigate = useNavigate();
  const [mode, setMode] = useState<Mode>('ERASE');
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
        CreateErasureRequestRequest: { Identities, Mode: mode },
      }),
    onSuccess: ({ Id }) => void navigate(path(`erasures/${encodeURIComponent(Id)}`)),
  });
  const label = (
    <>
      To confirm, type <Box variant="code">{endpointId}</Box>
    </>
  );
  return (
    <FormDialog
      title="Erase this person"
      submitText="Erase"
      size="large"
      submitDisabled={typed !== endpointId || preview.data === undefined}
      pending={erase.isPending}
      error={erase.error}
      onSubmit={() => erase.mutate()}
      onClose={onClose}
    >
      <Alert type="warning">
        Erasure reaches the database, files of imports and exports, and messages that wait. It cannot be undone.
      </Alert>
      <Loaded query={preview}>{(data) => <Held preview={data} />}</Loaded>
      <FormField label="How">
        <RadioGroup
          value={mode}
          items={modes.map((each) => ({ ...each }))}
          onChange={({ detail }) => setMode(detail.value as Mode)}
        />
      </FormField>
      <FormField label={label}>
        <Input
          value={typed}
          onChange={({ detail }) => setTyped(detail.value)}
          ariaLabel="Endpoint ID"
          autoComplete={false}
          spellcheck={false}
        />
      </FormField>
    </FormDialog>
  );
}

function Held({ preview }: { readonly preview: ErasurePreview }) {
  const found = preview.Locations.filter(({ Found }) => Found > 0);
  return (
    <>
      <Facts
        title="What is held"
        columns={4}
        facts={[
          { label: 'Endpoints', value: showNumber(preview.Endpoints) },
          { label: 'Users', value: showNumber(preview.Users) },
          { label: 'Addresses', value: showNumber(preview.Addresses) },
          { label: 'Shared with other people', value: showNumber(preview.SharedWith) },
          ...found.map(({ Name, Found }) => ({ label: Name, value: showNumber(Found) })),
        ]}
      />
      {preview.Held.length === 0 ? null : (
        <Alert type="info" header="Some of it is held">
          {preview.Held.map(({ Reason }) => Reason).join('; ')}
        </Alert>
      )}
    </>
  );
}

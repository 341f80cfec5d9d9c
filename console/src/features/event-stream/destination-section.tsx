/** The destination of the stream: which kind, and what it is told. */
import { PutEventStreamCommand } from '@aws-sdk/client-pinpoint';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { EventStreamDestination } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { SettingFields } from '../channels/setting-fields.tsx';
import { faultOf, type SettingTexts, toSettings } from '../channels/settings-form.ts';
import {
  type DestinationForm,
  destinationForms,
  formOf,
  neededFields,
  newSigningSecret,
  textsOf,
} from './destination-kinds.ts';
import { useStreamKey } from './queries.ts';

const secretName = 'Webhook.Secret';

export function DestinationSection({ destination }: { readonly destination: EventStreamDestination | null }) {
  const [form, setForm] = useState(() => formOf(destination?.Kind ?? 'WEBHOOK'));
  const [texts, setTexts] = useState(() => textsOf(form, destination));
  const save = useSave(form);
  const fault = faultOf(texts, neededFields(form, destination)) ?? faultOf(texts, form.fields.filter(isOptional));
  const choose = (chosen: DestinationForm) => {
    setForm(chosen);
    setTexts(textsOf(chosen, destination));
  };
  const description =
    destination === null ? 'A first record tells whoever reads that the way is open.' : 'Another one takes its place.';
  return (
    <Container
      header={
        <Header variant="h2" description={description}>
          Destination
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField label="Kind" description={form.about}>
          <Select
            selectedOption={{ value: form.kind, label: form.title }}
            options={destinationForms.map(({ kind, title }) => ({ value: kind, label: title }))}
            onChange={({ detail }) => {
              const chosen = destinationForms.find(({ kind }) => kind === detail.selectedOption.value);
              if (chosen !== undefined) choose(chosen);
            }}
          />
        </FormField>
        <SettingFields key={form.kind} fields={form.fields} texts={texts} onChange={setTexts} />
        {form.kind === 'WEBHOOK' ? (
          <SigningSecret
            secret={texts[secretName] ?? ''}
            onMake={(secret) => setTexts({ ...texts, [secretName]: secret })}
          />
        ) : null}
        {save.error ? <ErrorAlert error={save.error} /> : null}
        <Button
          variant="primary"
          disabled={fault !== undefined}
          disabledReason={fault}
          loading={save.isPending}
          onClick={() => save.mutate(texts)}
        >
          {destination === null ? 'Begin the stream' : 'Save destination'}
        </Button>
      </SpaceBetween>
    </Container>
  );
}

function isOptional({ required }: { readonly required?: boolean }): boolean {
  return required !== true;
}

interface SigningSecretProps {
  readonly secret: string;
  readonly onMake: (secret: string) => void;
}

/** The receiver needs it as well: it can be copied until it is saved. */
function SigningSecret({ secret, onMake }: SigningSecretProps) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button onClick={() => onMake(newSigningSecret())}>Make a secret</Button>
      {secret === '' ? null : (
        <CopyToClipboard
          copyButtonText="Copy the secret"
          copySuccessText="Copied"
          copyErrorText="This browser did not allow copying"
          textToCopy={secret}
        />
      )}
    </SpaceBetween>
  );
}

function useSave(form: DestinationForm) {
  const { repoint, pinpoint } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const notices = useNotices();
  const queryKey = useStreamKey();
  return useMutation({
    mutationFn: async (texts: SettingTexts) => {
      const settings = toSettings(texts, form.fields);
      if (form.kind === 'KINESIS' || form.kind === 'FIREHOSE') {
        const { DestinationStreamArn, RoleArn } = texts;
        const WriteEventStream = { DestinationStreamArn, RoleArn };
        await pinpoint.send(new PutEventStreamCommand({ ApplicationId: projectId, WriteEventStream }));
      } else {
        const question = { ApplicationId: projectId, WriteEventStreamDestinationRequest: settings };
        await repoint.send('UpdateEventStreamDestination', question);
      }
    },
    onSuccess: async () => {
      notices.done(`Events are streamed to: ${form.title}`);
      await cache.invalidateQueries({ queryKey });
    },
  });
}

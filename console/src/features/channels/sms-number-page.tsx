/** One number: its answers, where its messages are published, and its keywords. */
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { SmsNumberResponse } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { SettingFields } from './setting-fields.tsx';
import { type SettingField, toSettings, toTexts } from './settings-form.ts';
import { SmsKeywords } from './sms-keywords.tsx';

const parents = [{ text: 'SMS numbers', path: '/sms-numbers' }];

const fields: readonly SettingField[] = [
  { name: 'HelpText', label: 'Answer to HELP', rows: 2 },
  { name: 'StopText', label: 'Answer to STOP', rows: 2 },
  { name: 'StartText', label: 'Answer to START', rows: 2 },
  { name: 'ProjectId', label: 'Project', hint: 'ID of the project whose endpoints opt out and in.' },
  { name: 'TopicArn', label: 'SNS topic', hint: 'Each message is published to it.' },
  { name: 'WebhookUrl', label: 'Webhook', hint: 'Each message is posted to it, signed as Standard Webhooks says.' },
  { name: 'WebhookSecret', label: 'Secret of the webhook', secret: true },
  {
    ...{ name: 'SelfManagedOptOuts', label: 'You manage opt-outs yourself', kind: 'flag', choices: ['true', 'false'] },
  },
];

export function SmsNumberPage() {
  const { number = '' } = useParams();
  const { repoint, scope } = useApi();
  const query = useQuery({
    queryKey: [...scope, 'sms-numbers', 'one', number],
    queryFn: () => repoint.send('GetSmsNumber', { Number: number }),
  });
  return (
    <Page title={number} parents={parents}>
      <Loaded query={query}>
        {(settings) => (
          <SpaceBetween size="l">
            <Settings key={settings.LastModifiedDate} settings={settings} />
            <SmsKeywords number={number} />
          </SpaceBetween>
        )}
      </Loaded>
    </Page>
  );
}

function Settings({ settings }: { readonly settings: SmsNumberResponse }) {
  const { repoint, scope } = useApi();
  const cache = useQueryClient();
  const notices = useNotices();
  const [texts, setTexts] = useState(() => toTexts({ ...settings }, fields));
  const save = useMutation({
    mutationFn: () =>
      repoint.send('UpdateSmsNumber', { Number: settings.Number, WriteSmsNumberRequest: toSettings(texts, fields) }),
    onSuccess: () => {
      notices.done(`Settings of ${settings.Number} saved`);
      return cache.invalidateQueries({ queryKey: [...scope, 'sms-numbers'] });
    },
  });
  return (
    <Container header={<Header variant="h2">Settings</Header>}>
      <SpaceBetween size="m">
        <SettingFields fields={fields} texts={texts} onChange={setTexts} />
        {save.error ? <ErrorAlert error={save.error} /> : null}
        <Button variant="primary" loading={save.isPending} onClick={() => save.mutate()}>
          Save settings
        </Button>
      </SpaceBetween>
    </Container>
  );
}

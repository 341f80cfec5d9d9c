/** Sending a test message over any channel, from a template or written here, and what became of it. */
import { ListTemplatesCommand, SendMessagesCommand } from '@aws-sdk/client-pinpoint';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { emptyMessage, faultOf, pushServices, type TestChannel, type TestMessage, toRequest } from './test-message.ts';
import { TestResults } from './test-results.tsx';

const channels: readonly { readonly id: TestChannel; readonly text: string }[] = [
  { id: 'EMAIL', text: 'E-mail' },
  { id: 'SMS', text: 'SMS' },
  { id: 'PUSH', text: 'Push' },
  { id: 'VOICE', text: 'Voice' },
];

export function TestMessagesPage() {
  const { pinpoint } = useApi();
  const { projectId } = useProjectPlace();
  const [search] = useSearchParams();
  const [message, setMessage] = useState<TestMessage>(() => {
    const channel = channels.find(({ id }) => id === search.get('type'))?.id ?? 'EMAIL';
    return { ...emptyMessage, channel, template: search.get('template') ?? '' };
  });
  const send = useMutation({
    mutationFn: async () => {
      const answer = await pinpoint.send(
        new SendMessagesCommand({ ApplicationId: projectId, MessageRequest: toRequest(message) }),
      );
      if (answer.MessageResponse === undefined) throw new Error('The server answered without a result');
      return answer.MessageResponse;
    },
    gcTime: 0,
  });
  const fault = faultOf(message);
  return (
    <ProjectFrame
      title="Test messaging"
      description="To a few people at once. A channel without a provider writes to the outbox instead of sending."
    >
      <SpaceBetween size="l">
        <Container>
          <SpaceBetween size="l">
            <FormField label="Channel">
              <RadioGroup
                direction="horizontal"
                value={message.channel}
                items={channels.map(({ id, text }) => ({ value: id, label: text }))}
                onChange={({ detail }) =>
                  setMessage({ ...message, channel: detail.value as TestChannel, template: '' })
                }
              />
            </FormField>
            <Recipients message={message} onChange={setMessage} />
            <Content message={message} onChange={setMessage} />
            {send.error ? <ErrorAlert error={send.error} /> : null}
            <SpaceBetween direction="horizontal" size="s">
              <Button
                variant="primary"
                disabled={fault !== undefined}
                disabledReason={fault}
                loading={send.isPending}
                onClick={() => send.mutate()}
              >
                Send message
              </Button>
            </SpaceBetween>
          </SpaceBetween>
        </Container>
        {send.data === undefined ? null : <TestResults response={send.data} />}
      </SpaceBetween>
    </ProjectFrame>
  );
}

interface PartProps {
  readonly message: TestMessage;
  readonly onChange: (message: TestMessage) => void;
}

function Recipients({ message, onChange }: PartProps) {
  return (
    <SpaceBetween size="l">
      <FormField label="To">
        <RadioGroup
          direction="horizontal"
          value={message.to}
          items={[
            { value: 'addresses', label: 'Addresses' },
            { value: 'endpoints', label: 'Endpoint IDs' },
          ]}
          onChange={({ detail }) => onChange({ ...message, to: detail.value as TestMessage['to'] })}
        />
      </FormField>
      {message.channel === 'PUSH' && message.to === 'addresses' ? (
        <FormField label="Push service">
          <Select
            selectedOption={{ value: message.pushService, label: message.pushService }}
            options={pushServices.map((value) => ({ value, label: value }))}
            onChange={({ detail }) => onChange({ ...message, pushService: detail.selectedOption.value ?? 'GCM' })}
            ariaLabel="Push service"
          />
        </FormField>
      ) : null}
      <FormField label="Recipients" constraintText="Up to 15, with commas or lines between them.">
        <Textarea
          rows={2}
          value={message.recipients}
          onChange={({ detail }) => onChange({ ...message, recipients: detail.value })}
          placeholder={message.to === 'endpoints' ? 'endpoint-1, endpoint-2' : placeholders[message.channel]}
          spellcheck={false}
          autoComplete={false}
        />
      </FormField>
    </SpaceBetween>
  );
}

const placeholders: Record<TestChannel, string> = {
  EMAIL: 'ana@example.com, ben@example.com',
  SMS: '+351910000001',
  VOICE: '+351910000001',
  PUSH: 'Device token',
};

function Content({ message, onChange }: PartProps) {
  const { pinpoint, scope } = useApi();
  const { data = [], isPending } = useQuery({
    queryKey: [...scope, 'templates', 'some', message.channel],
    queryFn: async () => {
      const answer = await pinpoint.send(new ListTemplatesCommand({ TemplateType: message.channel, PageSize: '500' }));
      return (answer.TemplatesResponse?.Item ?? []).map(({ TemplateName = '' }) => TemplateName);
    },
  });
  const own = { value: '', label: 'None: write it here' };
  const options = [own, ...data.map((name) => ({ value: name, label: name }))];
  return (
    <SpaceBetween size="l">
      <FormField label="Template">
        <Select
          selectedOption={options.find(({ value }) => value === message.template) ?? own}
          options={options}
          onChange={({ detail }) => onChange({ ...message, template: detail.selectedOption.value ?? '' })}
          statusType={isPending ? 'loading' : 'finished'}
          filteringType="auto"
          ariaLabel="Template"
        />
      </FormField>
      {message.template === '' ? (
        <Written message={message} onChange={onChange} />
      ) : (
        <Alert type="info">The active version of the template is sent, with the values of each endpoint.</Alert>
      )}
    </SpaceBetween>
  );
}

function Written({ message, onChange }: PartProps) {
  const titled = message.channel === 'EMAIL' || message.channel === 'PUSH';
  return (
    <SpaceBetween size="l">
      {titled ? (
        <FormField label={message.channel === 'EMAIL' ? 'Subject' : 'Title'}>
          <Input value={message.subject} onChange={({ detail }) => onChange({ ...message, subject: detail.value })} />
        </FormField>
      ) : null}
      {message.channel === 'EMAIL' ? (
        <FormField label="HTML" stretch>
          <Textarea
            rows={8}
            value={message.html}
            onChange={({ detail }) => onChange({ ...message, html: detail.value })}
            spellcheck={false}
          />
        </FormField>
      ) : null}
      <FormField label={message.channel === 'EMAIL' ? 'Plain text' : 'Text'}>
        <Textarea
          rows={4}
          value={message.text}
          onChange={({ detail }) => onChange({ ...message, text: detail.value })}
        />
      </FormField>
    </SpaceBetween>
  );
}

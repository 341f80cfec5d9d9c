/** A template as a real endpoint would receive it, while it is edited. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { RenderedText, TemplatePreview } from '../../../../server/src/contract/repoint-types.ts';
import { useDebounced } from '../../ui/debounced.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { MessageFrame } from '../../ui/message-frame.tsx';
import { Source } from '../../ui/source.tsx';
import type { Content } from './content.ts';
import { InAppPreview } from './in-app/preview.tsx';
import type { TemplateType } from './kinds.ts';
import './preview-panel.css';
import { type PreviewQuestion, useTemplatePreview } from './queries.ts';

export interface PreviewPanelProps {
  readonly type: TemplateType;
  /** Undefined while it cannot be read. */
  readonly content: Content | undefined;
}

export function PreviewPanel({ type, content }: PreviewPanelProps) {
  const [endpointId, setEndpointId] = useState('');
  const question = useDebounced(JSON.stringify(questionOf(type, content, endpointId.trim())) ?? '', 350);
  const { data, error } = useTemplatePreview(question === '' ? undefined : (JSON.parse(question) as PreviewQuestion));
  return (
    <div className="preview-panel">
      <Container header={<Header variant="h2">Preview</Header>}>
        <SpaceBetween size="m">
          {type === 'INAPP' ? (
            <InAppPreview content={content} />
          ) : (
            <FormField label="As this endpoint receives it" description="Empty: with the default values only.">
              <Input
                value={endpointId}
                onChange={({ detail }) => setEndpointId(detail.value)}
                placeholder="Endpoint ID"
                autoComplete={false}
                spellcheck={false}
              />
            </FormField>
          )}
          {error ? <ErrorAlert error={error} /> : null}
          {data === undefined || error ? null : <Rendered preview={data} />}
        </SpaceBetween>
      </Container>
    </div>
  );
}

function questionOf(type: TemplateType, content: Content | undefined, endpointId: string): PreviewQuestion | undefined {
  if (content === undefined || type === 'INAPP') return undefined;
  const member = { EMAIL: 'Email', SMS: 'Sms', PUSH: 'Push', VOICE: 'Voice' }[type];
  return { TemplateType: type, [member]: content, ...(endpointId !== '' && { EndpointId: endpointId }) };
}

function Rendered({ preview }: { readonly preview: TemplatePreview }) {
  const { Texts, Missing, Warnings } = preview;
  return (
    <SpaceBetween size="m">
      {Missing.length === 0 ? null : (
        <Alert type="warning" header="Variables without a value">
          {Missing.join(', ')}
        </Alert>
      )}
      {Warnings.length === 0 ? null : <Alert type="info">{Warnings.join(' ')}</Alert>}
      {Texts.length === 0 ? <Box color="text-body-secondary">There is nothing to show yet.</Box> : null}
      {Texts.map((text) => (
        <Part key={text.Member} text={text} />
      ))}
    </SpaceBetween>
  );
}

function Part({ text: { Member, Text } }: { readonly text: RenderedText }) {
  return (
    <div>
      <Box variant="awsui-key-label">{Member}</Box>
      {Member === 'HtmlPart' ? (
        <MessageFrame html={Text} title="HTML of the message" />
      ) : (
        <Source text={Text} label={`${Member} in the preview`} />
      )}
    </div>
  );
}

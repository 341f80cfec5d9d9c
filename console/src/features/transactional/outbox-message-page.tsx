/** One message of the outbox, as it would have left: rendered, its headers, its source. */
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs, { type TabsProps } from '@cloudscape-design/components/tabs';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { OutboxEmail, OutboxMessageResponse } from '../../../../server/src/contract/repoint-types.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { MessageFrame } from '../../ui/message-frame.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { Source } from '../../ui/source.tsx';
import { Time } from '../../ui/time.tsx';

const above = [['Outbox', 'outbox']] as const;

export function OutboxMessagePage() {
  const { messageId = '' } = useParams();
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const query = useQuery({
    queryKey: [...scope, 'outbox-message', projectId, messageId],
    queryFn: () => repoint.send('GetOutboxMessage', { ApplicationId: projectId, MessageId: messageId }),
  });
  return (
    <ProjectFrame title={query.data?.Summary || 'Message'} above={above}>
      <Loaded query={query}>{(message) => <Message message={message} />}</Loaded>
    </ProjectFrame>
  );
}

function Message({ message }: { readonly message: OutboxMessageResponse }) {
  const { path } = useProjectPlace();
  const { Email, Sms, Voice, Push, Custom, EndpointId } = message;
  const details = Sms ?? Voice ?? Push ?? Custom;
  return (
    <SpaceBetween size="l">
      <Facts
        title="Message"
        facts={[
          { label: 'Channel', value: message.ChannelType },
          { label: 'To', value: <bdi>{message.Address}</bdi> },
          {
            label: 'Endpoint',
            value:
              EndpointId === undefined ? undefined : (
                <PageLink to={path(`people/${encodeURIComponent(EndpointId)}`)}>{EndpointId}</PageLink>
              ),
          },
          { label: 'When', value: <Time value={message.CreationDate} /> },
          { label: 'Kept until', value: <Time value={message.ExpirationDate} /> },
          ...(Email === undefined ? [] : [{ label: 'From', value: <bdi>{Email.From}</bdi> }]),
        ]}
      />
      {Email === undefined ? null : <EmailParts email={Email} />}
      {details === undefined ? null : (
        <Container header={<Header variant="h2">What would have left</Header>}>
          <Source text={'Body' in details ? details.Body : pretty(details)} label="Content of the message" />
        </Container>
      )}
      {Sms === undefined && Voice === undefined ? null : (
        <Facts
          title="With it"
          facts={Object.entries(Sms ?? Voice ?? {})
            .filter(([name]) => name !== 'Body')
            .map(([label, value]) => ({ label, value: <bdi>{String(value)}</bdi> }))}
        />
      )}
    </SpaceBetween>
  );
}

/** A payload is JSON inside of a text: both are set out. */
function pretty(details: object): string {
  const opened = Object.entries(details).map(([name, value]) => [
    name,
    typeof value === 'string' ? tryParse(value) : value,
  ]);
  return JSON.stringify(Object.fromEntries(opened), null, 2);
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function EmailParts({ email }: { readonly email: OutboxEmail }) {
  const { Subject, Html, Text, Headers, Source: source } = email;
  const part = (id: string, label: string, content: TabsProps.Tab['content']) => ({ id, label, content });
  return (
    <Container
      header={
        <Header variant="h2">{Subject === undefined || Subject === '' ? '(no subject)' : <bdi>{Subject}</bdi>}</Header>
      }
    >
      <Tabs
        ariaLabel="Parts of the e-mail"
        tabs={[
          ...(Html === undefined ? [] : [part('html', 'Rendered', <MessageFrame html={Html} title="The e-mail" />)]),
          ...(Text === undefined ? [] : [part('text', 'Plain text', <Source text={Text} label="Plain text" />)]),
          part(
            'headers',
            'Headers',
            <Source text={Headers.map(({ Name, Value }) => `${Name}: ${Value}`).join('\n')} label="Headers" />,
          ),
          part('source', 'Source', <Source text={source} label="Source of the e-mail" />),
        ]}
      />
    </Container>
  );
}

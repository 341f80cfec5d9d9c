/** The channels of a project: which are on, and through whom their messages leave. */
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { Time } from '../../ui/time.tsx';
import { type ChannelKind, channelKinds } from './kinds.ts';
import { type Channels, providerOf, useChannels, useProviders } from './queries.ts';

export function ChannelsPage() {
  const channels = useChannels();
  const providers = useProviders();
  return (
    <ProjectFrame
      title="Channels"
      description="A channel says who a message comes from; its provider delivers it. Without a provider, messages go to the outbox."
    >
      <Loaded query={channels}>{(found) => <ChannelTable channels={found} providers={providers.data} />}</Loaded>
      {providers.error ? <Loaded query={providers}>{() => null}</Loaded> : null}
    </ProjectFrame>
  );
}

interface ChannelTableProps {
  readonly channels: Channels;
  readonly providers: ReturnType<typeof useProviders>['data'];
}

function ChannelTable({ channels, providers }: ChannelTableProps) {
  const { path } = useProjectPlace();
  const sender = (kind: ChannelKind) => {
    const provider = providers && providerOf(providers, kind.type);
    if (provider !== undefined) return provider.Kind;
    const native = kind.test === 'PUSH' && channels[kind.type]?.Enabled;
    return native ? 'The push service itself' : 'Outbox, or that of the deployment';
  };
  return (
    <Table
      header={<Header variant="h2">Channels</Header>}
      items={[...channelKinds]}
      trackBy="id"
      ariaLabels={{ tableLabel: 'Channels' }}
      wrapLines
      columnDefinitions={[
        {
          id: 'title',
          header: 'Channel',
          minWidth: 200,
          isRowHeader: true,
          cell: ({ id, title }) => <PageLink to={path(`channels/${id}`)}>{title}</PageLink>,
        },
        {
          id: 'state',
          header: 'State',
          minWidth: 160,
          cell: ({ type, save }) => <State channel={channels[type]} hasSettings={save !== undefined} />,
        },
        { id: 'provider', header: 'Delivered by', minWidth: 200, cell: sender },
        {
          id: 'changed',
          header: 'Last changed',
          minWidth: 160,
          cell: ({ type }) => <Time value={channels[type]?.LastModifiedDate} />,
        },
      ]}
    />
  );
}

export interface StateProps {
  readonly channel: Channels[string] | undefined;
  readonly hasSettings: boolean;
}

export function State({ channel, hasSettings }: StateProps) {
  if (!hasSettings) return <>Always on</>;
  if (channel === undefined) return <StatusIndicator type="stopped">Not set up</StatusIndicator>;
  return channel.Enabled ? (
    <StatusIndicator type="success">On</StatusIndicator>
  ) : (
    <StatusIndicator type="stopped">Off</StatusIndicator>
  );
}

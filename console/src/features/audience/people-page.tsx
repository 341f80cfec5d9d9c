/** The audience of a project: how many there are, and finding one person by whatever is known of them. */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import type { FoundEndpoint, SegmentEstimate } from '../../../../server/src/contract/repoint-types.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { awsCommand } from '../../ui/command-line.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { PageButton } from '../../ui/page-button.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { Time } from '../../ui/time.tsx';
import { EndpointState } from './endpoint-state.tsx';

export function PeoplePage() {
  const { path } = useProjectPlace();
  const actions = (
    <SpaceBetween direction="horizontal" size="xs">
      <PageButton to={path('segments/new')}>Build a segment</PageButton>
      <PageButton to={path('imports/new')} variant="primary">
        Import a file
      </PageButton>
    </SpaceBetween>
  );
  return (
    <ProjectFrame
      title="People"
      description="An endpoint is one address of a person: a mailbox, a phone, an app on a device."
      actions={actions}
    >
      <SpaceBetween size="l">
        <Finder />
        <Totals />
      </SpaceBetween>
    </ProjectFrame>
  );
}

function Finder() {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  const [identity, setIdentity] = useState('');
  // A mutation, not a query: what was typed is a person's, and stays in no cache and no address.
  const find = useMutation({
    mutationFn: (Identity: string) =>
      repoint.send('FindEndpoints', { ApplicationId: projectId, FindEndpointsRequest: { Identity } }),
    gcTime: 0,
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (identity.trim() !== '') find.mutate(identity);
  };
  return (
    <Container header={<Header variant="h2">Find a person</Header>}>
      <SpaceBetween size="m">
        <form onSubmit={submit} noValidate>
          <FormField
            label="Endpoint ID, user ID, e-mail address, phone number or device token"
            secondaryControl={
              <Button formAction="submit" loading={find.isPending} disabled={identity.trim() === ''}>
                Find
              </Button>
            }
          >
            <Input
              type="search"
              value={identity}
              onChange={({ detail }) => setIdentity(detail.value)}
              placeholder="ana@example.com"
              autoComplete={false}
              spellcheck={false}
            />
          </FormField>
        </form>
        {find.error ? <ErrorAlert error={find.error} /> : null}
        {find.data ? <Found endpoints={find.data.Item} /> : null}
      </SpaceBetween>
    </Container>
  );
}

const foundBy: Record<FoundEndpoint['FoundBy'], string> = {
  ENDPOINT_ID: 'endpoint ID',
  USER_ID: 'user ID',
  ADDRESS: 'address',
};

function Found({ endpoints }: { readonly endpoints: readonly FoundEndpoint[] }) {
  const { path } = useProjectPlace();
  const columns: TableProps.ColumnDefinition<FoundEndpoint>[] = [
    {
      id: 'id',
      header: 'Endpoint ID',
      minWidth: 180,
      isRowHeader: true,
      cell: ({ EndpointId }) => <PageLink to={path(`people/${encodeURIComponent(EndpointId)}`)}>{EndpointId}</PageLink>,
    },
    { id: 'channel', header: 'Channel', minWidth: 90, cell: ({ ChannelType }) => ChannelType ?? '–' },
    { id: 'address', header: 'Address', minWidth: 180, cell: ({ Address }) => <bdi>{Address ?? '–'}</bdi> },
    { id: 'user', header: 'User ID', minWidth: 120, cell: ({ UserId }) => <bdi>{UserId ?? '–'}</bdi> },
    {
      id: 'state',
      header: 'State',
      minWidth: 120,
      cell: ({ EndpointStatus, OptOut }) => <EndpointState status={EndpointStatus} optOut={OptOut} />,
    },
    { id: 'by', header: 'Found by', minWidth: 110, cell: ({ FoundBy }) => foundBy[FoundBy] },
    { id: 'created', header: 'Created', minWidth: 160, cell: ({ CreationDate }) => <Time value={CreationDate} /> },
  ];
  return (
    <Table
      variant="embedded"
      items={[...endpoints]}
      columnDefinitions={columns}
      trackBy="EndpointId"
      wrapLines
      ariaLabels={{ tableLabel: 'Found endpoints' }}
      empty="Nobody. Addresses are matched whole, phone numbers with their country code."
    />
  );
}

function Totals() {
  const { repoint, scope, region } = useApi();
  const { projectId, path } = useProjectPlace();
  const query = useQuery({
    queryKey: [...scope, 'audience', projectId],
    queryFn: () => repoint.send('EstimateSegment', { ApplicationId: projectId, WriteSegmentRequest: {} }),
  });
  return (
    <Loaded query={query}>
      {(estimate) =>
        estimate.Total === 0 ? (
          <Container>
            <Empty
              title="Nobody yet"
              command={awsCommand(
                ...(['update-endpoint', region, `--application-id ${projectId}`, '--endpoint-id ana'] as const),
                "--endpoint-request 'ChannelType=EMAIL,Address=ana@example.com'",
              )}
            >
              Import a file with the button above, or register an endpoint from a terminal:
            </Empty>
          </Container>
        ) : (
          <Everybody estimate={estimate} pathOf={(id) => path(`people/${encodeURIComponent(id)}`)} />
        )
      }
    </Loaded>
  );
}

interface EverybodyProps {
  readonly estimate: SegmentEstimate;
  readonly pathOf: (endpointId: string) => string;
}

function Everybody({ estimate, pathOf }: EverybodyProps) {
  return (
    <SpaceBetween size="l">
      <Facts
        title="Everybody"
        columns={4}
        facts={[
          { label: 'Endpoints', value: showNumber(estimate.Total) },
          { label: 'Can be written to', value: showNumber(estimate.Eligible) },
          ...estimate.Channels.map(({ ChannelType, Total, Eligible }) => ({
            label: ChannelType ?? 'Without a channel',
            value: `${showNumber(Eligible)} of ${showNumber(Total)}`,
          })),
        ]}
      />
      <Container header={<Header variant="h2">Some of them</Header>}>
        <SpaceBetween direction="horizontal" size="s">
          {estimate.SampleEndpointIds.map((id) => (
            <Box key={id}>
              <PageLink to={pathOf(id)}>{id}</PageLink>
            </Box>
          ))}
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}

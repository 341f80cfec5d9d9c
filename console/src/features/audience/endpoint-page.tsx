/** One endpoint: profile, timeline, messages and why some were not sent, segments, and its erasure. */
import { type EndpointResponse, GetEndpointCommand } from '@aws-sdk/client-pinpoint';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useTabInAddress } from '../../ui/tab-in-address.ts';
import { Time } from '../../ui/time.tsx';
import { EndpointEvents } from './endpoint-events.tsx';
import { EndpointMessages } from './endpoint-messages.tsx';
import { EndpointSegments } from './endpoint-segments.tsx';
import { EndpointState } from './endpoint-state.tsx';
import { EraseDialog } from './erase-dialog.tsx';
import { listFacts, numberFacts, plainFacts } from './profile-facts.tsx';

const above = [['People', 'people']] as const;

export function EndpointPage() {
  const { endpointId = '' } = useParams();
  const { projectId } = useProjectPlace();
  const { pinpoint, scope } = useApi();
  const [erasing, setErasing] = useState(false);
  const query = useQuery({
    queryKey: [...scope, 'endpoint', projectId, endpointId],
    queryFn: async () => {
      const answer = await pinpoint.send(new GetEndpointCommand({ ApplicationId: projectId, EndpointId: endpointId }));
      return answer.EndpointResponse ?? {};
    },
  });
  return (
    <ProjectFrame
      title={endpointId}
      above={above}
      actions={query.data === undefined ? null : <Button onClick={() => setErasing(true)}>Erase this person</Button>}
    >
      <Loaded query={query}>{(endpoint) => <Everything endpointId={endpointId} endpoint={endpoint} />}</Loaded>
      {erasing ? <EraseDialog endpointId={endpointId} onClose={() => setErasing(false)} /> : null}
    </ProjectFrame>
  );
}

interface EverythingProps {
  readonly endpointId: string;
  readonly endpoint: EndpointResponse;
}

function Everything({ endpointId, endpoint }: EverythingProps) {
  const [tab, open] = useTabInAddress('profile');
  return (
    <Tabs
      activeTabId={tab}
      onChange={({ detail }) => open(detail.activeTabId)}
      ariaLabel="Parts of the endpoint"
      tabs={[
        { id: 'profile', label: 'Profile', content: <Profile endpoint={endpoint} /> },
        { id: 'events', label: 'Timeline', content: <EndpointEvents endpointId={endpointId} /> },
        { id: 'messages', label: 'Messages', content: <EndpointMessages endpointId={endpointId} /> },
        { id: 'segments', label: 'Segments', content: <EndpointSegments endpointId={endpointId} /> },
      ]}
    />
  );
}

function Profile({ endpoint }: { readonly endpoint: EndpointResponse }) {
  const { Address, ChannelType, EndpointStatus, OptOut, CreationDate, EffectiveDate, User, CohortId } = endpoint;
  return (
    <SpaceBetween size="l">
      <Facts
        title="Endpoint"
        facts={[
          { label: 'Channel', value: ChannelType },
          { label: 'Address', value: Address ? <Copyable label="the address" text={Address} /> : undefined },
          { label: 'State', value: <EndpointState status={EndpointStatus} optOut={OptOut} /> },
          { label: 'User ID', value: User?.UserId ? <Copyable label="the user ID" text={User.UserId} /> : undefined },
          { label: 'Created', value: <Time value={CreationDate} /> },
          { label: 'Last changed', value: <Time value={EffectiveDate} /> },
          { label: 'Cohort', value: CohortId },
        ]}
      />
      <Facts title="Attributes" facts={listFacts(endpoint.Attributes)} />
      <Facts title="Attributes of the user" facts={listFacts(User?.UserAttributes)} />
      <Facts title="Metrics" facts={numberFacts(endpoint.Metrics)} />
      <Facts title="Device and place" facts={plainFacts({ ...endpoint.Demographic, ...endpoint.Location })} />
    </SpaceBetween>
  );
}

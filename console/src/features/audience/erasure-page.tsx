/** One erasure while it runs, and what it found and erased once it is over. */
import Alert from '@cloudscape-design/components/alert';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useParams } from 'react-router';
import type { ErasureRequestResponse } from '../../../../server/src/contract/repoint-types.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { isOver, JobStatus, useLongJob } from '../../ui/long-job.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { Time } from '../../ui/time.tsx';

const above = [['People', 'people']] as const;

export function ErasurePage() {
  const { requestId = '' } = useParams();
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const query = useLongJob({
    queryKey: [...scope, 'erasure', projectId, requestId],
    load: () => repoint.send('GetErasureRequest', { ApplicationId: projectId, ErasureRequestId: requestId }),
    isOver: ({ State }) => isOver(State),
  });
  return (
    <ProjectFrame title="Erasure of a person" above={above}>
      <Loaded query={query}>{(request) => <Request request={request} />}</Loaded>
    </ProjectFrame>
  );
}

function Request({ request }: { readonly request: ErasureRequestResponse }) {
  return (
    <SpaceBetween size="l">
      {request.Fault === undefined ? null : <Alert type="error">{request.Fault}</Alert>}
      <Facts
        title="Request"
        facts={[
          { label: 'State', value: <JobStatus status={request.State} /> },
          { label: 'Request ID', value: request.RequestId },
          { label: 'Mode', value: request.Mode.toLowerCase().replaceAll('_', ' ') },
          { label: 'Received', value: <Time value={request.CreationDate} /> },
          { label: 'Completed', value: <Time value={request.CompletedDate} /> },
          { label: 'Due', value: <Time value={request.DueDate} /> },
          { label: 'Endpoints', value: showNumber(request.Endpoints) },
          { label: 'Users', value: showNumber(request.Users) },
          { label: 'Messages under way', value: showNumber(request.MessagesUnderWay) },
        ]}
      />
      <Table
        header={<Header variant="h2">Where it was looked</Header>}
        items={[...request.Locations]}
        trackBy="Name"
        ariaLabels={{ tableLabel: 'Places of the erasure' }}
        columnDefinitions={[
          { id: 'name', header: 'Place', isRowHeader: true, cell: ({ Name }) => Name },
          { id: 'found', header: 'Found', cell: ({ Found }) => showNumber(Found) },
          { id: 'erased', header: 'Erased', cell: ({ Erased }) => showNumber(Erased) },
          { id: 'retained', header: 'Kept by a hold', cell: ({ Retained }) => showNumber(Retained) },
          { id: 'left', header: 'Left over', cell: ({ LeftOver }) => showNumber(LeftOver) },
        ]}
        empty="The search has not begun."
      />
      {request.Skipped.length === 0 ? null : (
        <Table
          header={<Header variant="h2">Not erased, and why</Header>}
          items={[...request.Skipped]}
          trackBy="What"
          ariaLabels={{ tableLabel: 'What was not erased' }}
          columnDefinitions={[
            { id: 'what', header: 'What', isRowHeader: true, cell: ({ What }) => What },
            { id: 'why', header: 'Why', cell: ({ Why }) => Why },
          ]}
        />
      )}
    </SpaceBetween>
  );
}

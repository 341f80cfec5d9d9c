/** The erasure of a deleted project while it runs, what is kept and why, and its receipt. */
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useParams } from 'react-router';
import type { ProjectErasureResponse } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { JobProgress, JobStatus, useLongJob } from '../../ui/long-job.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { Page } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { Others } from './places.tsx';
import { ReceiptSection } from './receipt-section.tsx';

const parents = [{ text: 'Deleted projects', path: '/project-erasures' }];

export function ProjectErasurePage() {
  const { erasureId = '' } = useParams();
  const { repoint, scope } = useApi();
  const query = useLongJob({
    queryKey: [...scope, 'project-erasures', erasureId],
    load: () => repoint.send('GetProjectErasure', { ErasureId: erasureId }),
    isOver: ({ State }) => State === 'COMPLETED',
  });
  return (
    <Page title="Erasure of a project" parents={parents}>
      <Loaded query={query}>{(erasure) => <Erasure erasure={erasure} />}</Loaded>
    </Page>
  );
}

function Erasure({ erasure }: { readonly erasure: ProjectErasureResponse }) {
  const { Places: places = [], Kept } = erasure;
  const finished = places.filter(({ Finished }) => Finished).length;
  const some = places.filter(({ Erased, Finished }) => Erased > 0 || !Finished);
  const none = places.filter((place) => !some.includes(place)).map(({ Place }) => Place);
  return (
    <SpaceBetween size="l">
      <Facts
        title="Erasure"
        facts={[
          { label: 'State', value: <JobStatus status={erasure.State} /> },
          { label: 'Project ID', value: erasure.ProjectId },
          { label: 'Region', value: erasure.Region },
          { label: 'Deleted', value: <Time value={erasure.ReceivedDate} /> },
          { label: 'Completed', value: <Time value={erasure.CompletedDate} /> },
          { label: 'Rows that came late', value: showNumber(erasure.Late) },
        ]}
      >
        {erasure.State === 'COMPLETED' ? null : <JobProgress label="Tables" done={finished} of={places.length} />}
      </Facts>
      {erasure.State === 'COMPLETED' ? <ReceiptSection erasureId={erasure.ErasureId} /> : null}
      {Kept.length === 0 ? null : (
        <Table
          header={<Header variant="h2">What stays, and why</Header>}
          items={[...Kept]}
          trackBy="Place"
          wrapLines
          ariaLabels={{ tableLabel: 'What stays' }}
          columnDefinitions={[
            { id: 'place', header: 'Place', minWidth: 160, isRowHeader: true, cell: ({ Place }) => Place },
            { id: 'count', header: 'How many', minWidth: 100, cell: ({ Count }) => showNumber(Count) },
            { id: 'why', header: 'Why', minWidth: 240, cell: ({ Reason }) => Reason },
          ]}
        />
      )}
      <Table
        header={<Header variant="h2">Where it was erased</Header>}
        items={some.toSorted((one, other) => other.Erased - one.Erased)}
        trackBy="Place"
        wrapLines
        ariaLabels={{ tableLabel: 'Places of the erasure' }}
        columnDefinitions={[
          { id: 'place', header: 'Place', minWidth: 180, isRowHeader: true, cell: ({ Place }) => Place },
          { id: 'erased', header: 'Rows erased', minWidth: 110, cell: ({ Erased }) => showNumber(Erased) },
          {
            id: 'state',
            header: 'State',
            minWidth: 130,
            cell: ({ Finished }) => (
              <StatusIndicator type={Finished ? 'success' : 'in-progress'}>
                {Finished ? 'Empty' : 'Erasing'}
              </StatusIndicator>
            ),
          },
        ]}
        empty={erasure.State === 'COMPLETED' ? 'There was nothing in the project.' : 'It has not begun.'}
        footer={<Others names={none} besides={some.length > 0} />}
      />
    </SpaceBetween>
  );
}

/** One erasure while it runs, what it came to in every place, and its receipt once it is over. */
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { ErasureRequestResponse } from '../../../../server/src/contract/repoint-types.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { Facts } from '../../ui/facts.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { JobStatus, useLongJob } from '../../ui/long-job.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { Time } from '../../ui/time.tsx';
import { showNamed } from './erasures-page.tsx';
import { modeLabel, origins } from './modes.ts';
import { ErasureNotices } from './notices-table.tsx';
import { NotErased, Places } from './places.tsx';
import { ReceiptSection } from './receipt-section.tsx';
import { Stages } from './stage-line.tsx';
import { canBeTakenBack } from './stages.ts';

const above = [['Erasure requests', 'erasures']] as const;

export function ErasurePage() {
  const { requestId = '' } = useParams();
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const query = useLongJob({
    queryKey: [...scope, 'erasures', projectId, requestId],
    load: () => repoint.send('GetErasureRequest', { ApplicationId: projectId, ErasureRequestId: requestId }),
    // What is partially completed is tried again for days, and has no end until then.
    isOver: ({ CompletedDate }) => CompletedDate !== undefined,
  });
  const request = query.data;
  return (
    <ProjectFrame
      title="Erasure of people"
      above={above}
      actions={request !== undefined && canBeTakenBack(request.State) ? <TakeBack request={request} /> : null}
    >
      <Loaded query={query}>{(found) => <Request request={found} />}</Loaded>
    </ProjectFrame>
  );
}

function Request({ request }: { readonly request: ErasureRequestResponse }) {
  const waits = Date.parse(request.DueDate) > Date.parse(request.CreationDate);
  const ended = request.CompletedDate !== undefined;
  return (
    <SpaceBetween size="l">
      {request.Fault === undefined ? null : <Alert type="error">{request.Fault}</Alert>}
      {request.State === 'PARTIALLY_COMPLETED' && !ended ? (
        <Alert type="warning" header="Something could not be erased yet">
          It is named below, and tried again for three days. Whatever stands in the way can be mended meanwhile.
        </Alert>
      ) : null}
      <Facts
        title="Request"
        facts={[
          { label: 'State', value: <JobStatus status={request.State} /> },
          { label: 'How', value: modeLabel(request.Mode) },
          { label: 'Came from', value: origins[request.Origin] ?? request.Origin },
          { label: 'Named', value: showNamed(request.Identities) },
          { label: 'Request ID', value: <Copyable label="the request ID" text={request.RequestId} /> },
          { label: 'Received', value: <Time value={request.CreationDate} /> },
          { label: 'Begins', value: <Time value={request.DueDate} /> },
          { label: 'Gone from the API', value: <Time value={request.AcceptedDate} /> },
          { label: 'Completed', value: <Time value={request.CompletedDate} /> },
          { label: 'Endpoints', value: showNumber(request.Endpoints) },
          { label: 'Users', value: showNumber(request.Users) },
          { label: 'Addresses', value: showNumber(request.Addresses) },
          { label: 'Messages a provider had already', value: showNumber(request.MessagesUnderWay) },
        ]}
      >
        <br />
        <Stages state={request.State} waits={waits} ended={ended} />
      </Facts>
      <Places places={request.Locations} />
      <NotErased items={request.Skipped.map(({ What, Why }) => ({ what: What, why: Why }))} />
      {ended ? <Ending request={request} /> : null}
      <ErasureNotices erasureId={request.Id} />
    </SpaceBetween>
  );
}

/** Whatever ended with something done has a receipt, also with not all of it. */
function Ending({ request: { Id, State } }: { readonly request: ErasureRequestResponse }) {
  if (State === 'COMPLETED' || State === 'PARTIALLY_COMPLETED') return <ReceiptSection erasureId={Id} />;
  return <Alert type="info">There is no receipt: nothing was done by this request.</Alert>;
}

function TakeBack({ request }: { readonly request: ErasureRequestResponse }) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const notices = useNotices();
  const [asking, setAsking] = useState(false);
  const cancel = useMutation({
    mutationFn: () => repoint.send('CancelErasureRequest', { ApplicationId: projectId, ErasureRequestId: request.Id }),
    onSuccess: async () => {
      notices.done('The request was taken back: nothing was erased');
      setAsking(false);
      await cache.invalidateQueries({ queryKey: [...scope, 'erasures', projectId] });
    },
  });
  return (
    <>
      <Button onClick={() => setAsking(true)}>Take it back</Button>
      {asking ? (
        <FormDialog
          title="Take the request back"
          submitText="Take back"
          pending={cancel.isPending}
          error={cancel.error}
          onSubmit={() => cancel.mutate()}
          onClose={() => setAsking(false)}
        >
          Nothing was erased so far, and nothing will be. Whom it was about is forgotten.
        </FormDialog>
      ) : null}
    </>
  );
}

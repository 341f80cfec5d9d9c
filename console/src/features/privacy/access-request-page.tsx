/** One access request: what is in its archive, and the link for the person. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { AccessRequestResponse } from '../../../../server/src/contract/repoint-types.ts';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { DownloadButton } from '../../ui/download-button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { JobStatus, useLongJob } from '../../ui/long-job.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { showBytes, showNumber } from '../../ui/numbers.ts';
import { Time } from '../../ui/time.tsx';
import { isUnderWay } from './access-requests-page.tsx';
import { showNamed } from './erasures-page.tsx';

const above = [['Access requests', 'access-requests']] as const;

export function AccessRequestPage() {
  const { requestId = '' } = useParams();
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const [deleting, setDeleting] = useState(false);
  const query = useLongJob({
    queryKey: [...scope, 'access-requests', projectId, requestId],
    load: () => repoint.send('GetAccessRequest', { ApplicationId: projectId, AccessRequestId: requestId }),
    isOver: ({ State }) => !isUnderWay(State),
  });
  return (
    <ProjectFrame
      title="Access request"
      above={above}
      actions={query.data === undefined ? null : <Button onClick={() => setDeleting(true)}>Remove the archive</Button>}
    >
      <Loaded query={query}>{(request) => <Request request={request} onFetched={() => void query.refetch()} />}</Loaded>
      {deleting && query.data ? <Remove request={query.data} onClose={() => setDeleting(false)} /> : null}
    </ProjectFrame>
  );
}

interface RequestProps {
  readonly request: AccessRequestResponse;
  readonly onFetched: () => void;
}

function Request({ request, onFetched }: RequestProps) {
  return (
    <SpaceBetween size="l">
      {request.Fault === undefined ? null : <Alert type="error">{request.Fault}</Alert>}
      <Facts
        title="Request"
        facts={[
          { label: 'State', value: <JobStatus status={request.State} /> },
          { label: 'Named', value: showNamed(request.Identities) },
          { label: 'Request ID', value: <Copyable label="the request ID" text={request.RequestId} /> },
          { label: 'Received', value: <Time value={request.CreationDate} /> },
          { label: 'Written', value: <Time value={request.CompletedDate} /> },
          { label: 'Ends', value: <Time value={request.ExpirationDate} /> },
          { label: 'Size', value: showBytes(request.Bytes) },
          { label: 'Downloads', value: showNumber(request.Downloads) },
        ]}
      />
      {request.DownloadUrl === undefined ? null : <PersonalLink url={request.DownloadUrl} onFetched={onFetched} />}
      <Table
        header={
          <Header
            variant="h2"
            description="A file each in the archive, as JSON and as CSV. The archive is counted against the search."
          >
            What is in it
          </Header>
        }
        items={request.Locations.filter(({ Found }) => Found > 0)}
        trackBy="Name"
        ariaLabels={{ tableLabel: 'What is in the archive' }}
        columnDefinitions={[
          { id: 'name', header: 'Place', isRowHeader: true, cell: ({ Name }) => Name },
          { id: 'rows', header: 'Rows', cell: ({ Found }) => showNumber(Found) },
        ]}
        empty={isUnderWay(request.State) ? 'It is being read.' : 'Nothing is held on this person.'}
      />
    </SpaceBetween>
  );
}

/** Without a public URL the server knows only the path; the address of this page is where it was reached. */
function PersonalLink({ url, onFetched }: { readonly url: string; readonly onFetched: () => void }) {
  const whole = new URL(url, window.location.origin).href;
  return (
    <Container header={<Header variant="h2">The link for the person</Header>}>
      <SpaceBetween size="s">
        <Alert type="warning">
          Whoever has this link can fetch the archive until it ends. Give it to the person alone.
        </Alert>
        <Copyable label="the link" text={whole} />
        <Box>
          <DownloadButton
            text="Download the archive"
            href={() => Promise.resolve(url)}
            // The server counts it once it has begun.
            onDone={() => setTimeout(onFetched, 1_000)}
          />
        </Box>
      </SpaceBetween>
    </Container>
  );
}

function Remove({ request, onClose }: { readonly request: AccessRequestResponse; readonly onClose: () => void }) {
  const { repoint, scope } = useApi();
  const { projectId, path } = useProjectPlace();
  const cache = useQueryClient();
  const notices = useNotices();
  const navigate = useNavigateFromHere();
  const remove = useMutation({
    mutationFn: () => repoint.send('DeleteAccessRequest', { ApplicationId: projectId, AccessRequestId: request.Id }),
    onSuccess: () => {
      notices.done('The archive is gone');
      cache.removeQueries({ queryKey: [...scope, 'access-requests', projectId] });
      navigate(path('access-requests'), { replace: true });
    },
  });
  return (
    <DeleteDialog
      kind="archive"
      name="archive"
      pending={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    >
      The archive is removed and its link leads nowhere. Nothing of the person changes: erasing them is another request.
    </DeleteDialog>
  );
}

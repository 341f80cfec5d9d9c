/** Access requests of a project: archives of what is held on somebody, for themselves. */
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import type { TableProps } from '@cloudscape-design/components/table';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AccessRequestResponse, ErasureIdentity } from '../../../../server/src/contract/repoint-types.ts';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { JobStatus } from '../../ui/long-job.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { PageLink } from '../../ui/page-link.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';
import { showNamed } from './erasures-page.tsx';
import { IdentityFields } from './identity-fields.tsx';

/** One person, under all the names they have. */
const mostNames = 100;
const usualHours = 72;

export function AccessRequestsPage() {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const [creating, setCreating] = useState(false);
  return (
    <ProjectFrame
      title="Access requests"
      description="Everything that is held on one person, as JSON and CSV, behind a link that ends."
    >
      <PagedTable<AccessRequestResponse>
        title="Requests"
        queryKey={[...scope, 'access-requests', projectId]}
        load={(page) => repoint.send('GetAccessRequests', { ApplicationId: projectId, ...page })}
        columns={useColumns()}
        idOf={({ Id }) => Id}
        nameOf={({ RequestId }) => RequestId}
        selectable={false}
        isChanging={({ State }) => isUnderWay(State)}
        actions={() => (
          <Button variant="primary" onClick={() => setCreating(true)}>
            Collect what is held
          </Button>
        )}
        empty={
          <Empty
            title="Nobody asked yet"
            command={`npm run repoint -- access export --project ${projectId} --email ana@example.com --out ana.tar.gz`}
          >
            Collect what is held on somebody with the button above, or on the machine of the server:
          </Empty>
        }
      />
      {creating ? <CreateDialog onClose={() => setCreating(false)} /> : null}
    </ProjectFrame>
  );
}

export function isUnderWay(state: AccessRequestResponse['State']): boolean {
  return state === 'RECEIVED' || state === 'READING';
}

function useColumns(): TableProps.ColumnDefinition<AccessRequestResponse>[] {
  const { path } = useProjectPlace();
  return [
    {
      id: 'received',
      header: 'Received',
      minWidth: 170,
      isRowHeader: true,
      cell: ({ Id, CreationDate }) => (
        <PageLink to={path(`access-requests/${encodeURIComponent(Id)}`)}>
          <Time value={CreationDate} />
        </PageLink>
      ),
    },
    { id: 'state', header: 'State', minWidth: 145, cell: ({ State }) => <JobStatus status={State} /> },
    { id: 'named', header: 'Named', minWidth: 160, cell: ({ Identities }) => showNamed(Identities) },
    { id: 'downloads', header: 'Downloads', minWidth: 100, cell: ({ Downloads }) => showNumber(Downloads) },
    { id: 'expires', header: 'Ends', minWidth: 160, cell: ({ ExpirationDate }) => <Time value={ExpirationDate} /> },
  ];
}

function CreateDialog({ onClose }: { readonly onClose: () => void }) {
  const { repoint, scope } = useApi();
  const { projectId, path } = useProjectPlace();
  const cache = useQueryClient();
  const navigate = useNavigateFromHere();
  const [identities, setIdentities] = useState<readonly ErasureIdentity[]>([]);
  const [hours, setHours] = useState(String(usualHours));
  const hoursFault = /^\d+$/.test(hours) && Number(hours) >= 1 && Number(hours) <= 720 ? undefined : 'From 1 to 720.';
  const create = useMutation({
    mutationFn: () =>
      repoint.send('CreateAccessRequest', {
        ApplicationId: projectId,
        CreateAccessRequestRequest: { Identities: identities, ExpiresInHours: Number(hours) },
      }),
    gcTime: 0,
    onSuccess: async ({ Id }) => {
      await cache.invalidateQueries({ queryKey: [...scope, 'access-requests', projectId] });
      navigate(path(`access-requests/${encodeURIComponent(Id)}`));
    },
  });
  return (
    <FormDialog
      title="Collect what is held on somebody"
      submitText="Collect"
      size="large"
      submitDisabled={identities.length === 0 || identities.length > mostNames || hoursFault !== undefined}
      pending={create.isPending}
      error={create.error}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      All names must be of one person: whoever gets the archive sees everything in it.
      <IdentityFields identities={identities} most={mostNames} onChange={setIdentities} />
      <FormField
        label="Hours to keep the archive"
        constraintText="1 to 720, from when it is written. Then the file is removed and the link ends."
        errorText={hoursFault}
      >
        <Input
          value={hours}
          onChange={({ detail }) => setHours(detail.value.trim())}
          inputMode="numeric"
          ariaLabel="Hours to keep the archive"
        />
      </FormField>
    </FormDialog>
  );
}

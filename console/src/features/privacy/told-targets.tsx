/** Who is told of erasures: webhooks with their secrets, a controller of OpenDSR, and what became of each message. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ErasureTarget } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { FileUrl } from '../../ui/file-url.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { Time } from '../../ui/time.tsx';
import { NoticesTable } from './notices-table.tsx';
import { OpenDsrSection } from './open-dsr.tsx';

export function ToldTargets() {
  return (
    <SpaceBetween size="l">
      <Targets />
      <OpenDsrSection />
      <NoticesTable />
    </SpaceBetween>
  );
}

function Targets() {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const [creating, setCreating] = useState(false);
  const [removing, setRemoving] = useState<ErasureTarget>();
  const query = useQuery({
    queryKey: [...scope, 'erasure-targets', projectId],
    queryFn: () => repoint.send('GetErasureTargets', { ApplicationId: projectId }),
  });
  return (
    <>
      <Loaded query={query}>
        {({ Item }) => (
          <Table
            header={
              <Header
                variant="h2"
                description="What is behind them has copies of people too. They are told whom by hashes under their secret."
                actions={
                  <Button variant="primary" onClick={() => setCreating(true)}>
                    Add a webhook
                  </Button>
                }
              >
                Webhooks
              </Header>
            }
            items={[...Item]}
            trackBy="Id"
            wrapLines
            ariaLabels={{ tableLabel: 'Webhooks' }}
            columnDefinitions={[
              { id: 'url', header: 'URL', minWidth: 260, isRowHeader: true, cell: ({ Url }) => <FileUrl url={Url} /> },
              {
                id: 'made',
                header: 'Created',
                minWidth: 150,
                cell: ({ CreationDate }) => <Time value={CreationDate} />,
              },
              {
                id: 'actions',
                header: 'Actions',
                minWidth: 110,
                cell: (target) => (
                  <Button wrapText={false} ariaLabel={`Remove ${target.Url}`} onClick={() => setRemoving(target)}>
                    Remove
                  </Button>
                ),
              },
            ]}
            empty={
              <Empty title="Nobody is told">
                Add the webhook of a system that has copies: it hears of each erasure, signed as standardwebhooks.com
                describes.
              </Empty>
            }
          />
        )}
      </Loaded>
      {creating ? <AddTarget onClose={() => setCreating(false)} /> : null}
      {removing ? <RemoveTarget target={removing} onClose={() => setRemoving(undefined)} /> : null}
    </>
  );
}

function useRefreshTargets() {
  const { scope } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: [...scope, 'erasure-targets', projectId] });
}

function AddTarget({ onClose }: { readonly onClose: () => void }) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  const refresh = useRefreshTargets();
  const [url, setUrl] = useState('https://');
  const create = useMutation({
    mutationFn: () =>
      repoint.send('CreateErasureTarget', { ApplicationId: projectId, CreateErasureTargetRequest: { Url: url } }),
    gcTime: 0,
    onSuccess: refresh,
  });
  if (create.data?.Secret !== undefined) return <NewSecret secret={create.data.Secret} onClose={onClose} />;
  return (
    <FormDialog
      title="Add a webhook"
      submitText="Add"
      submitDisabled={!/^https?:\/\/[^/]/.test(url)}
      pending={create.isPending}
      error={create.error}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <FormField
        label="URL"
        constraintText="It must be reachable from the server. Private networks have to be allowed by its operator."
      >
        <Input
          value={url}
          onChange={({ detail }) => setUrl(detail.value.trim())}
          ariaLabel="URL"
          spellcheck={false}
          autoFocus
        />
      </FormField>
    </FormDialog>
  );
}

function NewSecret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const footer = (
    <Box float="right">
      <Button variant="primary" onClick={onClose}>
        Done
      </Button>
    </Box>
  );
  return (
    <Modal visible header="The secret of the webhook" footer={footer} onDismiss={onClose} closeAriaLabel="Close">
      <SpaceBetween size="m">
        <Alert type="warning">
          It is shown this once. The webhook checks signatures with it, and finds whom by it.
        </Alert>
        <Copyable label="the secret" text={secret} />
      </SpaceBetween>
    </Modal>
  );
}

function RemoveTarget({ target, onClose }: { readonly target: ErasureTarget; readonly onClose: () => void }) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  const notices = useNotices();
  const refresh = useRefreshTargets();
  const remove = useMutation({
    mutationFn: () => repoint.send('DeleteErasureTarget', { ApplicationId: projectId, ErasureTargetId: target.Id }),
    onSuccess: () => {
      notices.done('The webhook is told nothing any more');
      onClose();
      return refresh();
    },
  });
  return (
    <DeleteDialog
      kind="webhook"
      name={target.Url}
      pending={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    >
      It is told nothing any more, and what was not delivered yet is given up.
    </DeleteDialog>
  );
}

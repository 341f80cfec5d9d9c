/** Who is told of erasures: webhooks with their secrets, a controller of OpenDSR, and what became of each message. */
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ErasureTarget } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { FileUrl } from '../../ui/file-url.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { ShownOnce } from '../../ui/shown-once.tsx';
import { Time } from '../../ui/time.tsx';
import { EndDialog } from './end-dialog.tsx';
import { FewOfProject } from './few-of-project.tsx';
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
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  return (
    <FewOfProject<ErasureTarget>
      title="Webhooks"
      description="What is behind them has copies of people too. They are told whom by hashes under their secret."
      list="erasure-targets"
      load={() => repoint.send('GetErasureTargets', { ApplicationId: projectId })}
      columns={[
        { id: 'url', header: 'URL', minWidth: 260, isRowHeader: true, cell: ({ Url }) => <FileUrl url={Url} /> },
        { id: 'made', header: 'Created', minWidth: 150, cell: ({ CreationDate }) => <Time value={CreationDate} /> },
      ]}
      empty={
        <Empty title="Nobody is told">
          Add the webhook of a system that has copies: it hears of each erasure, signed as standardwebhooks.com
          describes.
        </Empty>
      }
      make={{ text: 'Add a webhook', dialog: (onClose) => <AddTarget onClose={onClose} /> }}
      end={{
        text: 'Remove',
        label: ({ Url }) => `Remove ${Url}`,
        dialog: (target, onClose) => <RemoveTarget target={target} onClose={onClose} />,
      }}
    />
  );
}

function AddTarget({ onClose }: { readonly onClose: () => void }) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const [url, setUrl] = useState('https://');
  const create = useMutation({
    mutationFn: () =>
      repoint.send('CreateErasureTarget', { ApplicationId: projectId, CreateErasureTargetRequest: { Url: url } }),
    gcTime: 0,
    onSuccess: () => cache.invalidateQueries({ queryKey: [...scope, 'erasure-targets', projectId] }),
  });
  if (create.data?.Secret !== undefined) {
    return (
      <ShownOnce title="The secret of the webhook" secret={create.data.Secret} onClose={onClose}>
        The webhook checks signatures with it, and finds whom by it.
      </ShownOnce>
    );
  }
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

function RemoveTarget({ target, onClose }: { readonly target: ErasureTarget; readonly onClose: () => void }) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  return (
    <EndDialog
      kind="webhook"
      name={target.Url}
      send={() => repoint.send('DeleteErasureTarget', { ApplicationId: projectId, ErasureTargetId: target.Id })}
      said="The webhook is told nothing any more"
      list="erasure-targets"
      onClose={onClose}
    >
      It is told nothing any more, and what was not delivered yet is given up.
    </EndDialog>
  );
}

/** Access keys: what code signs with. List, create, switch off, delete. */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { TableProps } from '@cloudscape-design/components/table';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AccessKeyResponse } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { CommandLine } from '../../ui/command-line.tsx';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';
import { CreateAccessKeyDialog } from './create-access-key-dialog.tsx';

export function AccessKeysPage() {
  const { repoint, scope } = useApi();
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<AccessKeyResponse>();
  const change = useSwitchKey();
  return (
    <Page title="Access keys" description="Code, the AWS CLI and the AWS SDKs sign their requests with these.">
      <SpaceBetween size="m">
        {change.error ? <ErrorAlert error={change.error} /> : null}
        <PagedTable
          title="Access keys"
          queryKey={[...scope, 'access-keys']}
          load={(page) => repoint.send('GetAccessKeys', page)}
          columns={columns}
          idOf={({ AccessKeyId }) => AccessKeyId}
          nameOf={({ AccessKeyId }) => AccessKeyId}
          actions={(selected) => (
            <SpaceBetween direction="horizontal" size="xs">
              <Button
                disabled={selected === undefined}
                loading={change.isPending}
                onClick={() => selected && change.mutate(selected)}
              >
                {selected?.Status === 'Inactive' ? 'Enable' : 'Disable'}
              </Button>
              <Button disabled={selected === undefined} onClick={() => setDeleting(selected)}>
                Delete
              </Button>
              <Button variant="primary" onClick={() => setCreating(true)}>
                Create access key
              </Button>
            </SpaceBetween>
          )}
          empty={<NoKeys />}
        />
      </SpaceBetween>
      {creating ? <CreateAccessKeyDialog onClose={() => setCreating(false)} /> : null}
      {deleting ? <DeleteKeyDialog accessKey={deleting} onClose={() => setDeleting(undefined)} /> : null}
    </Page>
  );
}

const columns: TableProps.ColumnDefinition<AccessKeyResponse>[] = [
  {
    id: 'id',
    header: 'Access key ID',
    minWidth: 220,
    isRowHeader: true,
    cell: ({ AccessKeyId }) => <Box variant="code">{AccessKeyId}</Box>,
  },
  { id: 'user', header: 'User', minWidth: 120, cell: ({ UserName }) => UserName },
  {
    id: 'status',
    header: 'Status',
    minWidth: 110,
    cell: ({ Status }) => (
      <StatusIndicator type={Status === 'Active' ? 'success' : 'stopped'}>{Status}</StatusIndicator>
    ),
  },
  { id: 'used', header: 'Last used', minWidth: 160, cell: ({ LastUsed }) => <Time value={LastUsed?.Date} /> },
  { id: 'created', header: 'Created', minWidth: 160, cell: ({ CreationDate }) => <Time value={CreationDate} /> },
];

function NoKeys() {
  return (
    <SpaceBetween size="s">
      <Box textAlign="center">No access keys. Create one with the button above, or on the machine of the server:</Box>
      <CommandLine command="npm run repoint -- keys create --user backend --policy sender" />
    </SpaceBetween>
  );
}

function useSwitchKey() {
  const { repoint, scope } = useApi();
  const cache = useQueryClient();
  const notices = useNotices();
  return useMutation({
    mutationFn: ({ AccessKeyId, Status }: AccessKeyResponse) =>
      repoint.send('UpdateAccessKey', {
        AccessKeyId,
        UpdateAccessKeyRequest: { Status: Status === 'Active' ? 'Inactive' : 'Active' },
      }),
    onSuccess: ({ AccessKeyId, Status }) => {
      notices.done(`Access key ${AccessKeyId} ${Status === 'Active' ? 'enabled' : 'disabled'}`);
      return cache.invalidateQueries({ queryKey: [...scope, 'access-keys'] });
    },
  });
}

function DeleteKeyDialog({
  accessKey,
  onClose,
}: {
  readonly accessKey: AccessKeyResponse;
  readonly onClose: () => void;
}) {
  const { repoint, scope } = useApi();
  const cache = useQueryClient();
  const notices = useNotices();
  const remove = useMutation({
    mutationFn: () => repoint.send('DeleteAccessKey', { AccessKeyId: accessKey.AccessKeyId }),
    onSuccess: () => {
      notices.done(`Access key ${accessKey.AccessKeyId} deleted`);
      onClose();
      return cache.invalidateQueries({ queryKey: [...scope, 'access-keys'] });
    },
  });
  return (
    <DeleteDialog
      kind="access key"
      name={accessKey.AccessKeyId}
      pending={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    >
      Whatever signs with this key stops working at once. Disabling it first shows whether something still uses it.
    </DeleteDialog>
  );
}

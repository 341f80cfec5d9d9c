/** Users of the account: who may sign in, with which policies. List, create, set a password, delete. */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { TableProps } from '@cloudscape-design/components/table';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { UserResponse } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';
import { CreateUserDialog } from './create-user-dialog.tsx';
import { SetPasswordDialog } from './set-password-dialog.tsx';

export function UsersPage() {
  const { repoint, scope, session } = useApi();
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<UserResponse>();
  const [settingPassword, setSettingPassword] = useState<UserResponse>();
  return (
    <Page title="Users" description="People who sign in to the console, and names that access keys belong to.">
      <PagedTable
        title="Users"
        queryKey={[...scope, 'users']}
        load={(page) => repoint.send('GetUsers', page)}
        columns={columns}
        idOf={({ UserName }) => UserName}
        nameOf={({ UserName }) => UserName}
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              disabled={selected === undefined || selected.UserName === session.UserName}
              disabledReason={selected === undefined ? undefined : 'This is you.'}
              onClick={() => setDeleting(selected)}
            >
              Delete
            </Button>
            <Button disabled={selected === undefined} onClick={() => setSettingPassword(selected)}>
              Set password
            </Button>
            <Button variant="primary" onClick={() => setCreating(true)}>
              Create user
            </Button>
          </SpaceBetween>
        )}
        empty={<Box textAlign="center">No users.</Box>}
      />
      {creating ? <CreateUserDialog onClose={() => setCreating(false)} /> : null}
      {settingPassword ? (
        <SetPasswordDialog userName={settingPassword.UserName} onClose={() => setSettingPassword(undefined)} />
      ) : null}
      {deleting ? <DeleteUserDialog user={deleting} onClose={() => setDeleting(undefined)} /> : null}
    </Page>
  );
}

const columns: TableProps.ColumnDefinition<UserResponse>[] = [
  { id: 'name', header: 'User name', minWidth: 140, isRowHeader: true, cell: ({ UserName }) => UserName },
  { id: 'policies', header: 'Policies', minWidth: 160, cell: ({ Policies }) => Policies.join(', ') || '–' },
  { id: 'sign-in', header: 'Console', minWidth: 150, cell: (user) => <SignInStatus user={user} /> },
  { id: 'created', header: 'Created', minWidth: 160, cell: ({ CreationDate }) => <Time value={CreationDate} /> },
];

function SignInStatus({ user }: { readonly user: UserResponse }) {
  if (user.LockedUntil !== undefined && Date.parse(user.LockedUntil) > Date.now()) {
    return <StatusIndicator type="warning">Locked: too many wrong passwords</StatusIndicator>;
  }
  return user.HasPassword ? (
    <StatusIndicator type="success">May sign in</StatusIndicator>
  ) : (
    <StatusIndicator type="stopped">No password</StatusIndicator>
  );
}

function DeleteUserDialog({ user, onClose }: { readonly user: UserResponse; readonly onClose: () => void }) {
  const { repoint, scope } = useApi();
  const cache = useQueryClient();
  const notices = useNotices();
  const remove = useMutation({
    mutationFn: () => repoint.send('DeleteUser', { UserName: user.UserName }),
    onSuccess: () => {
      notices.done(`User ${user.UserName} deleted`);
      onClose();
      return cache.invalidateQueries({ queryKey: scope });
    },
  });
  return (
    <DeleteDialog
      kind="user"
      name={user.UserName}
      pending={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    >
      All access keys and sessions of this user end at once.
    </DeleteDialog>
  );
}

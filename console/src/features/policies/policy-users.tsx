/** The users of the account, and whether they have one policy: give it, take it away. */
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { UserResponse } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { useForgetPolicies } from './queries.ts';

export function PolicyUsers({ policyName }: { readonly policyName: string }) {
  const { repoint, scope, session } = useApi();
  const [asking, setAsking] = useState<UserResponse>();
  const change = useSwitchPolicy(policyName, () => setAsking(undefined));
  const has = (user: UserResponse) => user.Policies.includes(policyName);
  return (
    <SpaceBetween size="m">
      {change.error && asking === undefined ? <ErrorAlert error={change.error} /> : null}
      <PagedTable
        title="Users"
        description="A user has all that any of their policies allows, but for what one denies."
        queryKey={[...scope, 'users', 'of policies']}
        load={(page) => repoint.send('GetUsers', page)}
        columns={[
          { id: 'name', header: 'User name', minWidth: 140, isRowHeader: true, cell: ({ UserName }) => UserName },
          {
            id: 'has',
            header: 'This policy',
            minWidth: 140,
            cell: (user) =>
              has(user) ? (
                <StatusIndicator type="success">Attached</StatusIndicator>
              ) : (
                <StatusIndicator type="stopped">Not attached</StatusIndicator>
              ),
          },
          { id: 'all', header: 'All policies', minWidth: 160, cell: ({ Policies }) => Policies.join(', ') || '–' },
        ]}
        idOf={({ UserName }) => UserName}
        nameOf={({ UserName }) => UserName}
        actions={(selected) => (
          <Button
            disabled={selected === undefined}
            loading={change.isPending}
            onClick={() => {
              if (selected === undefined) return;
              // Nobody takes their own rights away by one click.
              if (has(selected) && selected.UserName === session.UserName) setAsking(selected);
              else change.mutate(selected);
            }}
          >
            {selected !== undefined && has(selected) ? 'Detach' : 'Attach'}
          </Button>
        )}
        empty={<Empty title="No users">Create one on the page of users.</Empty>}
      />
      {asking ? (
        <FormDialog
          title={`Detach ${policyName} from yourself`}
          submitText="Detach"
          pending={change.isPending}
          error={change.error}
          onSubmit={() => change.mutate(asking)}
          onClose={() => setAsking(undefined)}
        >
          <Alert type="warning">
            You are {asking.UserName}. What this policy allows ends for you at once; another administrator, or whoever
            has the machine of the server, can give it back.
          </Alert>
        </FormDialog>
      ) : null}
    </SpaceBetween>
  );
}

function useSwitchPolicy(policyName: string, onDone: () => void) {
  const { repoint } = useApi();
  const forget = useForgetPolicies();
  const notices = useNotices();
  return useMutation({
    mutationFn: ({ UserName, Policies }: UserResponse) =>
      repoint.send(Policies.includes(policyName) ? 'DetachUserPolicy' : 'AttachUserPolicy', {
        ...{ UserName, PolicyName: policyName },
      }),
    onSuccess: async (_answer, { UserName, Policies }) => {
      notices.done(`${policyName} ${Policies.includes(policyName) ? 'detached from' : 'attached to'} ${UserName}`);
      onDone();
      await forget();
    },
  });
}

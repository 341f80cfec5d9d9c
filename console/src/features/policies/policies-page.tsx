/** Policies of the account: who may do what, ready-made and of its own; and a question what somebody may do. */
import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { PolicyResponse } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Page } from '../../ui/page.tsx';
import { PageButton } from '../../ui/page-button.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';
import { DeletePolicyDialog } from './delete-policy-dialog.tsx';
import { isReadyMade, policyPath } from './queries.ts';
import { UserSimulation } from './simulation.tsx';

export function PoliciesPage() {
  const { repoint, scope } = useApi();
  const [deleting, setDeleting] = useState<PolicyResponse>();
  return (
    <Page title="Policies" description="What users, and the access keys that belong to them, may do.">
      <SpaceBetween size="l">
        <PagedTable
          title="Policies"
          queryKey={[...scope, 'policies', 'list']}
          load={(page) => repoint.send('GetPolicies', page)}
          columns={columns}
          idOf={({ PolicyName }) => PolicyName}
          nameOf={({ PolicyName }) => PolicyName}
          actions={(selected) => {
            const fixed = selected !== undefined && isReadyMade(selected.PolicyName);
            return (
              <SpaceBetween direction="horizontal" size="xs">
                <Button
                  disabled={selected === undefined || fixed}
                  disabledReason={fixed ? 'A ready-made policy cannot be deleted.' : undefined}
                  onClick={() => setDeleting(selected)}
                >
                  Delete
                </Button>
                <PageButton to="/new-policy" variant="primary">
                  Create policy
                </PageButton>
              </SpaceBetween>
            );
          }}
          empty={
            <Empty title="No policies" command="npm run repoint -- keys create --user backend --policy sender">
              Ready-made ones come with an account. A user without a policy may do nothing:
            </Empty>
          }
        />
        <UserSimulation />
      </SpaceBetween>
      {deleting ? <DeletePolicyDialog policy={deleting} onClose={() => setDeleting(undefined)} /> : null}
    </Page>
  );
}

const columns: TableProps.ColumnDefinition<PolicyResponse>[] = [
  {
    id: 'name',
    header: 'Policy',
    minWidth: 160,
    isRowHeader: true,
    cell: ({ PolicyName }) => <PageLink to={policyPath(PolicyName)}>{PolicyName}</PageLink>,
  },
  {
    id: 'kind',
    header: 'Kind',
    minWidth: 150,
    cell: ({ PolicyName }) => (isReadyMade(PolicyName) ? <Badge color="blue">Ready-made</Badge> : <Badge>Own</Badge>),
  },
  { id: 'description', header: 'What it allows', minWidth: 260, cell: ({ Description }) => Description ?? '–' },
  {
    id: 'changed',
    header: 'Last changed',
    minWidth: 160,
    cell: ({ LastModifiedDate }) => <Time value={LastModifiedDate} />,
  },
];

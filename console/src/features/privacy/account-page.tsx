/** The account: what it is, and its end. Closing it is taken back by an operator only, and only for a while. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AccountResponse } from '../../../../server/src/contract/repoint-types.ts';
import { endSession, rememberClosedAccount } from '../../api/session.ts';
import { useApi } from '../../app/session.tsx';
import { CommandLine } from '../../ui/command-line.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { Facts } from '../../ui/facts.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { Time } from '../../ui/time.tsx';
import { TypedName } from '../../ui/typed-name.tsx';

export function AccountPage() {
  const { repoint, scope } = useApi();
  const query = useQuery({ queryKey: [...scope, 'account'], queryFn: () => repoint.send('GetAccount', {}) });
  return (
    <Page title="Account">
      <Loaded query={query}>
        {(account) => (
          <SpaceBetween size="l">
            <Facts
              title="General"
              facts={[
                { label: 'Account ID', value: <Copyable label="the account ID" text={account.AccountId} /> },
                { label: 'Name', value: account.Name },
                { label: 'Created', value: <Time value={account.CreationDate} /> },
              ]}
            />
            <Closing account={account} />
          </SpaceBetween>
        )}
      </Loaded>
    </Page>
  );
}

function Closing({ account }: { readonly account: AccountResponse }) {
  const [asking, setAsking] = useState(false);
  return (
    <Container
      header={
        <Header variant="h2" actions={<Button onClick={() => setAsking(true)}>Close the account</Button>}>
          Close the account
        </Header>
      }
    >
      <SpaceBetween size="s">
        <Box>
          Everybody is signed out, no key works, and nothing is sent any more. For a time that the operator has set (90
          days unless it was changed) the account can be opened again as it was; then every project, and all else of it,
          is erased for good, and only <PageLink to="/erasure-receipts">the receipts</PageLink> stay.
        </Box>
        <Box color="text-body-secondary">
          Export what you want to keep first: each project has its archives. The same in a terminal:
        </Box>
        <CommandLine
          command={`npm run repoint -- accounts close ${account.AccountId} --confirm ${account.AccountId}`}
        />
      </SpaceBetween>
      {asking ? <CloseDialog account={account} onClose={() => setAsking(false)} /> : null}
    </Container>
  );
}

function CloseDialog({ account, onClose }: { readonly account: AccountResponse; readonly onClose: () => void }) {
  const { repoint } = useApi();
  const [typed, setTyped] = useState('');
  const close = useMutation({
    mutationFn: () => repoint.send('CloseAccount', { CloseAccountRequest: { AccountId: typed } }),
    onSuccess: ({ AccountId, ErasureDate }) => {
      rememberClosedAccount({ AccountId, ErasureDate });
      endSession('signed-out');
    },
  });
  return (
    <FormDialog
      title="Close the account"
      submitText="Close the account"
      submitDisabled={typed !== account.AccountId}
      pending={close.isPending}
      error={close.error}
      onSubmit={() => close.mutate()}
      onClose={onClose}
    >
      <Alert type="warning">
        All projects stop at once. You and everybody else are signed out, and only an operator of the server can open
        the account again.
      </Alert>
      <TypedName name={account.AccountId} label="ID of the account" typed={typed} onChange={setTyped} autoFocus />
    </FormDialog>
  );
}

/** Sign-in: user name and password against temporary credentials. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useState, useSyncExternalStore } from 'react';
import { Navigate, useLocation } from 'react-router';
import { ApiError } from '../../api/errors.ts';
import { signIn } from '../../api/repoint.ts';
import { beginSession, closedAccount, sessionState, subscribeToSession } from '../../api/session.ts';
import { CommandLine } from '../../ui/command-line.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import mark from '../../ui/mark.svg';
import { Time } from '../../ui/time.tsx';
import { readSignInReturn } from './sign-in-return.ts';
import './sign-in.css';

export function SignInPage() {
  const { session } = useSyncExternalStore(subscribeToSession, sessionState);
  const { from, absence } = readSignInReturn(useLocation().state);
  useEffect(() => {
    document.title = 'Sign in · Repoint';
  }, []);
  if (session !== undefined) return <Navigate to={from} replace />;
  return (
    <main className="sign-in">
      <SpaceBetween size="l">
        <div className="sign-in-title">
          <img src={mark} alt="" width={36} height={36} />
          <Box variant="h1">Repoint</Box>
        </div>
        {absence === 'ended' ? (
          <Alert type="info">Your session has ended. Sign in to go on where you were.</Alert>
        ) : null}
        <ClosedAccountNote />
        <SignInForm />
        <ExpandableSection headerText="No user yet?">
          <SpaceBetween size="xs">
            <Box>Add one on the machine Repoint runs on:</Box>
            <CommandLine command="npm run repoint -- users add ada --policy administrator" />
          </SpaceBetween>
        </ExpandableSection>
      </SpaceBetween>
    </main>
  );
}

/** After closing an account: what is still possible, and until when. */
function ClosedAccountNote() {
  const closed = closedAccount();
  if (closed === undefined) return null;
  return (
    <Alert type="info" header={`Account ${closed.AccountId} is closed`}>
      <SpaceBetween size="xs">
        <Box>
          Nothing is sent any more and nobody can sign in. Until <Time value={closed.ErasureDate} /> an operator of the
          server can open it again; then all of it is erased.
        </Box>
        <CommandLine command={`npm run repoint -- accounts reopen ${closed.AccountId}`} />
      </SpaceBetween>
    </Alert>
  );
}

function SignInForm() {
  const [accountId, setAccountId] = useState('');
  const [userName, setUserName] = useState('');
  const [password, setPassword] = useState('');
  const attempt = useMutation({ mutationFn: signIn, onSuccess: beginSession });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (attempt.isPending) return;
    attempt.mutate({ UserName: userName, Password: password, ...(accountId === '' ? {} : { AccountId: accountId }) });
  };
  const refused = attempt.error instanceof ApiError && attempt.error.status < 500;
  const ready = userName !== '' && password !== '';
  return (
    <form onSubmit={submit} noValidate>
      <Container header={<Header variant="h2">Sign in</Header>}>
        <Form
          actions={
            <Button variant="primary" formAction="submit" disabled={!ready} loading={attempt.isPending}>
              Sign in
            </Button>
          }
        >
          <SpaceBetween size="m">
            <FormField label="User name">
              <Input
                value={userName}
                onChange={({ detail }) => setUserName(detail.value)}
                name="username"
                autoComplete="username"
                spellcheck={false}
                autoFocus
              />
            </FormField>
            <FormField label="Password">
              <Input
                value={password}
                onChange={({ detail }) => setPassword(detail.value)}
                type="password"
                name="password"
                autoComplete="current-password"
              />
            </FormField>
            <FormField
              label={
                <>
                  Account ID <i>- optional</i>
                </>
              }
              constraintText="12 digits. Needed only when this server holds several accounts."
            >
              <Input
                value={accountId}
                onChange={({ detail }) => setAccountId(detail.value.trim())}
                name="account"
                inputMode="numeric"
                autoComplete={false}
              />
            </FormField>
            {attempt.error ? (
              <ErrorAlert error={attempt.error} title={refused ? 'You are not signed in' : undefined} />
            ) : null}
          </SpaceBetween>
        </Form>
      </Container>
    </form>
  );
}

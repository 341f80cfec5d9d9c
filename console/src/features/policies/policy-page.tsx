/** One policy: its document, and the users of the account, who have it or not. */
import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { PolicyResponse } from '../../../../server/src/contract/repoint-types.ts';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { PageButton } from '../../ui/page-button.tsx';
import { Source } from '../../ui/source.tsx';
import { Time } from '../../ui/time.tsx';
import { DeletePolicyDialog } from './delete-policy-dialog.tsx';
import { PolicyUsers } from './policy-users.tsx';
import { isReadyMade, policyPath, showDocument, usePolicy } from './queries.ts';

const parents = [{ text: 'Policies', path: '/policies' }];

export function PolicyPage() {
  const { policyName = '' } = useParams();
  const query = usePolicy(policyName);
  const [deleting, setDeleting] = useState(false);
  const navigate = useNavigateFromHere();
  const actions = (
    <SpaceBetween direction="horizontal" size="xs">
      <PageButton to={`/new-policy?copy=${encodeURIComponent(policyName)}`}>Copy</PageButton>
      {isReadyMade(policyName) ? null : (
        <>
          <Button onClick={() => setDeleting(true)}>Delete</Button>
          <PageButton to={`${policyPath(policyName)}/edit`} variant="primary">
            Edit
          </PageButton>
        </>
      )}
    </SpaceBetween>
  );
  return (
    <Page title={policyName} parents={parents} actions={actions}>
      <SpaceBetween size="l">
        <Loaded query={query}>{(policy) => <Described policy={policy} />}</Loaded>
        <PolicyUsers policyName={policyName} />
      </SpaceBetween>
      {deleting && query.data ? (
        <DeletePolicyDialog
          policy={query.data}
          onDeleted={() => navigate('/policies', { replace: true })}
          onClose={() => setDeleting(false)}
        />
      ) : null}
    </Page>
  );
}

function Described({ policy }: { readonly policy: PolicyResponse }) {
  const { PolicyName, Arn, Description, Document, LastModifiedDate } = policy;
  const readyMade = isReadyMade(PolicyName);
  return (
    <Facts
      title="Policy"
      columns={2}
      description={
        readyMade
          ? 'Comes with the server: a new version of it may widen it, and nobody can change it. Copy it to make it yours.'
          : undefined
      }
      facts={[
        { label: 'Kind', value: readyMade ? <Badge color="blue">Ready-made</Badge> : <Badge>Own</Badge> },
        { label: 'What it allows', value: Description },
        { label: 'ARN', value: <Copyable label="ARN" text={Arn} /> },
        { label: 'Last changed', value: <Time value={LastModifiedDate} /> },
      ]}
    >
      <Source text={showDocument(Document)} label="Policy document" />
    </Facts>
  );
}

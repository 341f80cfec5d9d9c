/** The end of the editor: create, or change for all who have it. */
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import type { PolicyDocument } from '../../../../server/src/contract/repoint-types.ts';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { useApi } from '../../app/session.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { PageButton } from '../../ui/page-button.tsx';
import { policyPath, useForgetPolicies } from './queries.ts';

export interface SavePolicyProps {
  readonly name: string;
  readonly isNew: boolean;
  readonly description: string;
  /** Undefined while something is wrong with it. */
  readonly document: PolicyDocument | undefined;
}

export function SavePolicy({ name, isNew, description, document }: SavePolicyProps) {
  const { repoint } = useApi();
  const navigate = useNavigateFromHere();
  const notices = useNotices();
  const forget = useForgetPolicies();
  const save = useMutation({
    mutationFn: (Document: PolicyDocument) => {
      const content = { Document, Description: description };
      return isNew
        ? repoint.send('CreatePolicy', { CreatePolicyRequest: { PolicyName: name, ...content } })
        : repoint.send('UpdatePolicy', { PolicyName: name, UpdatePolicyRequest: content });
    },
    onSuccess: async () => {
      notices.done(`Policy ${name} saved`);
      await forget();
      navigate(policyPath(name));
    },
  });
  return (
    <SpaceBetween size="m">
      {save.error ? <ErrorAlert error={save.error} /> : null}
      {isNew ? null : <Alert type="info">It holds at once, for everybody who has this policy.</Alert>}
      <SpaceBetween direction="horizontal" size="xs">
        <PageButton to={isNew ? '/policies' : policyPath(name)} variant="link">
          Cancel
        </PageButton>
        <Button
          variant="primary"
          disabled={document === undefined || name === ''}
          loading={save.isPending}
          onClick={() => document && save.mutate(document)}
        >
          {isNew ? 'Create policy' : 'Save policy'}
        </Button>
      </SpaceBetween>
    </SpaceBetween>
  );
}

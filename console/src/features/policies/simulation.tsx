/** What policies would say of one request, asked of the server while it is typed: nothing is done. */
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { PolicySimulation, SimulatePolicyRequest } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { useDebounced } from '../../ui/debounced.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { PlainList } from '../../ui/plain-list.tsx';

/** Undefined: nobody is asked yet. */
export function useSimulation(request: SimulatePolicyRequest | undefined) {
  const { repoint, scope } = useApi();
  const question = useDebounced(JSON.stringify(request) ?? '', 350);
  return useQuery({
    queryKey: [...scope, 'policy-simulation', question],
    queryFn: () =>
      repoint.send('SimulatePolicy', { SimulatePolicyRequest: JSON.parse(question) as SimulatePolicyRequest }),
    enabled: question !== '',
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}

export interface AskedRequest {
  readonly action: string;
  readonly resource: string;
}

export const firstRequest: AskedRequest = { action: 'mobiletargeting:GetApp', resource: '*' };

export interface RequestFieldsProps {
  readonly request: AskedRequest;
  readonly onChange: (request: AskedRequest) => void;
}

export function RequestFields({ request, onChange }: RequestFieldsProps) {
  return (
    <SpaceBetween size="s">
      <FormField label="Action" constraintText="Such as mobiletargeting:SendMessages or repoint:GetAuditLog." stretch>
        <Input
          value={request.action}
          onChange={({ detail }) => onChange({ ...request, action: detail.value })}
          spellcheck={false}
          autoComplete={false}
        />
      </FormField>
      <FormField label="Resource" constraintText="An ARN, or * for what is asked about no resource." stretch>
        <Input
          value={request.resource}
          onChange={({ detail }) => onChange({ ...request, resource: detail.value })}
          spellcheck={false}
          autoComplete={false}
        />
      </FormField>
    </SpaceBetween>
  );
}

const words: Readonly<Record<PolicySimulation['Decision'], ReactNode>> = {
  ALLOWED: <StatusIndicator type="success">Allowed</StatusIndicator>,
  EXPLICIT_DENY: <StatusIndicator type="error">Denied by a statement</StatusIndicator>,
  NOT_ALLOWED: <StatusIndicator type="stopped">Not allowed: no statement allows it</StatusIndicator>,
};

export function Decided({ simulation }: { readonly simulation: PolicySimulation }) {
  const statements = simulation.Statements.map(({ PolicyName = 'this document', Index, Effect }) => {
    const text = `${Effect}: statement ${Index + 1} of ${PolicyName}`;
    return [text, text] as const;
  });
  return (
    <SpaceBetween size="xs">
      <div role="status">{words[simulation.Decision]}</div>
      {statements.length === 0 ? null : <PlainList items={statements} />}
    </SpaceBetween>
  );
}

/** What a user may do, by all of their policies together. */
export function UserSimulation() {
  const { session } = useApi();
  const [userName, setUserName] = useState(session.UserName);
  const [request, setRequest] = useState(firstRequest);
  const complete = userName !== '' && request.action !== '' && request.resource !== '';
  const { data, error } = useSimulation(
    complete ? { UserName: userName, Action: request.action, Resource: request.resource } : undefined,
  );
  return (
    <Container
      header={
        <Header variant="h2" description="What the server would answer, and because of what. Nothing is done.">
          What may somebody do?
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField label="User name" stretch>
          <Input
            value={userName}
            onChange={({ detail }) => setUserName(detail.value)}
            spellcheck={false}
            autoComplete={false}
          />
        </FormField>
        <RequestFields request={request} onChange={setRequest} />
        {error ? <ErrorAlert error={error} /> : data === undefined || !complete ? null : <Decided simulation={data} />}
      </SpaceBetween>
    </Container>
  );
}

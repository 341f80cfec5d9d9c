/** A new user: name, password for the console, policies. */
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../app/session.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useNotices } from '../../ui/notices.tsx';

export function CreateUserDialog({ onClose }: { readonly onClose: () => void }) {
  const [userName, setUserName] = useState('');
  const [password, setPassword] = useState('');
  const [policies, setPolicies] = useState<readonly string[]>([]);
  const create = useCreateUser(onClose);
  const request = { UserName: userName, Policies: policies, ...(password === '' ? {} : { Password: password }) };
  return (
    <FormDialog
      title="Create user"
      submitText="Create"
      submitDisabled={userName === ''}
      pending={create.isPending}
      error={create.error}
      onSubmit={() => create.mutate(request)}
      onClose={onClose}
    >
      <FormField label="User name">
        <Input
          value={userName}
          onChange={({ detail }) => setUserName(detail.value)}
          autoComplete="off"
          spellcheck={false}
          autoFocus
        />
      </FormField>
      <FormField
        label={
          <>
            Password <i>- optional</i>
          </>
        }
        constraintText="At least 12 characters. Without one, the user has access keys only."
      >
        <Input
          value={password}
          onChange={({ detail }) => setPassword(detail.value)}
          type="password"
          autoComplete="new-password"
        />
      </FormField>
      <PolicyField policies={policies} onChange={setPolicies} />
    </FormDialog>
  );
}

interface PolicyFieldProps {
  readonly policies: readonly string[];
  readonly onChange: (policies: readonly string[]) => void;
}

function PolicyField({ policies, onChange }: PolicyFieldProps) {
  const { repoint, scope } = useApi();
  const { data, isPending, error } = useQuery({
    queryKey: [...scope, 'policies'],
    queryFn: () => repoint.send('GetPolicies', { PageSize: '100' }),
  });
  const offered = data?.Item.map(({ PolicyName, Description }) => ({
    value: PolicyName,
    label: PolicyName,
    description: Description,
  }));
  return (
    <FormField label="Policies" constraintText="Without a policy a user may do nothing." errorText={error?.message}>
      <Multiselect
        selectedOptions={policies.map((value) => ({ value, label: value }))}
        options={offered ?? []}
        onChange={({ detail }) => onChange(detail.selectedOptions.flatMap(({ value }) => value ?? []))}
        statusType={isPending ? 'loading' : 'finished'}
        filteringType="auto"
        placeholder="Choose policies"
        empty="No policies"
      />
    </FormField>
  );
}

function useCreateUser(onClose: () => void) {
  const { repoint, scope } = useApi();
  const cache = useQueryClient();
  const notices = useNotices();
  return useMutation({
    mutationFn: (request: { UserName: string; Password?: string; Policies: readonly string[] }) =>
      repoint.send('CreateUser', { CreateUserRequest: request }),
    onSuccess: ({ UserName }) => {
      notices.done(`User ${UserName} created`);
      onClose();
      return cache.invalidateQueries({ queryKey: [...scope, 'users'] });
    },
    gcTime: 0,
  });
}

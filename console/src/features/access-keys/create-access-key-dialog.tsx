/** A new access key for a user. Its secret is shown once, with the profile to copy. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CreatedAccessKey } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { CommandLine } from '../../ui/command-line.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';

export function CreateAccessKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const { repoint, scope, session } = useApi();
  const [userName, setUserName] = useState(session.UserName);
  const cache = useQueryClient();
  const create = useMutation({
    mutationFn: () => repoint.send('CreateAccessKey', { UserName: userName }),
    onSuccess: () => cache.invalidateQueries({ queryKey: [...scope, 'access-keys'] }),
    // The answer holds the secret: it leaves memory with the dialog.
    gcTime: 0,
  });
  if (create.data) return <NewKey accessKey={create.data} onClose={onClose} />;
  return (
    <FormDialog
      title="Create access key"
      submitText="Create"
      submitDisabled={userName === ''}
      pending={create.isPending}
      error={create.error}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <FormField label="User" description="The key may do what the policies of this user allow.">
        <Input
          value={userName}
          onChange={({ detail }) => setUserName(detail.value)}
          autoComplete={false}
          spellcheck={false}
        />
      </FormField>
    </FormDialog>
  );
}

function NewKey({ accessKey, onClose }: { readonly accessKey: CreatedAccessKey; readonly onClose: () => void }) {
  const { AccessKeyId, SecretAccessKey, UserName } = accessKey;
  const profile = `[repoint]\naws_access_key_id = ${AccessKeyId}\naws_secret_access_key = ${SecretAccessKey}`;
  const footer = (
    <Box float="right">
      <Button variant="primary" onClick={onClose}>
        Done
      </Button>
    </Box>
  );
  return (
    <Modal visible header="Access key created" footer={footer} onDismiss={onClose} closeAriaLabel="Close">
      <SpaceBetween size="l">
        <Alert type="warning">The secret is shown only now. Copy it before you close this dialog.</Alert>
        <KeyValuePairs
          items={[
            { label: 'User', value: UserName },
            { label: 'Access key ID', value: <Copyable label="the access key ID" text={AccessKeyId} /> },
            { label: 'Secret access key', value: <Copyable label="the secret access key" text={SecretAccessKey} /> },
          ]}
        />
        <FormField label="As a profile for ~/.aws/credentials">
          <CommandLine command={profile} />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}

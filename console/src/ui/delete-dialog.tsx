/** Destroying something: says what goes and what stays, and wants its name typed. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { type ReactNode, useState } from 'react';
import { FormDialog } from './form-dialog.tsx';

export interface DeleteDialogProps {
  /** `project`, `user` */
  readonly kind: string;
  readonly name: string;
  /** What is lost, and what is not. */
  readonly children: ReactNode;
  readonly pending: boolean;
  readonly error?: unknown;
  readonly onDelete: () => void;
  readonly onClose: () => void;
}

export function DeleteDialog({ kind, name, children, pending, error, onDelete, onClose }: DeleteDialogProps) {
  const [typed, setTyped] = useState('');
  const label = (
    <>
      To confirm, type <Box variant="code">{name}</Box>
    </>
  );
  return (
    <FormDialog
      title={`Delete ${kind}`}
      submitText="Delete"
      submitDisabled={typed !== name}
      pending={pending}
      error={error}
      onSubmit={onDelete}
      onClose={onClose}
    >
      <Alert type="warning">{children}</Alert>
      <FormField label={label}>
        <Input
          value={typed}
          onChange={({ detail }) => setTyped(detail.value)}
          placeholder={name}
          autoComplete={false}
          spellcheck={false}
          ariaLabel={`Name of the ${kind}`}
          autoFocus
        />
      </FormField>
    </FormDialog>
  );
}

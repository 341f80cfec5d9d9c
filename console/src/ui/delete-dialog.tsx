/** Destroying something: says what goes and what stays, and wants its name typed. */
import Alert from '@cloudscape-design/components/alert';
import { type ReactNode, useState } from 'react';
import { FormDialog } from './form-dialog.tsx';
import { TypedName } from './typed-name.tsx';

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
      <TypedName name={name} label={`Name of the ${kind}`} typed={typed} onChange={setTyped} autoFocus />
    </FormDialog>
  );
}

/** Ends something of the project, with its name typed. */
import type { ReactNode } from 'react';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { type ProjectChange, useProjectChange } from './project-change.ts';

export interface EndDialogProps extends ProjectChange {
  /** `hold`, `rule` */
  readonly kind: string;
  readonly name: string;
  /** What is lost, and what is not. */
  readonly children: ReactNode;
}

export function EndDialog({ kind, name, children, ...change }: EndDialogProps) {
  const end = useProjectChange(change);
  return (
    <DeleteDialog
      kind={kind}
      name={name}
      pending={end.isPending}
      error={end.error}
      onDelete={() => end.mutate()}
      onClose={change.onClose}
    >
      {children}
    </DeleteDialog>
  );
}

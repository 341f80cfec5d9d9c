/** A dialog with a form: Enter sends it, an error of the server is shown in it, it closes when the work is done. */
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, type SubmitEvent, useId } from 'react';
import { ErrorAlert } from './error-alert.tsx';

export interface FormDialogProps {
  readonly title: string;
  readonly submitText: string;
  readonly submitDisabled?: boolean;
  readonly pending: boolean;
  readonly error?: unknown;
  /** Where the code alone would say the wrong thing. */
  readonly errorTitle?: string;
  readonly size?: 'small' | 'medium' | 'large';
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Render it only while it is open: what was typed is then gone when it opens again. */
export function FormDialog(props: FormDialogProps) {
  const {
    title,
    submitText,
    submitDisabled = false,
    pending,
    error,
    errorTitle,
    size = 'medium',
    onSubmit,
    onClose,
    children,
  } = props;
  const id = useId();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!submitDisabled && !pending) onSubmit();
  };
  const footer = (
    <Box float="right">
      <SpaceBetween direction="horizontal" size="xs">
        <Button variant="link" onClick={onClose}>
          Cancel
        </Button>
        <Button variant="primary" form={id} formAction="submit" disabled={submitDisabled} loading={pending}>
          {submitText}
        </Button>
      </SpaceBetween>
    </Box>
  );
  return (
    <Modal visible size={size} header={title} footer={footer} onDismiss={onClose} closeAriaLabel="Close">
      <form id={id} onSubmit={submit} noValidate>
        <SpaceBetween size="l">
          {children}
          {error ? <ErrorAlert error={error} title={errorTitle} /> : null}
        </SpaceBetween>
      </form>
    </Modal>
  );
}

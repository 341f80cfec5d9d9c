/** A secret that the server tells this once. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { Copyable } from './copyable.tsx';

export interface ShownOnceProps {
  readonly title: string;
  readonly secret: string;
  /** What it is for. */
  readonly children: ReactNode;
  readonly onClose: () => void;
}

export function ShownOnce({ title, secret, children, onClose }: ShownOnceProps) {
  const footer = (
    <Box float="right">
      <Button variant="primary" onClick={onClose}>
        Done
      </Button>
    </Box>
  );
  return (
    <Modal visible header={title} footer={footer} onDismiss={onClose} closeAriaLabel="Close">
      <SpaceBetween size="m">
        <Alert type="warning">It is shown this once. {children}</Alert>
        <Copyable label="the secret" text={secret} />
      </SpaceBetween>
    </Modal>
  );
}

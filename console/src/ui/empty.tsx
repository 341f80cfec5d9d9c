/** An empty list teaches the next step, with the command that does the same in a terminal. */
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { CommandLine } from './command-line.tsx';

export interface EmptyProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly command?: string;
}

export function Empty({ title, children, command }: EmptyProps) {
  return (
    <SpaceBetween size="s">
      <Box variant="h3" textAlign="center">
        {title}
      </Box>
      <Box color="text-body-secondary" textAlign="center">
        {children}
      </Box>
      {command === undefined ? null : <CommandLine command={command} />}
    </SpaceBetween>
  );
}

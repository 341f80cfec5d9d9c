/** A container of names and values: the same look on every page that describes one thing. */
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

export interface Fact {
  readonly label: string;
  /** A dash stands for nothing known. */
  readonly value: ReactNode;
}

export interface FactsProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly columns?: number;
  readonly facts: readonly Fact[];
  /** Below the facts. */
  readonly children?: ReactNode;
}

export function Facts({ title, description, actions, columns = 3, facts, children }: FactsProps) {
  return (
    <Container
      header={
        <Header variant="h2" description={description} actions={actions}>
          {title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <KeyValuePairs
          columns={columns}
          items={facts.map(({ label, value }) => ({ label, value: isNothing(value) ? '–' : value }))}
        />
        {children}
      </SpaceBetween>
    </Container>
  );
}

function isNothing(value: ReactNode): boolean {
  return value === undefined || value === null || value === '';
}

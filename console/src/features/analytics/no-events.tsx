/** Nothing was counted: what a page of analytics says in place of empty charts. */
import Container from '@cloudscape-design/components/container';
import type { ReactNode } from 'react';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { awsCommand } from '../../ui/command-line.tsx';
import { Empty } from '../../ui/empty.tsx';

const defaultText = 'Figures appear as soon as apps send events: choose other days, or send one from a terminal:';

export function NoEvents({ children = defaultText }: { readonly children?: ReactNode }) {
  const { region } = useApi();
  const { projectId } = useProjectPlace();
  const request = '--events-request file://events.json';
  return (
    <Container>
      <Empty
        title="Nothing happened on these days"
        command={awsCommand('put-events', region, `--application-id ${projectId}`, request)}
      >
        {children}
      </Empty>
    </Container>
  );
}

/** Whether nothing stands in any column of any day. */
export function isNothing(days: readonly object[]): boolean {
  return days.every((day) => Object.values(day).every((value) => typeof value !== 'number' || value === 0));
}

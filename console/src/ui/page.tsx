/** The frame of a page: its place in the console, heading with actions, content. */
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import type { ReactNode } from 'react';
import { type TrailStep, usePlace } from './trail.tsx';

export interface PageProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** Pages above this one, highest first; the same list at each rendering. */
  readonly parents?: readonly TrailStep[];
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

const noParents: readonly TrailStep[] = [];

export function Page({ title, description, parents = noParents, actions, children }: PageProps) {
  usePlace(title, parents);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={description} actions={actions}>
          {title}
        </Header>
      }
    >
      {children}
    </ContentLayout>
  );
}

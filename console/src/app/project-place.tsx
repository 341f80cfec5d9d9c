/** Pages inside a project: which project it is, and their frame with its name above them. */
import { type ReactNode, useMemo } from 'react';
import { useParams } from 'react-router';
import { useProject } from '../features/projects/queries.ts';
import { Page } from '../ui/page.tsx';
import type { TrailStep } from '../ui/trail.tsx';

export interface ProjectPlace {
  readonly projectId: string;
  /** `/projects/ID/segments` for `segments`. */
  path(below: string): string;
}

export function useProjectPlace(): ProjectPlace {
  const { projectId = '' } = useParams();
  return useMemo(() => {
    const base = `/projects/${encodeURIComponent(projectId)}`;
    return { projectId, path: (below) => `${base}/${below}` };
  }, [projectId]);
}

export interface ProjectFrameProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** Between the project and this page: text and path below the project. */
  readonly above?: readonly (readonly [text: string, below: string])[];
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function ProjectFrame({ title, description, above = [], actions, children }: ProjectFrameProps) {
  const { projectId, path } = useProjectPlace();
  const { data: project } = useProject(projectId);
  const steps = JSON.stringify(above);
  const parents = useMemo<readonly TrailStep[]>(() => {
    const between = JSON.parse(steps) as [string, string][];
    return [
      { text: 'All projects', path: '/projects' },
      { text: project?.name ?? 'Project', path: path('').slice(0, -1) },
      ...between.map(([text, below]) => ({ text, path: path(below) })),
    ];
  }, [steps, project?.name, path]);
  return (
    <Page title={title} description={description} parents={parents} actions={actions}>
      {children}
    </Page>
  );
}

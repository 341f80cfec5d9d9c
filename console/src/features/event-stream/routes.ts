/** The event stream of a project. */
import type { RouteObject } from 'react-router';

export const eventStreamRoutes: RouteObject[] = [
  {
    path: 'projects/:projectId/event-stream',
    lazy: async () => ({ Component: (await import('./event-stream-page.tsx')).EventStreamPage }),
  },
];

/** People of a project: finding one, and everything about one endpoint. */
import type { RouteObject } from 'react-router';

export const audienceRoutes: RouteObject[] = [
  {
    path: 'projects/:projectId/people',
    lazy: async () => ({ Component: (await import('./people-page.tsx')).PeoplePage }),
  },
  {
    path: 'projects/:projectId/people/:endpointId',
    lazy: async () => ({ Component: (await import('./endpoint-page.tsx')).EndpointPage }),
  },
];

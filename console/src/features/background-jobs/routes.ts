/** Background jobs of the server. */
import type { RouteObject } from 'react-router';

export const backgroundJobRoutes: RouteObject[] = [
  {
    path: 'background-jobs',
    lazy: async () => ({ Component: (await import('./background-jobs-page.tsx')).BackgroundJobsPage }),
  },
];

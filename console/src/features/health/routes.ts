/** Health of the server. */
import type { RouteObject } from 'react-router';

export const healthRoutes: RouteObject[] = [
  { path: 'health', lazy: async () => ({ Component: (await import('./health-page.tsx')).HealthPage }) },
];

/** Every page and its address. Each feature has its own table; pages are fetched when they are first visited. */
import Spinner from '@cloudscape-design/components/spinner';
import { createBrowserRouter, type RouteObject, redirect } from 'react-router';
import { analyticsRoutes } from '../features/analytics/routes.ts';
import { audienceRoutes } from '../features/audience/routes.ts';
import { auditLogRoutes } from '../features/audit-log/routes.ts';
import { backgroundJobRoutes } from '../features/background-jobs/routes.ts';
import { campaignRoutes } from '../features/campaigns/routes.ts';
import { channelRoutes } from '../features/channels/routes.ts';
import { eventStreamRoutes } from '../features/event-stream/routes.ts';
import { healthRoutes } from '../features/health/routes.ts';
import { policyRoutes } from '../features/policies/routes.ts';
import { privacyRoutes } from '../features/privacy/routes.ts';
import { segmentRoutes } from '../features/segments/routes.ts';
import { templateRoutes } from '../features/templates/routes.ts';
import { transactionalRoutes } from '../features/transactional/routes.ts';
import { transferRoutes } from '../features/transfers/routes.ts';
import { basePath } from '../ui/links.ts';
import { ErrorPage, NotFoundPage } from './error-page.tsx';

const pages: RouteObject[] = [
  { index: true, loader: () => redirect('/projects') },
  {
    path: 'projects',
    lazy: async () => ({ Component: (await import('../features/projects/projects-page.tsx')).ProjectsPage }),
  },
  {
    path: 'projects/:projectId',
    lazy: async () => ({ Component: (await import('../features/projects/project-page.tsx')).ProjectPage }),
  },
  ...[...audienceRoutes, ...segmentRoutes, ...transferRoutes],
  ...[...templateRoutes, ...transactionalRoutes, ...channelRoutes, ...campaignRoutes],
  ...privacyRoutes,
  ...[...analyticsRoutes, ...eventStreamRoutes],
  ...[...policyRoutes, ...auditLogRoutes, ...healthRoutes, ...backgroundJobRoutes],
  {
    path: 'projects/:projectId/journeys',
    lazy: async () => ({ Component: (await import('../features/journeys/journeys-page.tsx')).JourneysPage }),
  },
  {
    path: 'access-keys',
    lazy: async () => ({ Component: (await import('../features/access-keys/access-keys-page.tsx')).AccessKeysPage }),
  },
  {
    path: 'users',
    lazy: async () => ({ Component: (await import('../features/users/users-page.tsx')).UsersPage }),
  },
  { path: '*', Component: NotFoundPage },
];

function FirstLoad() {
  return <Spinner size="large" />;
}

export function createRouter() {
  return createBrowserRouter(
    [
      {
        ErrorBoundary: ErrorPage,
        HydrateFallback: FirstLoad,
        children: [
          {
            path: 'sign-in',
            lazy: async () => ({ Component: (await import('../features/sign-in/sign-in-page.tsx')).SignInPage }),
          },
          {
            path: '/',
            lazy: async () => ({ Component: (await import('./layout.tsx')).Layout }),
            // An error of a page leaves the navigation standing.
            children: [{ ErrorBoundary: ErrorPage, children: pages }],
          },
        ],
      },
    ],
    { basename: basePath },
  );
}

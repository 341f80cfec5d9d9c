/**
 * Every page and its address; each feature has its own table. Read by the router, and before there is one by what asks for
 * the first page, so it imports nothing but tables.
 */
import type { RouteObject } from 'react-router';
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

export const pages: readonly RouteObject[] = [
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
];

/** Asks for the code of the page at this path, which the router will want in a moment. */
export function fetchPage(path: string): void {
  const page = pageAt(path);
  if (typeof page?.lazy !== 'function') return;
  // Nothing is lost without it: the router asks again, and says what is wrong.
  page.lazy().catch(() => undefined);
}

/** As the router chooses, for which this would be too early: `erasures/new` is not the request `new`. */
export function pageAt(path: string): RouteObject | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  const isParameter = (part: string) => part.startsWith(':');
  const parameters = ({ path: pattern = '' }: RouteObject) => pattern.split('/').filter(isParameter).length;
  const fitting = pages.filter(({ path: pattern = '' }) => {
    const wanted = pattern.split('/');
    return wanted.length === parts.length && wanted.every((part, at) => isParameter(part) || part === parts[at]);
  });
  return fitting.toSorted((one, other) => parameters(one) - parameters(other))[0];
}

/** Analytics of a project: at a glance, and each matter by itself. */
import type { RouteObject } from 'react-router';

const base = 'projects/:projectId/analytics';

export const analyticsRoutes: RouteObject[] = [
  {
    path: base,
    lazy: async () => ({ Component: (await import('./pages/overview-page.tsx')).OverviewPage }),
  },
  {
    path: `${base}/usage`,
    lazy: async () => ({ Component: (await import('./pages/usage-page.tsx')).UsagePage }),
  },
  {
    path: `${base}/revenue`,
    lazy: async () => ({ Component: (await import('./pages/revenue-page.tsx')).RevenuePage }),
  },
  {
    path: `${base}/events`,
    lazy: async () => ({ Component: (await import('./pages/events-page.tsx')).EventsPage }),
  },
  {
    path: `${base}/funnels`,
    lazy: async () => ({ Component: (await import('./funnels/funnels-page.tsx')).FunnelsPage }),
  },
  {
    path: `${base}/funnels/new`,
    lazy: async () => ({ Component: (await import('./funnels/builder-page.tsx')).NewFunnelPage }),
  },
  {
    path: `${base}/funnels/:funnelId`,
    lazy: async () => ({ Component: (await import('./funnels/funnel-page.tsx')).FunnelPage }),
  },
  {
    path: `${base}/funnels/:funnelId/edit`,
    lazy: async () => ({ Component: (await import('./funnels/builder-page.tsx')).EditFunnelPage }),
  },
  {
    path: `${base}/demographics`,
    lazy: async () => ({ Component: (await import('./pages/demographics-page.tsx')).DemographicsPage }),
  },
  {
    path: `${base}/campaigns`,
    lazy: async () => ({ Component: (await import('./pages/campaigns-page.tsx')).CampaignsPage }),
  },
  {
    path: `${base}/campaigns/:campaignId`,
    lazy: async () => ({ Component: (await import('./pages/campaign-page.tsx')).CampaignPage }),
  },
  {
    path: `${base}/transactional`,
    lazy: async () => ({ Component: (await import('./pages/transactional-page.tsx')).TransactionalPage }),
  },
];

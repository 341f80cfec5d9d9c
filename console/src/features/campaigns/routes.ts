/** Campaigns: the list, a new one, and one with its runs. */
import type { RouteObject } from 'react-router';

export const campaignRoutes: RouteObject[] = [
  {
    path: 'projects/:projectId/campaigns',
    lazy: async () => ({ Component: (await import('./campaigns-page.tsx')).CampaignsPage }),
  },
  {
    path: 'projects/:projectId/campaigns/new',
    lazy: async () => ({ Component: (await import('./new-campaign-page.tsx')).NewCampaignPage }),
  },
  {
    path: 'projects/:projectId/campaigns/:campaignId',
    lazy: async () => ({ Component: (await import('./campaign-page.tsx')).CampaignPage }),
  },
];

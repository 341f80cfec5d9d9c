/** Channels and providers of a project; the account's suppression list, numbers and what people wrote to them. */
import type { RouteObject } from 'react-router';

export const channelRoutes: RouteObject[] = [
  {
    path: 'projects/:projectId/channels',
    lazy: async () => ({ Component: (await import('./channels-page.tsx')).ChannelsPage }),
  },
  {
    path: 'projects/:projectId/channels/:channel',
    lazy: async () => ({ Component: (await import('./channel-page.tsx')).ChannelPage }),
  },
  {
    path: 'suppression-list',
    lazy: async () => ({ Component: (await import('./suppression-page.tsx')).SuppressionPage }),
  },
  {
    path: 'sms-numbers',
    lazy: async () => ({ Component: (await import('./sms-numbers-page.tsx')).SmsNumbersPage }),
  },
  {
    path: 'sms-numbers/:number',
    lazy: async () => ({ Component: (await import('./sms-number-page.tsx')).SmsNumberPage }),
  },
  {
    path: 'inbound-messages',
    lazy: async () => ({ Component: (await import('./inbound-page.tsx')).InboundPage }),
  },
];

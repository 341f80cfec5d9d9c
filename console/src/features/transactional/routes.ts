/** Direct messages: sending a test, and the outbox in which messages without a provider lie. */
import type { RouteObject } from 'react-router';

export const transactionalRoutes: RouteObject[] = [
  {
    path: 'projects/:projectId/test-messages',
    lazy: async () => ({ Component: (await import('./test-messages-page.tsx')).TestMessagesPage }),
  },
  {
    path: 'projects/:projectId/outbox',
    lazy: async () => ({ Component: (await import('./outbox-page.tsx')).OutboxPage }),
  },
  {
    path: 'projects/:projectId/outbox/:messageId',
    lazy: async () => ({ Component: (await import('./outbox-message-page.tsx')).OutboxMessagePage }),
  },
];

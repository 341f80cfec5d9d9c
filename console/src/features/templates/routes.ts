/** Message templates: the list, a new one of a kind, one with its versions, and its editor. */
import type { RouteObject } from 'react-router';

export const templateRoutes: RouteObject[] = [
  {
    path: 'projects/:projectId/templates',
    lazy: async () => ({ Component: (await import('./templates-page.tsx')).TemplatesPage }),
  },
  {
    path: 'projects/:projectId/templates/:type',
    lazy: async () => ({ Component: (await import('./editor-page.tsx')).NewTemplatePage }),
  },
  {
    path: 'projects/:projectId/templates/:type/:name',
    lazy: async () => ({ Component: (await import('./template-page.tsx')).TemplatePage }),
  },
  {
    path: 'projects/:projectId/templates/:type/:name/edit',
    lazy: async () => ({ Component: (await import('./editor-page.tsx')).EditTemplatePage }),
  },
];

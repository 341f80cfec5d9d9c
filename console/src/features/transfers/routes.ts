/** Imports and exports: their lists, new ones, and one while it runs. */
import type { RouteObject } from 'react-router';

export const transferRoutes: RouteObject[] = [
  {
    path: 'projects/:projectId/imports',
    lazy: async () => ({ Component: (await import('./imports-page.tsx')).ImportsPage }),
  },
  {
    path: 'projects/:projectId/imports/new',
    lazy: async () => ({ Component: (await import('./new-import-page.tsx')).NewImportPage }),
  },
  {
    path: 'projects/:projectId/imports/:jobId',
    lazy: async () => ({ Component: (await import('./import-page.tsx')).ImportPage }),
  },
  {
    path: 'projects/:projectId/exports',
    lazy: async () => ({ Component: (await import('./exports-page.tsx')).ExportsPage }),
  },
  {
    path: 'projects/:projectId/exports/new',
    lazy: async () => ({ Component: (await import('./new-export-page.tsx')).NewExportPage }),
  },
  {
    path: 'projects/:projectId/exports/:jobId',
    lazy: async () => ({ Component: (await import('./export-page.tsx')).ExportPage }),
  },
];

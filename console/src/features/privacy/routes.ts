/** Privacy: erasing people, what is held on them, files, rules; receipts, deleted projects and the end of the account. */
import type { RouteObject } from 'react-router';

const erasureRoutes: RouteObject[] = [
  {
    path: 'projects/:projectId/erasures',
    lazy: async () => ({ Component: (await import('./erasures-page.tsx')).ErasuresPage }),
  },
  {
    path: 'projects/:projectId/erasures/new',
    lazy: async () => ({ Component: (await import('./new-erasure-page.tsx')).NewErasurePage }),
  },
  {
    path: 'projects/:projectId/erasures/:requestId',
    lazy: async () => ({ Component: (await import('./erasure-page.tsx')).ErasurePage }),
  },
  {
    path: 'projects/:projectId/access-requests',
    lazy: async () => ({ Component: (await import('./access-requests-page.tsx')).AccessRequestsPage }),
  },
  {
    path: 'projects/:projectId/access-requests/:requestId',
    lazy: async () => ({ Component: (await import('./access-request-page.tsx')).AccessRequestPage }),
  },
  {
    path: 'projects/:projectId/files',
    lazy: async () => ({ Component: (await import('./files-page.tsx')).FilesPage }),
  },
  {
    path: 'projects/:projectId/files/erase',
    lazy: async () => ({ Component: (await import('./erase-in-files-page.tsx')).EraseInFilesPage }),
  },
  {
    path: 'projects/:projectId/files/erasures/:erasureId',
    lazy: async () => ({ Component: (await import('./file-erasure-page.tsx')).FileErasurePage }),
  },
  {
    path: 'projects/:projectId/archives',
    lazy: async () => ({ Component: (await import('./archives-page.tsx')).ArchivesPage }),
  },
  {
    path: 'projects/:projectId/privacy',
    lazy: async () => ({ Component: (await import('./rules-page.tsx')).RulesPage }),
  },
];

const accountRoutes: RouteObject[] = [
  {
    path: 'erasure-receipts',
    lazy: async () => ({ Component: (await import('./receipts-page.tsx')).ReceiptsPage }),
  },
  {
    path: 'erasure-receipts/:erasureId',
    lazy: async () => ({ Component: (await import('./receipt-page.tsx')).ReceiptPage }),
  },
  {
    path: 'project-erasures',
    lazy: async () => ({ Component: (await import('./project-erasures-page.tsx')).ProjectErasuresPage }),
  },
  {
    path: 'project-erasures/:erasureId',
    lazy: async () => ({ Component: (await import('./project-erasure-page.tsx')).ProjectErasurePage }),
  },
  {
    path: 'account',
    lazy: async () => ({ Component: (await import('./account-page.tsx')).AccountPage }),
  },
];

export const privacyRoutes: RouteObject[] = [...erasureRoutes, ...accountRoutes];

/** Segments: the list, one of them, and the builder. */
import type { RouteObject } from 'react-router';

export const segmentRoutes: RouteObject[] = [
  {
    path: 'projects/:projectId/segments',
    lazy: async () => ({ Component: (await import('./segments-page.tsx')).SegmentsPage }),
  },
  {
    path: 'projects/:projectId/segments/new',
    lazy: async () => ({ Component: (await import('./builder-page.tsx')).NewSegmentPage }),
  },
  {
    path: 'projects/:projectId/segments/:segmentId',
    lazy: async () => ({ Component: (await import('./segment-page.tsx')).SegmentPage }),
  },
  {
    path: 'projects/:projectId/segments/:segmentId/edit',
    lazy: async () => ({ Component: (await import('./builder-page.tsx')).EditSegmentPage }),
  },
];

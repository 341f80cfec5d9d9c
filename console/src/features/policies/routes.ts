/** Policies: the list, a new one, one with the users who have it, and its editor. */
import type { RouteObject } from 'react-router';

export const policyRoutes: RouteObject[] = [
  { path: 'policies', lazy: async () => ({ Component: (await import('./policies-page.tsx')).PoliciesPage }) },
  // A policy may have the name `new`: what makes one stands apart.
  { path: 'new-policy', lazy: async () => ({ Component: (await import('./editor-page.tsx')).NewPolicyPage }) },
  { path: 'policies/:policyName', lazy: async () => ({ Component: (await import('./policy-page.tsx')).PolicyPage }) },
  {
    path: 'policies/:policyName/edit',
    lazy: async () => ({ Component: (await import('./editor-page.tsx')).EditPolicyPage }),
  },
];

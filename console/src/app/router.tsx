/** Which page is shown at which address; a page is fetched when it is first visited. */
import Spinner from '@cloudscape-design/components/spinner';
import { createBrowserRouter, redirect } from 'react-router';
import { SignInPage } from '../features/sign-in/sign-in-page.tsx';
import { basePath } from '../ui/base-path.ts';
import { ErrorPage, NotFoundPage } from './error-page.tsx';
import { pages } from './pages.ts';

function FirstLoad() {
  return <Spinner size="large" />;
}

export function createRouter() {
  return createBrowserRouter(
    [
      {
        ErrorBoundary: ErrorPage,
        HydrateFallback: FirstLoad,
        children: [
          // Most visits begin there: not one request later than the rest.
          { path: 'sign-in', Component: SignInPage },
          {
            path: '/',
            lazy: async () => ({ Component: (await import('./layout.tsx')).Layout }),
            // An error of a page leaves the navigation standing.
            children: [
              {
                ErrorBoundary: ErrorPage,
                children: [
                  { index: true, loader: () => redirect('/projects') },
                  ...pages,
                  { path: '*', Component: NotFoundPage },
                ],
              },
            ],
          },
        ],
      },
    ],
    { basename: basePath },
  );
}

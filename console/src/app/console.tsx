/** The console itself: styles, appearance, query cache, router. */
import '@cloudscape-design/global-styles/index.css';
import './base.css';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { AppearanceProvider } from './appearance.tsx';
import { createQueryClient } from './query-client.ts';
import { createRouter } from './router.tsx';

const root = document.getElementById('console');
if (root === null) throw new Error('index.html has no place for the console');

createRoot(root).render(
  <StrictMode>
    <I18nProvider locale="en" messages={[messages]}>
      <AppearanceProvider>
        <QueryClientProvider client={createQueryClient()}>
          <RouterProvider router={createRouter()} />
        </QueryClientProvider>
      </AppearanceProvider>
    </I18nProvider>
  </StrictMode>,
);

/** The frame of the signed-in console: top bar, navigation, notices, page. */
import AppLayoutToolbar from '@cloudscape-design/components/app-layout-toolbar';
import { useState } from 'react';
import { Outlet } from 'react-router';
import { NoticesBar, NoticesProvider } from '../ui/notices.tsx';
import { Trail, TrailProvider } from '../ui/trail.tsx';
import { Navigation } from './navigation.tsx';
import { SessionProvider } from './session.tsx';
import { TopBar } from './top-bar.tsx';

const narrow = '(max-width: 688px)';

export function Layout() {
  const [navigationOpen, setNavigationOpen] = useState(() => !window.matchMedia(narrow).matches);
  const closeWhenNarrow = () => {
    if (window.matchMedia(narrow).matches) setNavigationOpen(false);
  };
  return (
    <SessionProvider>
      <NoticesProvider>
        <TrailProvider>
          <div id="top-navigation" className="top-navigation">
            <TopBar />
          </div>
          <AppLayoutToolbar
            headerSelector="#top-navigation"
            navigation={<Navigation onFollow={closeWhenNarrow} />}
            navigationOpen={navigationOpen}
            onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
            navigationWidth={260}
            toolsHide
            breadcrumbs={<Trail />}
            notifications={<NoticesBar />}
            content={<Outlet />}
          />
        </TrailProvider>
      </NoticesProvider>
    </SessionProvider>
  );
}

/** The navigation: pages of the account, and of the project that is open. A new page adds its line here. */
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import { useLocation, useMatch } from 'react-router';
import { consoleHref, useFollow } from '../ui/links.ts';

export function Navigation({ onFollow }: { readonly onFollow: () => void }) {
  const follow = useFollow();
  const { pathname } = useLocation();
  const projectId = useMatch('/projects/:projectId/*')?.params.projectId;
  return (
    <SideNavigation
      header={{ text: 'Repoint', href: consoleHref('/projects') }}
      activeHref={consoleHref(pathname)}
      items={[
        page('All projects', '/projects'),
        ...(projectId === undefined ? [] : [projectPages(projectId)]),
        { type: 'divider' },
        {
          type: 'section-group',
          title: 'Account',
          items: [page('Access keys', '/access-keys'), page('Users', '/users')],
        },
      ]}
      onFollow={(event) => {
        follow(event);
        onFollow();
      }}
    />
  );
}

function projectPages(projectId: string): SideNavigationProps.SectionGroup {
  const base = `/projects/${encodeURIComponent(projectId)}`;
  return { type: 'section-group', title: 'Project', items: [page('General settings', base)] };
}

function page(text: string, path: string): SideNavigationProps.Link {
  return { type: 'link', text, href: consoleHref(path) };
}

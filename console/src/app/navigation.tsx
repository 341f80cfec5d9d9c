/** The navigation: pages of the account, and of the project that is open. A new page adds its line here. */
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import { useLocation, useMatch } from 'react-router';
import { consoleHref, useFollow } from '../ui/links.ts';

type Section = readonly [title: string, pages: readonly (readonly [text: string, path: string])[]];

/** Below the project. */
const projectSections: readonly Section[] = [
  [
    'Project',
    [
      ['General settings', ''],
      ['Channels', 'channels'],
      ['Privacy', 'privacy'],
    ],
  ],
  [
    'Audience',
    [
      ['People', 'people'],
      ['Segments', 'segments'],
      ['Imports', 'imports'],
      ['Exports', 'exports'],
    ],
  ],
  [
    'Engage',
    [
      ['Templates', 'templates'],
      ['Campaigns', 'campaigns'],
      ['Journeys', 'journeys'],
      ['Analytics', 'analytics'],
    ],
  ],
  [
    'Transactional',
    [
      ['Test messaging', 'test-messages'],
      ['Outbox', 'outbox'],
    ],
  ],
];

const accountSections: readonly Section[] = [
  [
    'Sending',
    [
      ['Suppression list', '/suppression-list'],
      ['SMS numbers', '/sms-numbers'],
      ['Inbound messages', '/inbound-messages'],
    ],
  ],
  [
    'Administration',
    [
      ['Access keys', '/access-keys'],
      ['Users', '/users'],
      ['Policies', '/policies'],
      ['Audit log', '/audit-log'],
      ['Health', '/health'],
      ['Background jobs', '/background-jobs'],
    ],
  ],
];

export function Navigation({ onFollow }: { readonly onFollow: () => void }) {
  const follow = useFollow();
  const { pathname } = useLocation();
  const projectId = useMatch('/projects/:projectId/*')?.params.projectId;
  const project = projectId === undefined ? undefined : `/projects/${encodeURIComponent(projectId)}`;
  const sections: readonly Section[] = [
    ...(project === undefined ? [] : projectSections.map((section) => within(section, project))),
    ...accountSections,
  ];
  return (
    <SideNavigation
      header={{ text: 'Repoint', href: consoleHref('/projects') }}
      activeHref={consoleHref(activePath(pathname, sections))}
      items={[
        toLink(['All projects', '/projects']),
        ...(project === undefined ? [] : projectSections.map((section) => toGroup(within(section, project)))),
        { type: 'divider' },
        ...accountSections.map(toGroup),
      ]}
      onFollow={(event) => {
        follow(event);
        onFollow();
      }}
    />
  );
}

/** A page without a line of its own lights up the one it belongs to. */
function activePath(pathname: string, sections: readonly Section[]): string {
  const paths = sections.flatMap(([, pages]) => pages.map(([, path]) => path));
  const fitting = paths.filter((path) => pathname === path || pathname.startsWith(`${path}/`));
  return fitting.toSorted((one, other) => other.length - one.length)[0] ?? pathname;
}

function within([title, pages]: Section, project: string): Section {
  return [title, pages.map(([text, below]) => [text, below === '' ? project : `${project}/${below}`] as const)];
}

function toGroup([title, pages]: Section): SideNavigationProps.SectionGroup {
  return { type: 'section-group', title, items: pages.map(toLink) };
}

function toLink([text, path]: readonly [string, string]): SideNavigationProps.Link {
  return { type: 'link', text, href: consoleHref(path) };
}

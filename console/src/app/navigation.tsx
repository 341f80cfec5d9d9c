/** The navigation: pages of the account, and of the project that is open. A new page adds its line here. */
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import { useLocation, useMatch } from 'react-router';
import { consoleHref, useFollow } from '../ui/links.ts';
import { useApi } from './session.tsx';

type Line = readonly [text: string, path: string];
/** Those below are folded away while none of them is open. */
type Entry = readonly [...line: Line, below?: readonly Line[]];
type Section = readonly [title: string, pages: readonly Entry[]];

const analyticsPages: readonly Line[] = [
  ['Usage', 'analytics/usage'],
  ['Revenue', 'analytics/revenue'],
  ['Events', 'analytics/events'],
  ['Funnels', 'analytics/funnels'],
  ['Demographics', 'analytics/demographics'],
  ['Campaign results', 'analytics/campaigns'],
  ['Transactional messages', 'analytics/transactional'],
];

/** Below the project. */
const projectSections: readonly Section[] = [
  [
    'Project',
    [
      ['General settings', ''],
      ['Channels', 'channels'],
      ['Event stream', 'event-stream'],
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
      ['Analytics', 'analytics', analyticsPages],
    ],
  ],
  [
    'Transactional',
    [
      ['Test messaging', 'test-messages'],
      ['Outbox', 'outbox'],
    ],
  ],
  [
    'Privacy',
    [
      ['Erasure requests', 'erasures'],
      ['Access requests', 'access-requests'],
      ['People in files', 'files'],
      ['Rules and holds', 'privacy'],
      ['Archives', 'archives'],
    ],
  ],
];

/** The server answers them to the account that operates the deployment alone. */
const operatorPages: readonly Line[] = [
  ['Health', '/health'],
  ['Background jobs', '/background-jobs'],
];

const accountSections = (operates: boolean): readonly Section[] => [
  [
    'Sending',
    [
      ['Suppression list', '/suppression-list'],
      ['SMS numbers', '/sms-numbers'],
      ['Inbound messages', '/inbound-messages'],
    ],
  ],
  [
    'Erasure',
    [
      ['Erasure receipts', '/erasure-receipts'],
      ['Deleted projects', '/project-erasures'],
    ],
  ],
  [
    'Administration',
    [
      ['Access keys', '/access-keys'],
      ['Users', '/users'],
      ['Account', '/account'],
      ['Policies', '/policies'],
      ['Audit log', '/audit-log'],
      ...(operates ? operatorPages : []),
    ],
  ],
];

export function Navigation({ onFollow }: { readonly onFollow: () => void }) {
  const follow = useFollow();
  const { pathname } = useLocation();
  const { session } = useApi();
  const projectId = useMatch('/projects/:projectId/*')?.params.projectId;
  const project = projectId === undefined ? undefined : `/projects/${encodeURIComponent(projectId)}`;
  const ofProject = project === undefined ? [] : projectSections.map((section) => within(section, project));
  // Who began a session before the server told it may operate; the pages ask the server anyhow.
  const ofAccount = accountSections(session.Operates !== false);
  return (
    <SideNavigation
      header={{ text: 'Repoint', href: consoleHref('/projects') }}
      activeHref={consoleHref(activePath(pathname, [...ofProject, ...ofAccount]))}
      items={[
        toLink(['All projects', '/projects']),
        ...ofProject.map(toGroup),
        { type: 'divider' },
        ...ofAccount.map(toGroup),
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
  const entries = sections.flatMap(([, pages]) => pages);
  const paths = entries.flatMap(([, path, below = []]) => [path, ...below.map(([, each]) => each)]);
  const fitting = paths.filter((path) => pathname === path || pathname.startsWith(`${path}/`));
  return fitting.toSorted((one, other) => other.length - one.length)[0] ?? pathname;
}

function within([title, pages]: Section, project: string): Section {
  const inProject = ([text, path]: Line): Line => [text, path === '' ? project : `${project}/${path}`];
  return [title, pages.map(([text, path, below]) => [...inProject([text, path]), below?.map(inProject)] as const)];
}

function toGroup([title, pages]: Section): SideNavigationProps.SectionGroup {
  return { type: 'section-group', title, items: pages.map(toEntry) };
}

function toEntry([text, path, below]: Entry): SideNavigationProps.Link | SideNavigationProps.ExpandableLinkGroup {
  if (below === undefined) return toLink([text, path]);
  return { type: 'expandable-link-group', text, href: consoleHref(path), items: below.map(toLink) };
}

function toLink([text, path]: Line): SideNavigationProps.Link {
  return { type: 'link', text, href: consoleHref(path) };
}

/**
 * `npm run operations`: which operations answer and which say 501, out of the contract and `unanswered.ts`. Prints the
 * table, and writes docs/coverage.md and the part of README.md between its markers. With `--quiet` it only writes; with
 * `--check` it writes nothing and fails when the files on disk say something else.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type OperationDefinition, operations } from '../server/src/contract/operations.ts';
import { unanswered } from '../server/src/operations/unanswered.ts';

const root = resolve(import.meta.dirname, '..');

/** Every operation belongs to exactly one; `paths` are those below `/v1` or `/repoint/v1`, without the project. */
interface Group {
  readonly title: string;
  readonly service: OperationDefinition['service'];
  readonly paths: RegExp;
}

/** In the order in which somebody who moves here asks for them. */
const groups: readonly Group[] = [
  { title: 'Projects and settings', service: 'pinpoint', paths: /^(\/apps|\/settings)?$/ },
  { title: 'Tags', service: 'pinpoint', paths: /^\/tags/ },
  {
    title: 'Endpoints and users',
    service: 'pinpoint',
    paths: /^\/(endpoints|users\/|attributes)(?!.*\/inappmessages)/,
  },
  { title: 'Segments', service: 'pinpoint', paths: /^\/segments(?!.*\/jobs)/ },
  { title: 'Imports and exports', service: 'pinpoint', paths: /\/jobs\// },
  { title: 'Templates', service: 'pinpoint', paths: /^\/templates/ },
  { title: 'Channels', service: 'pinpoint', paths: /^\/channels/ },
  {
    title: 'Messages and passcodes',
    service: 'pinpoint',
    paths: /^\/(users-)?messages|otp$|^\/phone|\/inappmessages$/,
  },
  { title: 'Events and event stream', service: 'pinpoint', paths: /^\/events/ },
  { title: 'Campaigns', service: 'pinpoint', paths: /^\/campaigns(?!.*\/kpis)/ },
  { title: 'Journeys', service: 'pinpoint', paths: /^\/journeys(?!.*(\/kpis|-metrics$))/ },
  { title: 'Analytics', service: 'pinpoint', paths: /\/kpis\/|-metrics$/ },
  { title: 'Recommender models', service: 'pinpoint', paths: /^\/recommenders/ },
  {
    title: 'Segments and attributes',
    service: 'repoint',
    paths: /^\/(segments|endpoints(?!.*\/(messages|events)$)|attributes)/,
  },
  { title: 'Events', service: 'repoint', paths: /^\/(event-settings|endpoints\/.*\/events)$/ },
  { title: 'Event stream', service: 'repoint', paths: /^\/event-stream-destination$/ },
  {
    title: 'Messages',
    service: 'repoint',
    paths: /^\/(messaging-settings|template-previews|suppressed-addresses|endpoints\/\{[^}]+\}\/messages)/,
  },
  { title: 'Campaign runs', service: 'repoint', paths: /^\/campaigns/ },
  { title: 'Two-way SMS', service: 'repoint', paths: /^\/sms\// },
  { title: 'Analytics and funnels', service: 'repoint', paths: /^\/(analytics|funnels)/ },
  { title: 'Erasure', service: 'repoint', paths: /^\/(project-)?erasure(?!-receipts)/ },
  { title: 'Receipts', service: 'repoint', paths: /^\/(erasure-receipts|receipt-keys)/ },
  { title: 'OpenDSR', service: 'repoint', paths: /^\/opendsr/ },
  { title: 'Access requests', service: 'repoint', paths: /^\/access-requests/ },
  { title: 'Retention', service: 'repoint', paths: /^\/retention-/ },
  { title: 'Files', service: 'repoint', paths: /^\/(files|file-)/ },
  { title: 'Archives', service: 'repoint', paths: /^\/archives/ },
  { title: 'Providers', service: 'repoint', paths: /^\/provider/ },
  { title: 'Outbox', service: 'repoint', paths: /^\/outbox/ },
  { title: 'Sign-in', service: 'repoint', paths: /^\/(sign-in|sign-out|caller)/ },
  { title: 'Account', service: 'repoint', paths: /^\/account/ },
  { title: 'Users', service: 'repoint', paths: /^\/users(?!.*\/access-keys)/ },
  { title: 'Access keys', service: 'repoint', paths: /\/access-keys/ },
  { title: 'Policies', service: 'repoint', paths: /^\/polic/ },
  { title: 'Audit log', service: 'repoint', paths: /^\/audit/ },
  { title: 'Health and background jobs', service: 'repoint', paths: /^\/(health|background-jobs)/ },
];

const services = [
  { service: 'pinpoint', title: "Amazon Pinpoint's API" },
  { service: 'repoint', title: "Repoint's own API" },
] as const;

type Row = readonly string[];

const all: readonly OperationDefinition[] = Object.values(operations);
const silent: ReadonlySet<string> = new Set(unanswered);
const answers = ({ name }: OperationDefinition) => !silent.has(name);

function groupOf({ name, service, path }: OperationDefinition): Group {
  const below = path.replace(/^(\/repoint)?\/v1/, '').replace(/^\/apps\/\{[^}]+\}/, '');
  const fitting = groups.filter((group) => group.service === service && group.paths.test(below));
  if (fitting.length === 1) return fitting[0] as Group;
  throw new Error(`${name} (${path}) belongs to ${fitting.length} groups of scripts/operations.ts; it needs one.`);
}

const methodOrder = ['POST', 'GET', 'PUT', 'DELETE'];

/** Those of one group as a reader expects them: collections before their items, create before read before change. */
function inGroup(group: Group): OperationDefinition[] {
  return all
    .filter((definition) => groupOf(definition) === group)
    .toSorted(
      (a, b) =>
        (a.path < b.path ? -1 : Number(a.path > b.path)) ||
        methodOrder.indexOf(a.method) - methodOrder.indexOf(b.method),
    );
}

function count(definitions: readonly OperationDefinition[]): string {
  return `${definitions.filter(answers).length} of ${definitions.length}`;
}

/** Columns of equal width, so that the text reads well as it is, too. */
function align(rows: readonly Row[]): string[][] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] as number)));
}

function markdownTable([header, ...rows]: readonly [Row, ...Row[]]): string {
  const [head, ...body] = align([header, ...rows]);
  const rule = (head as string[]).map((cell) => '-'.repeat(cell.length));
  return [head as string[], rule, ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function countsByGroup(): string {
  const rows = groups.map((group): Row => {
    const title = services.find(({ service }) => service === group.service)?.title as string;
    return [group.title, title, count(inGroup(group))];
  });
  return markdownTable([['Part', 'API', 'Operations that answer'], ...rows]);
}

function coverage(): string {
  const parts = services.map(({ service, title }) => {
    const sections = groups.filter((group) => group.service === service).map(section);
    return `## ${title}: ${count(all.filter((definition) => definition.service === service))}\n\n${sections.join('\n\n')}`;
  });
  return `<!-- GENERATED by scripts/operations.ts from the contract: do not edit, run npm run operations. -->

# Which operations answer

Those marked 501 check signature, permission and project, and then say \`NotImplementedException\`.

${parts.join('\n\n')}
`;
}

function section(group: Group): string {
  const rows = inGroup(group).map((definition): Row => {
    const { name, method, path } = definition;
    return [name, `\`${method} ${path}\``, answers(definition) ? 'answers' : '501'];
  });
  return `### ${group.title}: ${count(inGroup(group))}\n\n${markdownTable([['Operation', 'Request', 'State'], ...rows])}`;
}

const begin = '<!-- The table is made by `npm run operations`. -->';
const end = '<!-- End of the table. -->';

function withCounts(readme: string): string {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md must have the markers ${begin} and ${end}, in this order.`);
  return `${readme.slice(0, from + begin.length)}\n\n${countsByGroup()}\n\n${readme.slice(to)}`;
}

function print(): void {
  const rows = groups.flatMap(inGroup).map((definition): Row => {
    const { name, service, method, path } = definition;
    return [name, service, method, path, answers(definition) ? 'answers' : '501'];
  });
  for (const row of align([['OPERATION', 'API', 'METHOD', 'PATH', 'STATE'], ...rows]))
    console.log(row.join('  ').trimEnd());
  const counts = services.map(
    ({ service, title }) => `${count(all.filter((one) => one.service === service))} of ${title}`,
  );
  console.log(`\n${count(all)} operations answer: ${counts.join(', ')}.`);
}

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const files: Readonly<Record<string, string>> = { 'docs/coverage.md': coverage(), 'README.md': withCounts(readme) };
const outdated = Object.keys(files).filter((name) => {
  const file = join(root, name);
  return !existsSync(file) || readFileSync(file, 'utf8') !== files[name];
});
if (!process.argv.includes('--check')) {
  for (const name of outdated) writeFileSync(join(root, name), files[name] as string);
  if (!process.argv.includes('--quiet')) print();
} else if (outdated.length > 0) {
  console.error(`Not what the contract says: ${outdated.join(', ')}. Run: npm run operations`);
  process.exitCode = 1;
}

/**
 * Holds the import order of ARCHITECTURE.md: no upward import between rooms or domains, no way around a domain's
 * index.ts, `pg` only under database/, drivers known to nobody but their folder. Cycles are found by the linter.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const source = resolve(import.meta.dirname, '../server/src');

/** What each room may import besides itself. */
const rooms: Record<string, readonly string[]> = {
  contract: [],
  kernel: [],
  database: ['kernel'],
  jobs: ['database', 'kernel'],
  operations: ['contract', 'database', 'kernel'],
  http: ['contract', 'kernel', 'operations', 'database (types)'],
  domains: ['contract', 'kernel', 'database', 'jobs', 'operations'],
};

/** Domains low to high: a domain may import those on lower lines only. */
const domainOrder: readonly (readonly string[])[] = [
  ['accounts'],
  ['projects'],
  ['audience', 'templates', 'channels', 'recommenders'],
  ['segments', 'events'],
  ['messaging'],
  ['transfers', 'campaigns', 'journeys'],
  ['analytics'],
  ['erasure'],
];

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function* importsOf(file: string): Generator<Import> {
  const text = readFileSync(file, 'utf8');
  const pattern = /^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/gm;
  for (const [, typeOnly, target, dynamic] of text.matchAll(pattern)) {
    yield { file, target: (target ?? dynamic) as string, typeOnly: typeOnly !== undefined };
  }
}

function fault({ file, target, typeOnly }: Import): string | undefined {
  const from = relative(source, file);
  const test = /\.test\.ts$/.test(from);
  if (target === 'pg' || target.startsWith('pg-')) {
    return from.startsWith('database/') || test ? undefined : 'only database/ talks to pg';
  }
  if (!target.startsWith('.')) return undefined;
  const to = relative(source, resolve(dirname(file), target));
  if (to.startsWith('..')) return test || /package\.json$/.test(to) ? undefined : 'imports from outside server/src';
  const fromRoom = from.split('/')[0] as string;
  const toRoom = to.split('/')[0] as string;
  const allowed = rooms[fromRoom];
  if (allowed === undefined || test) return undefined;
  if (fromRoom === 'domains' && toRoom === 'domains') return domainFault(from, to);
  if (fromRoom === toRoom || allowed.includes(toRoom)) return undefined;
  if (typeOnly && allowed.includes(`${toRoom} (types)`)) return undefined;
  return `${fromRoom}/ may not import ${toRoom}/`;
}

function domainFault(from: string, to: string): string | undefined {
  const [, fromDomain] = from.split('/') as [string, string];
  const [, toDomain, ...rest] = to.split('/') as [string, string, ...string[]];
  if (fromDomain === toDomain) return undefined;
  if (rest.join('/') !== 'index.ts') return `domains/${toDomain} is entered through its index.ts`;
  const level = (domain: string) => domainOrder.findIndex((line) => line.includes(domain));
  if (level(fromDomain) < 0 || level(toDomain) < 0)
    return 'a domain is missing in the order of scripts/check-imports.ts';
  return level(toDomain) < level(fromDomain) ? undefined : `domains/${fromDomain} stands below domains/${toDomain}`;
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const faults = files
  .flatMap((name) => [...importsOf(join(source, name))])
  .flatMap((found) => {
    const reason = fault(found);
    return reason === undefined
      ? []
      : [`server/src/${relative(source, found.file)} imports '${found.target}': ${reason}`];
  });

for (const line of faults) console.error(line);
if (faults.length > 0) process.exit(1);

/**
 * Holds the import order of ARCHITECTURE.md: no upward import between rooms or domains, no way around a domain's
 * index.ts, `pg` only under database/, and in the console nothing of the server but types of the contract. Cycles and
 * `process.env` outside of the configuration table are found by the linter.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const serverSource = join(root, 'server/src');
const consoleSource = join(root, 'console/src');

/** What each room may import besides itself. Those that are not named here stand above all: app.ts, app/, main.ts, cli/. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  kernel: [],
  outgoing: ['kernel'],
  'object-store': ['kernel'],
  database: ['kernel'],
  jobs: ['database', 'kernel'],
  operations: ['contract', 'kernel', 'database (types)'],
  http: ['contract', 'kernel', 'operations', 'database (types)'],
  domains: ['contract', 'kernel', 'outgoing', 'object-store', 'database', 'jobs', 'operations'],
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
  ['health'],
];

interface Import {
  /** Absolute. */
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(directory, name));
}

function importsOf(file: string): Import[] {
  const pattern = /^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/gm;
  return [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, typeOnly, target, dynamic]) => ({
    file,
    target: (target ?? dynamic) as string,
    typeOnly: typeOnly !== undefined,
  }));
}

function serverFault({ file, target, typeOnly }: Import): string | undefined {
  const from = relative(serverSource, file);
  // A test reaches for what it tests.
  if (from.endsWith('.test.ts')) return undefined;
  if (target === 'pg' || target.startsWith('pg-')) {
    return from.startsWith('database/') ? undefined : 'only database/ talks to pg';
  }
  if (!target.startsWith('.')) return undefined;
  const to = relative(serverSource, resolve(dirname(file), target));
  if (to.startsWith('..')) return to.endsWith('/package.json') ? undefined : 'comes from outside server/src';
  return roomFault(from, to, typeOnly) ?? domainFault(from, to);
}

function roomFault(from: string, to: string, typeOnly: boolean): string | undefined {
  const [fromRoom = '', toRoom = ''] = [from, to].map((path) => path.split('/')[0]);
  const allowed = rooms[fromRoom];
  if (allowed === undefined || fromRoom === toRoom || allowed.includes(toRoom)) return undefined;
  if (typeOnly && allowed.includes(`${toRoom} (types)`)) return undefined;
  return `${fromRoom}/ may not import ${toRoom}`;
}

function domainFault(from: string, to: string): string | undefined {
  const fromDomain = domainOf(from);
  const toDomain = domainOf(to);
  if (toDomain === undefined || fromDomain === toDomain) return undefined;
  if (to !== `domains/${toDomain}/index.ts`) return `domains/${toDomain} is entered through its index.ts`;
  if (fromDomain === undefined) return undefined;
  const [fromLevel, toLevel] = [levelOf(fromDomain), levelOf(toDomain)];
  return toLevel < fromLevel ? undefined : `domains/${fromDomain} does not stand above domains/${toDomain}`;
}

function domainOf(path: string): string | undefined {
  const [room, domain] = path.split('/');
  return room === 'domains' ? domain : undefined;
}

function levelOf(domain: string): number {
  const level = domainOrder.findIndex((line) => line.includes(domain));
  if (level < 0) throw new Error(`domains/${domain} is missing in the order of scripts/check-imports.ts.`);
  return level;
}

/** The console speaks to the public API like any other client. */
function consoleFault({ file, target, typeOnly }: Import): string | undefined {
  if (!target.startsWith('.')) return undefined;
  const to = relative(root, resolve(dirname(file), target));
  if (to.startsWith('console/') || (typeOnly && to.startsWith('server/src/contract/'))) return undefined;
  return "the console takes types of the server's contract, and nothing else";
}

function faultsIn(directory: string, faultOf: (found: Import) => string | undefined): string[] {
  return filesOf(directory)
    .flatMap(importsOf)
    .flatMap((found) => {
      const fault = faultOf(found);
      return fault === undefined ? [] : [`${relative(root, found.file)} imports '${found.target}': ${fault}`];
    });
}

const faults = [...faultsIn(serverSource, serverFault), ...faultsIn(consoleSource, consoleFault)];
for (const line of faults) console.error(line);
if (faults.length > 0) process.exitCode = 1;

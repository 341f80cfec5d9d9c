/**
 * The files that put Repoint on a machine (Dockerfile, compose.yaml, deploy/nginx.conf), held against the code. No
 * container engine is needed: what is checked is what would go wrong silently.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import consolePackage from '../../console/package.json' with { type: 'json' };
import rootPackage from '../../package.json' with { type: 'json' };
import serverPackage from '../package.json' with { type: 'json' };
import { createProgram } from '../src/cli/program.ts';
import { tune } from '../src/database/embedded/tuning.ts';
import { maximumBodyBytes } from '../src/http/body.ts';
import { readConfiguration, settings } from '../src/kernel/configuration.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const settingNames: readonly string[] = settings.map(({ name }) => name);
const defaultPort = settings.find(({ name }) => name === 'REPOINT_PORT')?.default;
const variablesIn = (text: string) => [...new Set(text.match(/\bREPOINT_[A-Z_]+/g))];

interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** One list of instructions a stage, continuation lines joined. */
const stages = read('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
  .split(/^(?=FROM )/m)
  .map((stage) => [...stage.matchAll(/^([A-Z]+) +(.*)$/gm)].map(([, word, rest]) => ({ word, rest }) as Instruction))
  .filter((stage) => stage.length > 0);
const lastStage = stages.at(-1) as Instruction[];
const valuesOf = (stage: readonly Instruction[], word: string) =>
  stage.filter((instruction) => instruction.word === word).map(({ rest }) => rest);
const imageEnvironment = Object.fromEntries(
  valuesOf(lastStage, 'ENV').flatMap((line) =>
    [...line.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  ),
) as Record<string, string>;

interface ComposeService {
  readonly build?: string;
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly networks?: Readonly<Record<string, { readonly ipv4_address?: string }>>;
}

const compose = parse(read('compose.yaml'), { merge: true }) as {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, null>>;
  readonly networks: { readonly repoint: { readonly ipam: { readonly config: readonly { ip_range: string }[] } } };
};
const nodes = Object.entries(compose.services).filter(([, { build }]) => build !== undefined);
const balancer = compose.services['balancer'] as ComposeService;
const database = compose.services['database'] as ComposeService;
const nginx = read('deploy/nginx.conf').replaceAll(/^\s*#.*\n/gm, '');

/** What `.env` would hold after the commands at the top of the file. */
const secrets: Readonly<Record<string, string>> = {
  REPOINT_MASTER_KEY: 'a'.repeat(64),
  POSTGRES_PASSWORD: 'b'.repeat(48),
  REPOINT_ACCESS_KEY_ID: `AKIA${'C'.repeat(16)}`,
  REPOINT_SECRET_ACCESS_KEY: 'd'.repeat(40),
};

/** As compose does it: `${NAME:?what to do}` must be set, `${NAME:-default}` need not. */
function substitute(value: string): string {
  return value.replaceAll(/\$\{(\w+):([?-])([^}]*)\}/g, (_match, name: string, kind: string, rest: string) => {
    const given = secrets[name];
    if (given === undefined && kind === '?') throw new Error(`${name} is needed, and nothing says how to make it`);
    return given ?? rest;
  });
}

function configurationOf({ environment = {} }: ComposeService) {
  const given = Object.entries(environment).map(([name, value]) => [name, substitute(value)] as const);
  return readConfiguration({ ...imageEnvironment, ...Object.fromEntries(given) });
}

describe('the Dockerfile', () => {
  it('sets variables that exist, and the port that everything else expects', () => {
    expect(variablesIn(read('Dockerfile')).filter((name) => !settingNames.includes(name))).toEqual([]);
    expect(imageEnvironment['REPOINT_PORT']).toBe(defaultPort);
    expect(valuesOf(lastStage, 'EXPOSE')).toEqual([defaultPort]);
    expect(valuesOf(lastStage, 'VOLUME')).toEqual([imageEnvironment['REPOINT_DATA_DIR']]);
  });

  it('uses the Node that development uses', () => {
    const major = rootPackage.devDependencies.node.split('.')[0];
    expect(stages.length).toBeGreaterThan(1);
    for (const stage of stages) expect(valuesOf(stage, 'FROM')[0]).toMatch(new RegExp(`^node:${major}-`));
  });

  it('copies only what is there and not left out by .dockerignore', () => {
    const ignored = read('.dockerignore').split('\n');
    const stageNames = stages.map((stage) => / AS (\w+)$/.exec(valuesOf(stage, 'FROM')[0] ?? '')?.[1]);
    const copies = stages.flatMap((stage) => valuesOf(stage, 'COPY')).map((line) => line.split(' '));
    expect(copies.length).toBeGreaterThan(4);
    for (const words of copies) {
      const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
      if (from !== undefined) expect(stageNames).toContain(from);
      for (const source of from === undefined ? words.slice(0, -1) : []) {
        expect(existsSync(join(root, source)), source).toBe(true);
        expect(ignored.filter((line) => line === source || source.startsWith(`${line}/`))).toEqual([]);
      }
    }
    expect(ignored).toEqual(expect.arrayContaining(['.env*', '.repoint', '**/node_modules', '**/dist']));
  });

  it('builds the console with packages and files that its stage has', () => {
    const stage = stages.find((candidate) => valuesOf(candidate, 'FROM')[0]?.endsWith(' AS console')) ?? [];
    expect(valuesOf(stage, 'RUN')).toEqual([
      'npm ci --ignore-scripts --workspace console',
      'node scripts/build-console.ts',
    ]);
    expect(Object.keys(consolePackage.devDependencies)).toContain('vite');
    expect(read('scripts/build-console.ts')).not.toMatch(/from '\./);
  });

  it('installs no dev dependencies, and the server needs none', () => {
    const installed = stages.find((stage) => valuesOf(stage, 'FROM')[0]?.endsWith(' AS dependencies')) ?? [];
    expect(valuesOf(installed, 'RUN').join()).toMatch(/npm pkg delete devDependencies .*npm ci --omit=dev/);
    const packages = globSync('server/src/**/*.{ts,js}', { cwd: root, exclude: ['**/*.test.ts'] })
      .flatMap((file) => [...read(file).matchAll(/(?:\bfrom |\bimport\(|^import )'([@a-z][\w@/.:-]*)'/gm)])
      .map(([, name]) => name as string)
      .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name))
      .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
    expect(packages).toContain('fastify');
    const missing = packages.filter((name) => !Object.hasOwn(serverPackage.dependencies, name));
    expect([...new Set(missing)]).toEqual([]);
  });

  it('runs the server itself, not as root, with a data directory that its user owns', () => {
    const user = valuesOf(lastStage, 'USER');
    expect(user).toEqual(['node']);
    const afterUser = lastStage.slice(lastStage.findIndex(({ word }) => word === 'USER') + 1);
    expect(afterUser.filter(({ word }) => word === 'USER' || word === 'RUN' || word === 'COPY')).toEqual([]);
    const dataDirectory = imageEnvironment['REPOINT_DATA_DIR'];
    expect(valuesOf(lastStage, 'RUN')).toEqual([`install -d -o ${user} -g ${user} -m 0711 ${dataDirectory}`]);
    const [program, script] = JSON.parse(valuesOf(lastStage, 'ENTRYPOINT')[0] ?? '[]') as string[];
    expect(program).toBe('node');
    expect(existsSync(join(root, script as string))).toBe(true);
    const [command] = JSON.parse(valuesOf(lastStage, 'CMD').at(-1) ?? '[]') as string[];
    expect(createProgram().commands.map((known) => known.name())).toContain(command);
  });
});

describe('compose.yaml', () => {
  it('uses variables that exist', () => {
    expect(variablesIn(read('compose.yaml')).filter((name) => !settingNames.includes(name))).toEqual([]);
  });

  it('says at its top how to make every secret, and the lines are ones a shell can run', () => {
    const lines = [...read('compose.yaml').matchAll(/^# {3}echo "(\w+)=.*" >> \.env$/gm)].map(([, name]) => name);
    expect(lines.toSorted()).toEqual(Object.keys(secrets).toSorted());
  });

  it('runs three nodes that the server would accept, on one database and one master key', () => {
    expect(nodes).toHaveLength(3);
    const configurations = nodes.map(([, node]) => configurationOf(node));
    expect(new Set(configurations.map(({ masterKey }) => masterKey))).toEqual(new Set([secrets['REPOINT_MASTER_KEY']]));
    const [url] = new Set(configurations.map(({ databaseUrl }) => databaseUrl));
    expect(configurations.every(({ databaseUrl }) => databaseUrl === url)).toBe(true);
    const { hostname, username, password, pathname } = new URL(url as string);
    expect(compose.services[hostname]).toBe(database);
    expect({ POSTGRES_USER: username, POSTGRES_DB: pathname.slice(1), POSTGRES_PASSWORD: password }).toEqual({
      POSTGRES_USER: database.environment?.['POSTGRES_USER'],
      POSTGRES_DB: database.environment?.['POSTGRES_DB'],
      POSTGRES_PASSWORD: secrets['POSTGRES_PASSWORD'],
    });
    expect(new Set(configurations.flatMap(({ roles }) => [...roles]))).toEqual(new Set(['api', 'worker', 'scheduler']));
  });

  it('gives each node a data directory of its own, where the image expects it', () => {
    const mounts = nodes.flatMap(([, { volumes }]) => volumes ?? []).map((mount) => mount.split(':'));
    expect(mounts.map(([, place]) => place)).toEqual(nodes.map(() => imageEnvironment['REPOINT_DATA_DIR']));
    const names = mounts.map(([name]) => name as string);
    expect(new Set(names).size).toBe(nodes.length);
    expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(names));
  });

  it('opens one port to the outside: the balancer, whose word alone is believed about addresses', () => {
    const open = Object.entries(compose.services).filter(([, { ports }]) => ports !== undefined);
    expect(open.map(([name]) => name)).toEqual(['balancer']);
    expect(balancer.ports).toEqual([`${defaultPort}:${/listen (\d+);/.exec(nginx)?.[1]}`]);
    const address = balancer.networks?.['repoint']?.ipv4_address as string;
    for (const [, node] of nodes) expect(configurationOf(node).trustedProxies).toEqual([address]);
    // Nobody else can be given that address.
    const [firstFree] = (compose.networks.repoint.ipam.config[0]?.ip_range ?? '').split('/') as [string];
    expect(Number(address.split('.')[3])).toBeLessThan(Number(firstFree.split('.')[3]));
  });

  it('keeps values out of the log and the WAL of its PostgreSQL, as the embedded one does', () => {
    const given = Object.fromEntries(
      (database.command ?? []).filter((word) => word.includes('=')).map((word) => word.split('=') as [string, string]),
    );
    const embedded = tune({ memory: 2 ** 34, cores: 4, freeDisk: 2 ** 40, sharedMemory: 2 ** 30 });
    const kept = ['wal_recycle', 'log_min_messages', 'log_min_error_statement', 'log_error_verbosity'];
    for (const name of [...kept, 'log_parameter_max_length', 'log_parameter_max_length_on_error']) {
      expect(given[name], name).toBe(String(embedded[name]));
      expect(read('docs/operations.md')).toContain(`\`${name} = ${embedded[name]}\``);
    }
    expect(given).not.toHaveProperty('log_statement');
    expect(given).not.toHaveProperty('fsync');
  });
});

describe('deploy/nginx.conf', () => {
  const location = /location \/ \{([^}]*)\}/.exec(nginx)?.[1] ?? '';
  const directive = (name: string) => new RegExp(`^\\s*${name}\\s+(.*);$`, 'm').exec(location)?.[1];

  it('is what the balancer reads, in a version that knows its words', () => {
    const [file] = balancer.volumes ?? [];
    expect(file).toBe('./deploy/nginx.conf:/etc/nginx/nginx.conf:ro');
    const [major = 0, minor = 0] = (/^nginx:(\d+)\.(\d+)/.exec(balancer.image ?? '') ?? []).slice(1).map(Number);
    expect(major > 1 || minor >= 28, '`resolve` came with 1.27.3').toBe(true);
  });

  it('leads to every node that answers the API, and to no other', () => {
    const servers = [...nginx.matchAll(/^\s*server ([\w.-]+):(\d+) /gm)].map(([, name, port]) => [name, port]);
    const answering = nodes.filter(([, node]) => configurationOf(node).roles.has('api')).map(([name]) => name);
    expect(servers).toEqual(answering.map((name) => [name, defaultPort]));
    expect(Object.keys(balancer.depends_on ?? {})).toEqual(answering);
  });

  it('passes on untouched what the signature covers', () => {
    expect(directive('proxy_pass')).toBe('http://repoint');
    expect(nginx).toContain('upstream repoint {');
    expect(directive('proxy_set_header Host')).toBe('$http_host');
    expect(nginx).not.toMatch(/rewrite|sub_filter|proxy_set_body/);
  });

  it('says itself where a request comes from, instead of repeating what the client says', () => {
    expect(directive('proxy_set_header X-Forwarded-For')).toBe('$remote_addr');
    expect(directive('proxy_set_header X-Forwarded-Proto')).toBe('$scheme');
  });

  it('lets whole bodies through, logs no addresses of requests, and keeps the metrics inside', () => {
    const megabytes = Number(/client_max_body_size (\d+)m;/.exec(nginx)?.[1]);
    expect(megabytes * 1024 ** 2).toBeGreaterThan(maximumBodyBytes);
    expect(nginx).toMatch(/access_log off;/);
    expect(nginx).toMatch(/error_log \S+ crit;/);
    expect(nginx).toMatch(/location = \/metrics \{\s*return 404;/);
  });
});

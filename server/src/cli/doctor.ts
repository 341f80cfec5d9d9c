/** `repoint doctor`: checks what an operator would be asked about, one line each; exit code 1 when something is wrong. */
import { constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Configuration, ConfigurationError, readConfiguration } from '../kernel/configuration.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { version } from '../kernel/version.ts';
import { type Deployment, openDeployment } from './deployment.ts';
import { urlOf } from './listen.ts';

export interface Finding {
  readonly state: 'ok' | 'warning' | 'wrong';
  readonly says: string;
}

const ok = (says: string): Finding => ({ state: 'ok', says });
const warning = (says: string): Finding => ({ state: 'warning', says });
const wrong = (says: string): Finding => ({ state: 'wrong', says });

const leastFreeGigabytes = 2;
const leastOpenFiles = 4096;
const largestClockDifferenceSeconds = 60;

export async function doctor(): Promise<void> {
  const findings = await examine();
  for (const { state, says } of findings) console.log(`${state.padEnd(8)}${says}`);
  if (findings.some(({ state }) => state === 'wrong')) process.exitCode = 1;
}

export async function examine(): Promise<Finding[]> {
  const findings = [checkNode(), checkOpenFiles()];
  let configuration: Configuration;
  try {
    configuration = readConfiguration();
    findings.push(ok('the configuration can be read'));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return [...findings, ...error.faults.map(wrong)];
  }
  findings.push(...checkDataDirectory(configuration), await checkDiskSpace(configuration));
  findings.push(await checkServer(configuration), ...checkOutside(configuration), checkConsole());
  return [...findings, ...(await checkDatabase(configuration))];
}

function checkNode(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  const says = `Repoint ${version} on Node ${process.versions.node}`;
  return major >= 24 ? ok(says) : wrong(`${says}: Node 24 is needed`);
}

function checkOpenFiles(): Finding {
  const file = '/proc/self/limits';
  if (!existsSync(file)) return ok('the limit of open files cannot be seen on this system');
  const limit = Number(/^Max open files\s+([0-9]+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? Number.POSITIVE_INFINITY);
  const says = `open files: at most ${limit}`;
  return limit >= leastOpenFiles
    ? ok(says)
    : warning(`${says}; raise it to ${leastOpenFiles} or more for many clients`);
}

/** Files that nobody else may read. */
const privateFiles = ['master-key', 'credentials', 'database-password'];

function checkDataDirectory({ dataDirectory, databaseUrl }: Configuration): Finding[] {
  if (!existsSync(dataDirectory)) return [warning(`${dataDirectory} does not exist yet; the first start makes it`)];
  const open = readdirSync(dataDirectory).filter(
    (name) => privateFiles.includes(name) && (statSync(join(dataDirectory, name)).mode & 0o077) !== 0,
  );
  const findings = open.map((name) => wrong(`${join(dataDirectory, name)} can be read by others; chmod 600 it`));
  if (databaseUrl === undefined && existsSync(join(dataDirectory, 'master-key'))) {
    findings.push(
      warning(`back up ${join(dataDirectory, 'master-key')} apart from the database: one is useless without the other`),
    );
  }
  return findings.length > 0 ? findings : [ok(`the data directory is ${dataDirectory}`)];
}

async function checkDiskSpace({ dataDirectory }: Configuration): Promise<Finding> {
  const directory = existsSync(dataDirectory) ? dataDirectory : process.cwd();
  const { bavail, bsize } = await statfs(directory);
  const gigabytes = (bavail * bsize) / 1024 ** 3;
  const says = `${gigabytes.toFixed(1)} GB free on the disk of the data directory`;
  return gigabytes >= leastFreeGigabytes ? ok(says) : wrong(`${says}: too little`);
}

/** A running server must be ready; a free port is just as well. */
async function checkServer({ host, port }: Configuration): Promise<Finding> {
  if (port === 0) return ok('the port is chosen at start');
  const url = urlOf(host, port);
  if (!(await isTaken(host, port))) return ok(`no server is running on ${url}; the port is free`);
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  const report = (await answer?.json().catch(() => undefined)) as
    | { ready?: boolean; checks?: Record<string, boolean> }
    | undefined;
  if (report?.ready === true) return ok(`the server on ${url} is ready`);
  if (report?.checks === undefined) return wrong(`something that is not Repoint answers on ${url}; set REPOINT_PORT`);
  const failing = Object.entries(report.checks)
    .filter(([, passed]) => !passed)
    .map(([name]) => name);
  return wrong(`the server on ${url} is not ready: ${failing.join(', ')}`);
}

function isTaken(host: string, port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect({ host: host === '0.0.0.0' ? '127.0.0.1' : host, port, timeout: 2_000 });
    const finish = (taken: boolean) => {
      socket.destroy();
      settle(taken);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}

function checkOutside({ host, publicUrl, smtpUrl, databaseUrl, trustedProxies }: Configuration): Finding[] {
  const findings = [
    publicUrl === undefined
      ? warning('REPOINT_PUBLIC_URL is not set: links in messages and one-click unsubscribe stay off')
      : ok(`people reach this server at ${publicUrl}`),
    smtpUrl === undefined
      ? warning('REPOINT_SMTP_URL is not set: e-mail stays in the outbox')
      : ok('a mail server is set'),
  ];
  if (host !== '127.0.0.1' && host !== 'localhost' && trustedProxies.length === 0) {
    findings.push(warning('the port is open to the network without a trusted proxy: put TLS in front of it'));
  }
  if (databaseUrl !== undefined && !/sslmode=|host=%2F|@localhost|@127\.0\.0\.1/.test(databaseUrl)) {
    findings.push(warning('REPOINT_DATABASE_URL has no sslmode: traffic to the database is not encrypted'));
  }
  return findings;
}

function checkConsole(): Finding {
  const built = existsSync(join(import.meta.dirname, '../../../console/dist/index.html'));
  return built ? ok('the console is built') : warning('the console is not built; `npm start` builds it');
}

async function checkDatabase(configuration: Configuration): Promise<Finding[]> {
  let deployment: Deployment;
  try {
    if (configuration.databaseUrl === undefined) await access(configuration.dataDirectory, constants.R_OK);
    deployment = await openDeployment({ ...configuration, logLevel: 'error' }, 'join');
  } catch (error) {
    if (error instanceof OperatorError) return [wrong(error.message)];
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return [ok('there is no database yet; the first start makes it')];
    throw error;
  }
  try {
    return await questionDatabase(deployment);
  } finally {
    await deployment.close();
  }
}

async function questionDatabase({ database, configuration }: Deployment): Promise<Finding[]> {
  const { rows } = await sql<{
    version: string;
    now: Date;
    size: string;
    accounts: number;
    nodes: number;
    connections: number;
    maximum: number;
    logsValues: boolean;
  }>`
    select current_setting('server_version') as version, clock_timestamp() as now,
           pg_size_pretty(pg_database_size(current_database())) as size,
           (select count(*) from accounts) as accounts,
           (select count(*) from nodes where heartbeat_at > now() - interval '30 seconds') as nodes,
           (select count(*) from pg_stat_activity where datname = current_database()) as connections,
           current_setting('max_connections')::int as maximum,
           current_setting('log_min_error_statement') <> 'panic' or current_setting('log_statement') <> 'none' as "logsValues"
  `.execute(database.query);
  const facts = rows[0];
  if (facts === undefined) return [wrong('the database did not answer')];
  const difference = Math.abs(facts.now.getTime() - Date.now()) / 1000;
  const kind = configuration.databaseUrl === undefined ? 'embedded' : 'external';
  return [
    ok(`${kind} PostgreSQL ${facts.version}, ${facts.size}, migrated, master key matches`),
    facts.accounts > 0
      ? ok(`${facts.accounts} account(s), ${facts.nodes} process(es) running`)
      : wrong('there is no account; start the server once'),
    facts.connections < facts.maximum * 0.8
      ? ok(`${facts.connections} of ${facts.maximum} database connections in use`)
      : warning(`${facts.connections} of ${facts.maximum} database connections in use: raise max_connections`),
    difference <= largestClockDifferenceSeconds
      ? ok(`clocks of this machine and the database agree within ${Math.ceil(difference)} s`)
      : wrong(`clocks differ by ${Math.round(difference)} s; signatures allow 300 s`),
    facts.logsValues
      ? warning(
          'the database may log statements with personal data: set log_min_error_statement=panic and log_statement=none',
        )
      : ok('the database logs no statements'),
  ];
}

/** `repoint doctor`: checks what an operator would be asked about, one line each; exit code 1 when something is wrong. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type Finding, judgeDisk, ok, readDiskFacts, warning, wrong } from '../domains/health/index.ts';
import { type Configuration, ConfigurationError, readConfiguration } from '../kernel/configuration.ts';
import { describeFault } from '../kernel/logger.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { version } from '../kernel/version.ts';
import { checkDatabase } from './doctor-database.ts';
import { urlOf } from './listen.ts';

const leastOpenFiles = 4096;

export async function doctor(): Promise<void> {
  const findings = await examine();
  for (const { state, says } of findings) console.log(`${state.padEnd(8)}${says}`);
  if (findings.some(({ state }) => state === 'wrong')) process.exitCode = 1;
}

async function examine(): Promise<Finding[]> {
  const findings = [checkNode(), checkOpenFiles()];
  let configuration: Configuration;
  try {
    configuration = readConfiguration();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return [...findings, ...error.faults.map(wrong)];
  }
  findings.push(ok('the configuration can be read'));
  for (const check of [checkDataDirectory, checkDiskSpace, checkServer, checkOutside, checkConsole, checkDatabase]) {
    findings.push(...(await outcomeOf(check, configuration)));
  }
  return findings;
}

/** A check that fails is a finding too: the others are still told. */
async function outcomeOf(
  check: (configuration: Configuration) => Finding[] | Promise<Finding[]>,
  configuration: Configuration,
): Promise<Finding[]> {
  try {
    return await check(configuration);
  } catch (error) {
    if (error instanceof OperatorError) return [wrong(error.message)];
    const { type, code } = describeFault(error);
    return [wrong(`${check.name} could not be done: ${[type, code].filter(Boolean).join(' ')}`)];
  }
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
const privateFiles = ['master-key', 'credentials', 'postgres-password'];

function checkDataDirectory({ dataDirectory, databaseUrl, masterKey }: Configuration): Finding[] {
  if (!existsSync(dataDirectory)) return [warning(`${dataDirectory} does not exist yet; the first start makes it`)];
  const open = readdirSync(dataDirectory).filter(
    (name) => privateFiles.includes(name) && (statSync(join(dataDirectory, name)).mode & 0o077) !== 0,
  );
  const findings = open.map((name) => wrong(`${join(dataDirectory, name)} can be read by others; chmod 600 it`));
  if (databaseUrl === undefined && masterKey === undefined && existsSync(join(dataDirectory, 'master-key'))) {
    findings.push(
      warning(`back up ${join(dataDirectory, 'master-key')} apart from the database: one is useless without the other`),
    );
  }
  return findings.length > 0 ? findings : [ok(`the data directory is ${dataDirectory}`)];
}

async function checkDiskSpace({ dataDirectory }: Configuration): Promise<Finding[]> {
  const directory = existsSync(dataDirectory) ? dataDirectory : process.cwd();
  return [judgeDisk(await readDiskFacts(directory))];
}

/** A running server must be ready; a free port is just as well. */
async function checkServer({ host, port }: Configuration): Promise<Finding[]> {
  if (port === 0) return [ok('the port is chosen at start')];
  const url = urlOf(host, port);
  if (!(await isTaken(host, port))) return [ok(`no server is running on ${url}; the port is free`)];
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  const report = (await answer?.json().catch(() => undefined)) as
    | { ready?: boolean; checks?: Record<string, boolean> }
    | undefined;
  if (report?.ready === true) return [ok(`the server on ${url} is ready`)];
  if (report?.checks === undefined) return [wrong(`something that is not Repoint answers on ${url}; set REPOINT_PORT`)];
  const failing = Object.entries(report.checks)
    .filter(([, passed]) => !passed)
    .map(([name]) => name);
  return [wrong(`the server on ${url} is not ready: ${failing.join(', ')}`)];
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

function checkConsole(): Finding[] {
  const built = existsSync(join(import.meta.dirname, '../../../console/dist/index.html'));
  return [built ? ok('the console is built') : warning('the console is not built; `npm start` builds it')];
}

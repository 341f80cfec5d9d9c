/** A connection that is ready for mails: greeted, encrypted where it should be, with its user known to the server. */
import { hostname } from 'node:os';
import type { OutgoingNetworks } from '../../../../outgoing/networks.ts';
import { openConnection, type SmtpConnection } from './connection.ts';
import { SmtpFault } from './fault.ts';
import { isPositive, type Reply } from './replies.ts';
import type { SmtpSettings } from './settings.ts';

/** What the server said to EHLO. */
export interface Extensions {
  readonly pipelining: boolean;
  readonly eightBit: boolean;
  readonly utf8: boolean;
  readonly startTls: boolean;
  /** Largest mail it takes, in bytes; undefined: it does not say. */
  readonly maximumSize: number | undefined;
  readonly authentication: readonly string[];
}

export interface Session {
  readonly connection: SmtpConnection;
  readonly extensions: Extensions;
  readonly timeouts: Timeouts;
}

/** Milliseconds. */
export interface Timeouts {
  readonly connect: number;
  readonly greeting: number;
  readonly answer: number;
  /** From the end of a mail to the server's word about it. */
  readonly content: number;
  /** A connection that nobody needs is kept so long. */
  readonly idle: number;
}

export const defaultTimeouts: Timeouts = {
  ...{ connect: 10_000, greeting: 30_000, answer: 60_000, content: 300_000, idle: 10_000 },
};

/** @throws SmtpFault */
export async function openSession(
  settings: SmtpSettings,
  networks: OutgoingNetworks,
  timeouts: Timeouts,
  signal: AbortSignal,
): Promise<Session> {
  const { host, port, trusted, certificateAuthority } = settings;
  if (!trusted) checkHost(networks, host);
  const place = { host, port, lookup: trusted ? undefined : networks.lookup, certificateAuthority };
  const limit = { milliseconds: timeouts.connect, signal };
  const connection = await openConnection(place, settings.tls === 'implicit', limit);
  const end = () => connection.destroy();
  signal.addEventListener('abort', end);
  try {
    const greeting = await connection.read(timeouts.greeting);
    if (greeting.code !== 220) throw new SmtpFault('unwilling', greeting);
    const extensions = await introduce(connection, settings, { ...timeouts, signal });
    await authenticate(connection, extensions, settings, timeouts);
    return { connection, extensions, timeouts };
  } catch (error) {
    connection.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function checkHost(networks: OutgoingNetworks, host: string): void {
  try {
    networks.checkHost(host);
  } catch (error) {
    throw new SmtpFault('refused address', undefined, { cause: error });
  }
}

async function introduce(
  connection: SmtpConnection,
  settings: SmtpSettings,
  timeouts: Timeouts & { readonly signal: AbortSignal },
): Promise<Extensions> {
  const extensions = await greet(connection, settings, timeouts);
  if (connection.encrypted || settings.tls === 'none') return extensions;
  if (!extensions.startTls) {
    if (settings.tls === 'starttls') throw new SmtpFault('TLS', 'STARTTLS is not offered');
    return extensions;
  }
  const answer = await ask(connection, 'STARTTLS', timeouts);
  if (answer.code !== 220) throw new SmtpFault('TLS', answer);
  await connection.encrypt({ milliseconds: timeouts.greeting, signal: timeouts.signal });
  // What was said in the clear counts no more (RFC 3207 §4.2).
  return greet(connection, settings, timeouts);
}

async function greet(connection: SmtpConnection, settings: SmtpSettings, timeouts: Timeouts): Promise<Extensions> {
  const name = settings.name ?? ownName();
  const answer = await ask(connection, `EHLO ${name}`, timeouts);
  if (isPositive(answer)) return readExtensions(answer);
  if (answer.code < 500) throw new SmtpFault('unwilling', answer);
  const older = await ask(connection, `HELO ${name}`, timeouts);
  if (!isPositive(older)) throw new SmtpFault('unwilling', older);
  return readExtensions({ ...older, lines: [] });
}

/** RFC 5321 §4.1.4: the full name of the host, else an address. */
function ownName(): string {
  const name = hostname();
  return /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(name) ? name : '[127.0.0.1]';
}

function readExtensions({ lines }: Reply): Extensions {
  const offered = new Map<string, readonly string[]>();
  for (const line of lines.slice(1)) {
    // `AUTH=LOGIN` is how servers before RFC 2554 wrote it.
    const [keyword = '', ...parameters] = line
      .toUpperCase()
      .replace(/^AUTH=/, 'AUTH ')
      .trim()
      .split(/\s+/);
    offered.set(keyword, [...(offered.get(keyword) ?? []), ...parameters]);
  }
  const size = Number(offered.get('SIZE')?.[0]);
  return {
    pipelining: offered.has('PIPELINING'),
    eightBit: offered.has('8BITMIME'),
    utf8: offered.has('SMTPUTF8'),
    startTls: offered.has('STARTTLS'),
    maximumSize: Number.isInteger(size) && size > 0 ? size : undefined,
    authentication: offered.get('AUTH') ?? [],
  };
}

async function authenticate(
  connection: SmtpConnection,
  { authentication }: Extensions,
  { user, password, tls }: SmtpSettings,
  timeouts: Timeouts,
): Promise<void> {
  if (user === undefined || password === undefined) return;
  // Whoever takes STARTTLS out of the server's words must not get the password for it.
  if (!connection.encrypted && tls !== 'none') {
    throw new SmtpFault('TLS', 'credentials are sent in the clear with Tls none only');
  }
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const steps = authentication.includes('PLAIN')
    ? [`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`]
    : authentication.includes('LOGIN')
      ? ['AUTH LOGIN', base64(user), base64(password)]
      : undefined;
  if (steps === undefined) throw new SmtpFault('credentials', 'neither AUTH PLAIN nor LOGIN is offered');
  for (const [index, step] of steps.entries()) {
    const answer = await ask(connection, step, timeouts);
    if (answer.code === (index === steps.length - 1 ? 235 : 334)) continue;
    throw new SmtpFault(answer.code < 500 ? 'unwilling' : 'credentials', answer);
  }
}

async function ask(connection: SmtpConnection, command: string, { answer }: Timeouts): Promise<Reply> {
  connection.write(`${command}\r\n`);
  return connection.read(answer);
}

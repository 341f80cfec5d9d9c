/** What an administrator may configure of a mail server: member by member, or as one URL. */
import { domainToASCII } from 'node:url';
import { badRequest } from '../../../../kernel/errors.ts';
import { readAddress } from '../../email/addresses.ts';
import type { DkimSettings } from '../../email/dkim.ts';
import { EmailRefused } from '../../email/refused.ts';
import { readAuthorities, readPrivateKey, toPem } from '../../pem.ts';
import { type GivenSettings, type SettingsReader, settingsReader, type TextForm } from '../../settings-reader.ts';
import { callbackSecretForm } from '../../signed-body.ts';

/** Plain data, so that it can be sealed. */
export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** `opportunistic`: encrypted when the server offers it; credentials are not sent otherwise. */
  readonly tls: 'none' | 'starttls' | 'implicit' | 'opportunistic';
  /** In EHLO. */
  readonly name?: string | undefined;
  readonly connections: number;
  readonly messagesPerSecond?: number | undefined;
  /** Envelope sender of messages that name none. */
  readonly returnPath?: string | undefined;
  /** PEM. */
  readonly certificateAuthority?: string | undefined;
  readonly dkim?: DkimSettings | undefined;
  /** Secret: signs callbacks about bounces, complaints and deliveries. Absent: none is believed. */
  readonly callbackSecret?: string | undefined;
  /** Named by the operator: may stand in any network. Never set by what a user configured. */
  readonly trusted: boolean;
}

const tlsKinds = ['none', 'starttls', 'implicit'] as const;
const serverMembers = ['Host', 'Port', 'User', 'Password', 'Tls'] as const;
const members = [
  ...serverMembers,
  ...(['Url', 'Name', 'Connections', 'MessagesPerSecond', 'ReturnPath'] as const),
  ...(['CertificateAuthority', 'Dkim', 'CallbackSecret'] as const),
];

type Reader = SettingsReader<(typeof members)[number]>;

const defaultConnections = 10;
const maximumConnections = 100;
const hostForm: TextForm = [
  /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)*$|^[0-9a-fA-F:.]+$/,
  'a host name or an IP address',
];

/** @throws BadRequestException */
export function readSettings(given: GivenSettings): SmtpSettings {
  const own = settingsReader(given, members);
  const url = own.text('Url');
  if (url !== undefined && serverMembers.some((name) => given[name] !== undefined && given[name] !== null)) {
    throw badRequest('Url must not stand beside Host, Port, User, Password or Tls');
  }
  // What the URL says in its query holds where no member says otherwise.
  const read = url === undefined ? own : settingsReader({ ...readUrl(url), ...withoutUrl(given) }, members);
  const settings = readServer(read);
  const authority = read.text('CertificateAuthority');
  return {
    ...settings,
    name: read.text('Name', /^[A-Za-z0-9.:[\]-]{1,255}$/, 'a host name or an address in brackets'),
    connections: read.wholeNumber('Connections', 1, maximumConnections) ?? defaultConnections,
    messagesPerSecond: read.positive('MessagesPerSecond'),
    returnPath: readReturnPath(read.text('ReturnPath')),
    certificateAuthority: authority && readAuthorities('CertificateAuthority', authority),
    dkim: readDkim(read.object('Dkim', dkimMembers)),
    callbackSecret: read.text('CallbackSecret', ...callbackSecretForm),
    trusted: false,
  };
}

/** The deployment's own mail server, wherever it stands (REPOINT_SMTP_URL). @throws BadRequestException */
export function readTrustedSettings(url: string): SmtpSettings {
  return { ...readSettings({ Url: url }), trusted: true };
}

/** Without password and private key. */
export function showSettings(settings: SmtpSettings): Readonly<Record<string, unknown>> {
  const { host, port, user, tls, name, connections, messagesPerSecond, returnPath, certificateAuthority } = settings;
  const dkim = settings.dkim && { Domain: settings.dkim.domain, Selector: settings.dkim.selector };
  return {
    ...{ Host: host, Port: port, User: user, Tls: tls === 'opportunistic' ? undefined : tls, Name: name },
    ...{ Connections: connections, MessagesPerSecond: messagesPerSecond, ReturnPath: returnPath },
    ...{ CertificateAuthority: certificateAuthority, Dkim: dkim },
  };
}

function readServer(read: Reader): Pick<SmtpSettings, 'host' | 'port' | 'user' | 'password' | 'tls'> {
  const tls = read.choice('Tls', tlsKinds);
  const port = read.wholeNumber('Port', 1, 65_535) ?? (tls === 'implicit' ? 465 : 587);
  const [user, password] = [read.text('User'), read.text('Password')];
  if ((user === undefined) !== (password === undefined)) throw badRequest('User and Password go together');
  if (user?.includes('\0') || password?.includes('\0')) throw badRequest('User and Password must not contain NUL');
  const host = read.requiredText('Host', ...hostForm);
  return { host, port, user, password, tls: tls ?? (port === 465 ? 'implicit' : 'opportunistic') };
}

/** `smtp://user:password@host:port?tls=starttls&connections=5` as members; `pool=true` as others write it says nothing new. */
function readUrl(text: string): Record<string, unknown> {
  const url = URL.parse(text);
  if (url === null || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '' || url.pathname.length > 1) {
    throw badRequest('Url must have the form smtp://user:password@host:port or smtps://…');
  }
  const options: Record<string, unknown> = {};
  for (const [name, value] of url.searchParams) {
    const member = urlOptions.get(name.toLowerCase());
    if (member === undefined) throw badRequest(`Url may have the options ${[...urlOptions.keys()].join(', ')} only`);
    if (member !== '') options[member] = numbers.has(member) && /^[0-9]+$/.test(value) ? Number(value) : value;
  }
  return {
    ...(url.protocol === 'smtps:' && { Tls: 'implicit' }),
    ...options,
    Host: asciiHost(url.hostname.replace(/^\[(.*)\]$/, '$1')),
    ...(url.port !== '' && { Port: Number(url.port) }),
    ...(url.username !== '' && { User: decoded(url.username) }),
    ...(url.password !== '' && { Password: decoded(url.password) }),
  };
}

const urlOptions: ReadonlyMap<string, string> = new Map([
  ...[
    ['pool', ''] as const,
    ['tls', 'Tls'] as const,
    ['name', 'Name'] as const,
    ['connections', 'Connections'] as const,
  ],
  ...[['maxconnections', 'Connections'] as const, ['messagespersecond', 'MessagesPerSecond'] as const],
  ...[['returnpath', 'ReturnPath'] as const],
]);
const numbers = new Set(['Connections', 'MessagesPerSecond']);

function withoutUrl({ Url: _, ...others }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined && value !== null));
}

/** URLs of schemes that browsers do not know keep their host percent-encoded. */
function asciiHost(host: string): string {
  return /%/.test(host) ? domainToASCII(decoded(host)) : host;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest('Url has a percent sign that begins no escape');
  }
}

function readReturnPath(text: string | undefined): string | undefined {
  try {
    if (text !== undefined) readAddress(text, 'ReturnPath');
    return text;
  } catch (error) {
    throw error instanceof EmailRefused ? badRequest(error.message) : error;
  }
}

const dkimMembers = ['Domain', 'Selector', 'PrivateKey'] as const;

function readDkim(read: SettingsReader<(typeof dkimMembers)[number]> | undefined): DkimSettings | undefined {
  if (read === undefined) return undefined;
  const domain = domainToASCII(read.requiredText('Domain'));
  if (!/^[a-z0-9.-]+$/.test(domain)) throw badRequest('Dkim.Domain must be a domain');
  const selector = read.requiredText('Selector', /^[A-Za-z0-9._-]{1,253}$/, 'letters, digits, dots, dashes and _');
  const key = readPrivateKey('Dkim.PrivateKey', read.requiredText('PrivateKey'));
  if (!['rsa', 'ed25519'].includes(key.asymmetricKeyType ?? '')) {
    throw badRequest('Dkim.PrivateKey must be an RSA or Ed25519 key');
  }
  return { domain, selector, privateKey: toPem(key) };
}

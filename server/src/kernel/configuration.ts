/**
 * Every setting of the server: name, meaning, default. The only place that reads the environment; help, documentation
 * and the compose file are checked against this table.
 */

import { isIP } from 'node:net';
import { resolve } from 'node:path';

export interface Setting {
  readonly name: string;
  readonly default: string | undefined;
  readonly describes: string;
}

export const settings = [
  { name: 'REPOINT_PORT', default: '7100', describes: 'Port of API and console. 0 takes a free one.' },
  { name: 'REPOINT_HOST', default: '127.0.0.1', describes: 'Address to listen on.' },
  {
    name: 'REPOINT_DATA_DIR',
    default: './.repoint',
    describes: 'Embedded database, keys, credentials, local buckets.',
  },
  {
    name: 'REPOINT_DATABASE_URL',
    default: undefined,
    describes: 'PostgreSQL 15 or newer instead of the embedded one. Needs REPOINT_MASTER_KEY.',
  },
  {
    name: 'REPOINT_MASTER_KEY',
    default: undefined,
    describes: '32 bytes as hex or base64. Without it, a file in the data directory.',
  },
  { name: 'REPOINT_ROLES', default: 'api,worker,scheduler', describes: 'What this node does.' },
  { name: 'REPOINT_PROCESSES', default: '1', describes: 'API processes behind one port.' },
  {
    name: 'REPOINT_PUBLIC_URL',
    default: undefined,
    describes: 'How people reach this server: links in messages need it.',
  },
  {
    name: 'REPOINT_SMTP_URL',
    default: undefined,
    describes: 'Mail server of the deployment, for projects without a provider of their own.',
  },
  {
    name: 'REPOINT_TRUSTED_PROXIES',
    default: undefined,
    describes: 'Addresses or CIDR ranges whose X-Forwarded-For is believed.',
  },
  {
    name: 'REPOINT_ALLOWED_NETWORKS',
    default: undefined,
    describes: 'Private CIDR ranges that webhooks and providers may be in.',
  },
  {
    name: 'REPOINT_PROVIDER_URLS',
    default: undefined,
    describes:
      'JSON object, kind of provider to base URL: where push services and others are, if not where they are known.',
  },
  {
    name: 'REPOINT_OBJECT_STORE',
    default: undefined,
    describes: 'local or s3. Default: local, s3 when AWS_ENDPOINT_URL_S3 is set.',
  },
  {
    name: 'REPOINT_UPLOAD_BUCKET',
    default: 'repoint-uploads',
    describes: 'Bucket for files that people upload in the console to import them.',
  },
  {
    name: 'REPOINT_EVENT_RETENTION_DAYS',
    default: '90',
    describes: 'How long events are kept.',
  },
  {
    name: 'REPOINT_CLOSED_ACCOUNT_DAYS',
    default: '90',
    describes: 'How long a closed account can be opened again before it is erased.',
  },
  {
    name: 'REPOINT_ARCHIVE_BUCKET',
    default: 'repoint',
    describes: 'Bucket in which archives of access requests lie until they expire.',
  },
  {
    name: 'REPOINT_LEDGER_URL',
    default: undefined,
    describes: 'Where the erasure ledger is kept besides the database. Default: a file in the data directory.',
  },
  {
    name: 'REPOINT_ACCESS_KEY_ID',
    default: undefined,
    describes: 'First administrator key, instead of a generated one.',
  },
  { name: 'REPOINT_SECRET_ACCESS_KEY', default: undefined, describes: 'Secret of the first administrator key.' },
  {
    name: 'REPOINT_ACCOUNT_ID',
    default: undefined,
    describes: '12 digits for the first account, so that existing ARNs keep their meaning.',
  },
  {
    name: 'REPOINT_QUOTAS',
    default: 'none',
    describes: 'none or aws: request rates per account, region and operation.',
  },
  { name: 'REPOINT_LOG_LEVEL', default: 'info', describes: 'trace, debug, info, warn, error, fatal or silent.' },
] as const satisfies readonly Setting[];

type SettingName = (typeof settings)[number]['name'];

export const roles = ['api', 'worker', 'scheduler'] as const;
export type Role = (typeof roles)[number];

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export interface Configuration {
  readonly port: number;
  readonly host: string;
  /** Absolute. */
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  readonly masterKey: string | undefined;
  readonly roles: ReadonlySet<Role>;
  readonly processes: number;
  readonly publicUrl: string | undefined;
  readonly smtpUrl: string | undefined;
  readonly trustedProxies: readonly string[];
  readonly allowedNetworks: readonly string[];
  /** Base URLs by kind of provider. */
  readonly providerUrls: Readonly<Record<string, string>>;
  readonly objectStore: 'local' | 's3';
  readonly uploadBucket: string;
  /** `endpoint` when it is not AWS's own. */
  readonly s3: { readonly endpoint: string | undefined; readonly region: string };
  readonly eventRetentionDays: number;
  readonly closedAccountDays: number;
  readonly archiveBucket: string;
  readonly ledgerUrl: string | undefined;
  readonly firstKey: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  readonly firstAccountId: string | undefined;
  readonly quotas: 'none' | 'aws';
  readonly logLevel: (typeof logLevels)[number];
  /** Traces are sent when this is set. */
  readonly otlpEndpoint: string | undefined;
}

/** All faults of a configuration at once, one sentence each. */
export class ConfigurationError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigurationError';
    this.faults = faults;
  }
}

/**
 * @param environment normally `process.env`, which is the default
 * @throws ConfigurationError naming every setting that is wrong
 */
// biome-ignore lint/style/noProcessEnv: this is the one place that reads the environment
export function readConfiguration(environment: NodeJS.ProcessEnv = process.env): Configuration {
  const faults: string[] = [];
  const reader = settingReader(environment, faults);
  const databaseUrl = reader.url('REPOINT_DATABASE_URL', ['postgres:', 'postgresql:']);
  const masterKey = reader.text('REPOINT_MASTER_KEY');
  if (databaseUrl !== undefined && masterKey === undefined) {
    faults.push(
      'REPOINT_MASTER_KEY must be set together with REPOINT_DATABASE_URL: every node of a deployment needs the same one.',
    );
  }
  const configuration: Configuration = {
    port: reader.wholeNumber('REPOINT_PORT', 0, 65_535),
    host: reader.required('REPOINT_HOST'),
    dataDirectory: resolve(reader.required('REPOINT_DATA_DIR')),
    databaseUrl,
    masterKey,
    roles: new Set(reader.listOf('REPOINT_ROLES', roles)),
    processes: reader.wholeNumber('REPOINT_PROCESSES', 1, 256),
    publicUrl: reader.url('REPOINT_PUBLIC_URL', ['http:', 'https:']),
    smtpUrl: reader.url('REPOINT_SMTP_URL', ['smtp:', 'smtps:']),
    trustedProxies: reader.networks('REPOINT_TRUSTED_PROXIES'),
    allowedNetworks: reader.networks('REPOINT_ALLOWED_NETWORKS'),
    providerUrls: reader.urlsByName('REPOINT_PROVIDER_URLS'),
    objectStore: reader.oneOf(
      'REPOINT_OBJECT_STORE',
      ['local', 's3'],
      environment['AWS_ENDPOINT_URL_S3'] ? 's3' : 'local',
    ),
    s3: {
      endpoint: environment['AWS_ENDPOINT_URL_S3'] || undefined,
      region: environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || 'us-east-1',
    },
    uploadBucket: reader.matching(
      'REPOINT_UPLOAD_BUCKET',
      /^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/,
      'the name of a bucket',
    ) as string,
    eventRetentionDays: reader.wholeNumber('REPOINT_EVENT_RETENTION_DAYS', 1, 3_650),
    closedAccountDays: reader.wholeNumber('REPOINT_CLOSED_ACCOUNT_DAYS', 0, 3_650),
    archiveBucket:
      reader.matching('REPOINT_ARCHIVE_BUCKET', /^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/, 'the name of a bucket') ?? '',
    ledgerUrl: reader.matching(
      'REPOINT_LEDGER_URL',
      /^(file:\/\/\/.|s3:\/\/[A-Za-z0-9])/,
      'file:///directory or s3://bucket/prefix',
    ),
    firstKey: reader.firstKey(),
    firstAccountId: reader.matching('REPOINT_ACCOUNT_ID', /^[0-9]{12}$/, '12 digits'),
    quotas: reader.oneOf('REPOINT_QUOTAS', ['none', 'aws'], 'none'),
    logLevel: reader.oneOf('REPOINT_LOG_LEVEL', logLevels, 'info'),
    otlpEndpoint:
      environment['OTEL_EXPORTER_OTLP_ENDPOINT'] || environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || undefined,
  };
  if (faults.length > 0) throw new ConfigurationError(faults);
  return configuration;
}

/** Reads one setting at a time and collects what is wrong instead of stopping at the first fault. */
function settingReader(environment: NodeJS.ProcessEnv, faults: string[]) {
  const defaults = new Map<string, string | undefined>(settings.map((setting) => [setting.name, setting.default]));
  const text = (name: SettingName) => environment[name] || defaults.get(name);
  const matching = (name: SettingName, pattern: RegExp, form: string) => {
    const value = text(name);
    if (value !== undefined && !pattern.test(value)) faults.push(`${name} must be ${form}.`);
    return value;
  };
  return {
    text,
    matching,
    required: (name: SettingName) => text(name) ?? '',
    wholeNumber(name: SettingName, least: number, most: number): number {
      const value = Number(text(name));
      if (!Number.isInteger(value) || value < least || value > most) {
        faults.push(`${name} must be a whole number from ${least} to ${most}.`);
      }
      return value;
    },
    oneOf<Value extends string>(name: SettingName, allowed: readonly Value[], fallback: Value): Value {
      const value = text(name) ?? fallback;
      const known = allowed.find((candidate) => candidate === value);
      if (known === undefined) faults.push(`${name} must be one of ${allowed.join(', ')}.`);
      return known ?? fallback;
    },
    listOf<Value extends string>(name: SettingName, allowed: readonly Value[]): Value[] {
      const values = (text(name) ?? '').split(',').map((part) => part.trim());
      const known = allowed.filter((candidate) => values.includes(candidate));
      if (known.length === 0 || values.some((value) => !allowed.some((candidate) => candidate === value))) {
        faults.push(`${name} must be a comma-separated list of ${allowed.join(', ')}.`);
      }
      return known;
    },
    url(name: SettingName, protocols: readonly string[]): string | undefined {
      const value = text(name);
      if (value === undefined) return undefined;
      // PostgreSQL's URLs may leave out the host, where a Unix socket is meant; others have no such form.
      if (!protocols.includes(URL.parse(value.replace('@/', '@socket/'))?.protocol ?? '')) {
        faults.push(
          `${name} must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}.`,
        );
      }
      return value;
    },
    urlsByName(name: SettingName): Readonly<Record<string, string>> {
      const urls = parseUrls(text(name) ?? '{}');
      if (urls === undefined) faults.push(`${name} must be a JSON object of http:// or https:// URLs.`);
      return urls ?? {};
    },
    networks(name: SettingName): string[] {
      const values = (text(name) ?? '')
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
      if (!values.every(isNetwork)) faults.push(`${name} must be a comma-separated list of addresses or CIDR ranges.`);
      return values;
    },
    firstKey() {
      const accessKeyId = matching('REPOINT_ACCESS_KEY_ID', /^\w{16,128}$/, '16 to 128 letters, digits or underscores');
      const secretAccessKey = text('REPOINT_SECRET_ACCESS_KEY');
      if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
        faults.push('REPOINT_ACCESS_KEY_ID and REPOINT_SECRET_ACCESS_KEY must be set together.');
      }
      if (secretAccessKey !== undefined && secretAccessKey.length < 16) {
        faults.push('REPOINT_SECRET_ACCESS_KEY must have at least 16 characters.');
      }
      return accessKeyId !== undefined && secretAccessKey !== undefined ? { accessKeyId, secretAccessKey } : undefined;
    },
  };
}

function parseUrls(text: string): Readonly<Record<string, string>> | undefined {
  try {
    const urls: unknown = JSON.parse(text);
    if (typeof urls !== 'object' || urls === null || Array.isArray(urls)) return undefined;
    return Object.values(urls).every(isWebUrl) ? { ...urls } : undefined;
  } catch {
    return undefined;
  }
}

function isWebUrl(value: unknown): boolean {
  return typeof value === 'string' && ['http:', 'https:'].includes(URL.parse(value)?.protocol ?? '');
}

function isNetwork(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

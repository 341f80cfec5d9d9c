/** The data directory: who may enter it, the master key in it, the credentials file of the first administrator. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Configuration } from '../kernel/configuration.ts';
import { MasterKey } from '../kernel/master-key.ts';

/** Others may pass through (the embedded database runs as another user) but not look around. */
const directoryMode = 0o711;
const privateFileMode = 0o600;

export async function makeDataDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: directoryMode });
}

/** The configured master key, or the one in the data directory, made at first start. */
export async function readMasterKey(configuration: Configuration): Promise<MasterKey> {
  if (configuration.masterKey !== undefined) return MasterKey.parse(configuration.masterKey);
  const file = join(configuration.dataDirectory, 'master-key');
  try {
    return MasterKey.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await writePrivateFile(file, `${randomBytes(32).toString('hex')}\n`);
  return MasterKey.parse(await readFile(file, 'utf8'));
}

export function credentialsFile(configuration: Configuration): string {
  return join(configuration.dataDirectory, 'credentials');
}

export interface FirstCredentials {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Writes the administrator's key as an AWS credentials profile that CLI and SDKs read. */
export async function writeCredentials(configuration: Configuration, credentials: FirstCredentials): Promise<void> {
  const lines = [
    `# Administrator of account ${credentials.accountId}. Keep it private; \`repoint keys create\` makes narrower ones.`,
    '[default]',
    `aws_access_key_id = ${credentials.accessKeyId}`,
    `aws_secret_access_key = ${credentials.secretAccessKey}`,
    'region = us-east-1',
    '',
  ];
  await writePrivateFile(credentialsFile(configuration), lines.join('\n'));
}

/** Whole or not at all, also when the process is killed in between. */
async function writePrivateFile(file: string, text: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.new`;
  await writeFile(unfinished, text, { mode: privateFileMode, flush: true });
  await rename(unfinished, file);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

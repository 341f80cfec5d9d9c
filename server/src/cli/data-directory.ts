/** The data directory: who may enter it, and the credentials file of the first administrator in it. */
import { constants, existsSync } from 'node:fs';
import { access, link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Configuration } from '../kernel/configuration.ts';
import { flushDirectory, systemCode } from '../kernel/file-system.ts';
import { OperatorError } from '../kernel/operator-error.ts';

/** Others may pass through (the embedded database runs as another user) but not look around. */
const directoryMode = 0o711;
const privateFileMode = 0o600;

/** @throws OperatorError when it cannot be made or written */
export async function makeDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: directoryMode });
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new OperatorError(
      `The data directory ${directory} cannot be made, or is not ours to write in (${systemCode(error)}). ` +
        'Set REPOINT_DATA_DIR to another one, or give it to the user who runs Repoint.',
      { cause: error },
    );
  }
}

/** Whether a server was started on this data directory before: its database has a password from then on. */
export function hasEmbeddedDatabase(directory: string): boolean {
  return existsSync(join(directory, 'postgres-password'));
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
  await writePrivateFile(credentialsFile(configuration), lines.join('\n'), 'replace');
}

/**
 * Whole or not at all, and there for good: also when the process is killed, or the power fails, in between.
 * @param existing what becomes of a file of this name; kept, it stays as another process has just written it
 */
export async function writePrivateFile(file: string, text: string, existing: 'keep' | 'replace'): Promise<void> {
  const unfinished = `${file}.${process.pid}.new`;
  await writeFile(unfinished, text, { mode: privateFileMode, flush: true });
  try {
    if (existing === 'replace') await rename(unfinished, file);
    else await link(unfinished, file);
  } catch (error) {
    if (existing === 'replace' || systemCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
  await flushDirectory(dirname(file));
}

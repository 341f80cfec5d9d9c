/**
 * The master key of a deployment: from the configuration, or from a file in the data directory, made at first start. It
 * is never made a second time: what the database has sealed could not be read with another one.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Database } from '../database/index.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { systemCode } from '../kernel/file-system.ts';
import { MasterKey } from '../kernel/master-key.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { writePrivateFile } from './data-directory.ts';

/**
 * @returns undefined when it is to be a file and there is none
 * @throws OperatorError when it cannot be read
 */
export async function findMasterKey(configuration: Configuration): Promise<MasterKey | undefined> {
  if (configuration.masterKey !== undefined) return parse(configuration.masterKey, 'REPOINT_MASTER_KEY');
  const file = masterKeyFile(configuration);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new OperatorError(`The master key in ${file} cannot be read (${systemCode(error)}).`, { cause: error });
  });
  return text === undefined ? undefined : parse(text, file);
}

/** @throws OperatorError when the database was made with a key, which is lost then */
export async function makeMasterKey(configuration: Configuration, database: Database): Promise<MasterKey> {
  if ((await storedFingerprint(database)) !== undefined) throw lostMasterKey(configuration);
  // A command that starts together with the first server may make one too: the first one written counts.
  await writePrivateFile(masterKeyFile(configuration), `${randomBytes(32).toString('hex')}\n`, 'keep');
  return requireMasterKey(configuration);
}

/** @throws OperatorError also when there is none */
export async function requireMasterKey(configuration: Configuration): Promise<MasterKey> {
  const masterKey = await findMasterKey(configuration);
  if (masterKey === undefined) throw lostMasterKey(configuration);
  return masterKey;
}

/** Of the key the database was made with, as `migrate` stores it; undefined before the first start. */
export async function storedFingerprint(database: Database): Promise<string | undefined> {
  const { rows } = await sql<{ value: string }>`
    select value from deployment where name = 'master key fingerprint'`.execute(database.query);
  return rows[0]?.value;
}

function masterKeyFile({ dataDirectory }: Configuration): string {
  return join(dataDirectory, 'master-key');
}

function parse(text: string, source: string): MasterKey {
  try {
    return MasterKey.parse(text);
  } catch (error) {
    throw new OperatorError(`${source} must be 32 bytes, written as 64 hex characters or as base64.`, { cause: error });
  }
}

function lostMasterKey(configuration: Configuration): OperatorError {
  return new OperatorError(
    `The master key is missing: restore ${masterKeyFile(configuration)} from its backup, or set REPOINT_MASTER_KEY. ` +
      'What the database has sealed cannot be read without it.',
  );
}

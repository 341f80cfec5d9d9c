/** `repoint users`: add somebody who signs in to the console. */
import { readFile } from 'node:fs/promises';
import { createUser, hashPassword } from '../domains/accounts/index.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { systemCode } from '../kernel/file-system.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { recordCommand } from './audit.ts';
import { chooseAccount } from './choose-account.ts';
import { withDeployment } from './deployment.ts';
import { askPassword } from './prompt.ts';

export interface AddUserOptions {
  readonly account?: string;
  readonly policy: readonly string[];
  readonly passwordFile?: string;
}

export async function addUser(configuration: Configuration, name: string, options: AddUserOptions): Promise<void> {
  const passwordHash = await hashPassword(await readPassword(name, options.passwordFile));
  await withDeployment(configuration, async (deployment) => {
    const { database } = deployment;
    const accountId = await chooseAccount(database.query, options.account);
    await database.transaction(async (tx) => {
      const now = new Date();
      await createUser(tx, { accountId, name, passwordHash, createdAt: now }, options.policy);
      await recordCommand(tx, deployment, { operation: 'CreateUser', accountId, resource: `users/${name}`, now });
    });
    console.log(`${name} may sign in to the console of account ${accountId}.`);
  });
}

async function readPassword(name: string, file: string | undefined): Promise<string> {
  if (file !== undefined) return readPasswordFile(file);
  const password = await askPassword(`Password for ${name}: `);
  if ((await askPassword('Once more: ')) !== password) throw new OperatorError('The two passwords are not the same.');
  return password;
}

async function readPasswordFile(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw new OperatorError(`The password file ${file} cannot be read (${systemCode(error)}).`, { cause: error });
  }
}

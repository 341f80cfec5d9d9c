/** `repoint keys`: create, list, disable. */
import type { Transaction } from '../database/index.ts';
import {
  createAccessKey,
  createUser,
  ensureProjectPolicy,
  findUser,
  type IssuedKey,
  listAccessKeys,
  switchAccessKey,
} from '../domains/accounts/index.ts';
import { toTimestamp } from '../kernel/clock.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { recordCommand } from './audit.ts';
import { chooseAccount } from './choose-account.ts';
import { type Deployment, withDeployment } from './deployment.ts';
import { printTable } from './table.ts';

export interface CreateKeyOptions {
  readonly user: string;
  readonly account?: string;
  readonly policy?: readonly string[];
  readonly project?: string;
}

export async function createKey(configuration: Configuration, options: CreateKeyOptions): Promise<void> {
  await withDeployment(configuration, async (deployment) => {
    const { database, masterKey } = deployment;
    const accountId = await chooseAccount(database.query, options.account);
    const key = await database.transaction(async (tx) => {
      const now = new Date();
      const number = await findOrMakeUser(tx, deployment, { ...options, accountId, now });
      const issued = await createAccessKey(tx, masterKey, { number }, now);
      const resource = `access-keys/${issued.accessKeyId}`;
      await recordCommand(tx, deployment, { operation: 'CreateAccessKey', accountId, resource, now });
      return issued;
    });
    console.error(`A key for ${options.user}. The secret is not shown again.`);
    printKey(key);
  });
}

interface WantedUser extends CreateKeyOptions {
  readonly accountId: string;
  readonly now: Date;
}

/** @returns the number of the user */
async function findOrMakeUser(tx: Transaction, deployment: Deployment, wanted: WantedUser): Promise<number> {
  const { accountId, now, user: name, policy: policies } = wanted;
  const known = await findUser(tx, accountId, name);
  if (known !== undefined) {
    if (policies === undefined && wanted.project === undefined) return known.number;
    throw new OperatorError(`The user ${name} is there already; --policy and --project are for new users.`);
  }
  if (policies === undefined)
    throw new OperatorError(`There is no user ${name}: say with --policy what a new one may do.`);
  const names = [];
  for (const policy of policies) names.push(await preparePolicy(tx, deployment, policy, wanted));
  const number = await createUser(tx, { accountId, name, passwordHash: undefined, createdAt: now }, names);
  await recordCommand(tx, deployment, { operation: 'CreateUser', accountId, resource: `users/${name}`, now });
  return number;
}

/** `mobile-client` for a project becomes a policy of that project, made when it is not there yet. @returns its name */
async function preparePolicy(
  tx: Transaction,
  deployment: Deployment,
  policy: string,
  { accountId, project, now }: WantedUser,
): Promise<string> {
  if (policy !== 'mobile-client') {
    if (project !== undefined) throw new OperatorError('--project goes with --policy mobile-client only.');
    return policy;
  }
  if (project === undefined) throw new OperatorError('--policy mobile-client needs --project.');
  const { name, made } = await ensureProjectPolicy(tx, { accountId, readyMade: policy, projectId: project, now });
  const resource = `policies/${name}`;
  if (made) await recordCommand(tx, deployment, { operation: 'CreatePolicy', accountId, resource, now });
  return name;
}

export async function listKeys(configuration: Configuration, { account }: { account?: string }): Promise<void> {
  await withDeployment(configuration, async ({ database }) => {
    const accountId = await chooseAccount(database.query, account);
    const rows: string[][] = [];
    for (let after: [string] | undefined; ; ) {
      const keys = await listAccessKeys(database.query, { accountId }, after, 500);
      for (const key of keys) rows.push([key.accessKeyId, key.userName, stateOf(key), lastUseOf(key)]);
      const last = keys.at(-1);
      if (last === undefined) break;
      after = [last.accessKeyId];
    }
    printTable(['access key', 'user', 'state', 'last used'], rows);
  });
}

function stateOf({ active, expiresAt }: { active: boolean; expiresAt: Date | null }): string {
  if (!active) return 'inactive';
  if (expiresAt === null) return 'active';
  return expiresAt <= new Date() ? 'expired' : `active until ${toTimestamp(expiresAt)}`;
}

function lastUseOf(key: { lastUsedAt: Date | null; lastUsedRegion: string | null; lastUsedOperation: string | null }) {
  if (key.lastUsedAt === null) return 'never';
  return `${toTimestamp(key.lastUsedAt)} ${key.lastUsedRegion ?? ''} ${key.lastUsedOperation ?? ''}`;
}

export async function disableKey(
  configuration: Configuration,
  accessKeyId: string,
  { account }: { account?: string },
): Promise<void> {
  await withDeployment(configuration, async (deployment) => {
    const { database } = deployment;
    const accountId = await chooseAccount(database.query, account);
    await database.transaction(async (tx) => {
      const missing = () => new OperatorError(`Account ${accountId} has no access key ${accessKeyId}.`);
      await switchAccessKey(tx, { accountId, accessKeyId }, false, missing);
      const resource = `access-keys/${accessKeyId}`;
      await recordCommand(tx, deployment, { operation: 'UpdateAccessKey', accountId, resource, now: new Date() });
    });
    console.log(`${accessKeyId} is switched off.`);
  });
}

/** An AWS credentials profile, so that it can be redirected into a file. */
export function printKey({ accessKeyId, secretAccessKey }: IssuedKey): void {
  console.log(`[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}`);
}

/** Users of an account: people with a password, programs with access keys, or both. */
import type { UserResponse } from '../../../contract/repoint-types.ts';
import type { Transaction } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { conflict, notFound } from '../../../kernel/errors.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import type { Call, Handlers } from '../../../operations/call.ts';
import { repointArn, userArn } from '../arn.ts';
import { forgetCredentials } from '../credentials/forget.ts';
import { requirePolicy } from '../policy/store.ts';
import { acceptPassword, deleteSessions } from '../sessions/store.ts';
import { createUser } from './create.ts';
import { type OwnPasswordParts, provePresentPassword, wrongPresentPassword } from './own-password.ts';
import { hashPassword, refuseShortPassword } from './password.ts';
import {
  attachPolicy,
  deleteUser,
  detachPolicy,
  findUser,
  listUsers,
  requireUser,
  setPasswordHash,
  type User,
} from './store.ts';

type Operation =
  | 'CreateUser'
  | 'GetUsers'
  | 'GetUser'
  | 'DeleteUser'
  | 'SetUserPassword'
  | 'AttachUserPolicy'
  | 'DetachUserPolicy';

export function userOperations(parts: OwnPasswordParts & { pagingTokens: PagingTokens }): Handlers<Operation> {
  const { database, pagingTokens } = parts;

  return {
    async CreateUser({ CreateUserRequest: { UserName, Password, Policies = [] } }, call) {
      const { accountId } = call.caller;
      const passwordHash = Password === undefined ? undefined : await hashPassword(Password);
      call.audited(repointArn({ accountId, region: call.region }, `users/${UserName}`));
      return call.transaction(async (tx) => {
        await createUser(tx, { accountId, name: UserName, passwordHash, createdAt: call.now }, Policies);
        return toResponse(await requireUser(tx, accountId, UserName), call);
      });
    },

    async GetUsers(page, call) {
      const { accountId } = call.caller;
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${accountId}/users`,
        page,
        (after, limit) => listUsers(database.query, accountId, after, limit),
        (last) => [last.name],
      );
      return { Item: items.map((user) => toResponse(user, call)), NextToken };
    },

    async GetUser({ UserName }, call) {
      const user = await findUser(database.query, call.caller.accountId, UserName);
      if (user === undefined) throw notFound();
      return toResponse(user, call);
    },

    async DeleteUser({ UserName }, call) {
      if (UserName === call.caller.userName) throw conflict('Nobody can delete their own user');
      return changeUser(call, UserName, async (tx, user) => {
        await deleteUser(tx, user.number);
        return toResponse(user, call);
      });
    },

    async SetUserPassword({ UserName, SetUserPasswordRequest: { Password, CurrentPassword } }, call) {
      // Before the present one is tried: a mistake in the new one costs no attempt.
      refuseShortPassword(Password);
      const owner = await provePresentPassword(parts, { UserName, CurrentPassword }, call);
      const passwordHash = await hashPassword(Password);
      await changeUser(call, UserName, async (tx, user) => {
        // Of two changes at once, the later one has proved a password that is no longer the present one.
        if (owner !== undefined && !(await acceptPassword(tx, owner))) throw wrongPresentPassword();
        await setPasswordHash(tx, user.number, passwordHash);
        await deleteSessions(tx, user.number);
      });
    },

    async AttachUserPolicy({ UserName, PolicyName }, call) {
      await changeUser(call, UserName, async (tx, user) => {
        const policy = await requirePolicy(tx, call.caller.accountId, PolicyName);
        await attachPolicy(tx, user.number, policy.number);
      });
    },

    async DetachUserPolicy({ UserName, PolicyName }, call) {
      await changeUser(call, UserName, async (tx, user) => {
        const policy = await requirePolicy(tx, call.caller.accountId, PolicyName);
        if (!(await detachPolicy(tx, user.number, policy.number))) throw notFound();
      });
    },
  };
}

async function changeUser<Result>(
  call: Call,
  userName: string,
  change: (tx: Transaction, user: User) => Promise<Result>,
): Promise<Result> {
  return call.transaction(async (tx) => {
    const result = await change(tx, await requireUser(tx, call.caller.accountId, userName));
    await forgetCredentials(tx, call.caller.accountId);
    return result;
  });
}

function toResponse(user: User, call: Call): UserResponse {
  const locked = user.lockedUntil !== null && user.lockedUntil > call.now;
  return {
    UserName: user.name,
    Arn: userArn(call.caller.accountId, user.name),
    CreationDate: toTimestamp(user.createdAt),
    HasPassword: user.passwordHash !== null,
    Policies: user.policies,
    ...(locked && { LockedUntil: toTimestamp(user.lockedUntil) }),
  };
}

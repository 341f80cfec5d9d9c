/** Signing in: a name and a password become temporary credentials, which sign requests like any access key. */
import { setTimeout as pause } from 'node:timers/promises';
import type { SignInRequest, SignInResponse } from '../../../contract/repoint-types.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest, forbidden } from '../../../kernel/errors.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import type { AuditRecord } from '../../../operations/audit-record.ts';
import type { Call, Handlers } from '../../../operations/call.ts';
import { hashToken, newAccessKeyId, newSecret, newSessionToken, sealSecret } from '../access-keys/key-material.ts';
import { repointArn, userArn } from '../arn.ts';
import type { AuditTrail } from '../audit/trail.ts';
import { forgetCredentials } from '../credentials/forget.ts';
import { type OperatorParts, operates } from '../operators.ts';
import { requireUser } from '../users/store.ts';
import type { PasswordLine } from './password-line.ts';
import { acceptPassword, deleteSession, findSigningUser, insertSession, type SigningUser } from './store.ts';
import { tryPassword } from './try-password.ts';

const sessionSeconds = 12 * 3600;

/**
 * Refusals leave at multiples of this after the look at them began. A look takes a tenth of it; how long exactly would
 * tell whether there is a user of that name, for whom more is written.
 */
const refusalMilliseconds = 300;

type Operation = 'SignIn' | 'SignOut' | 'GetCallerIdentity';

export function sessionOperations(
  parts: OperatorParts & { masterKey: MasterKey; audit: AuditTrail; passwordLine: PasswordLine },
): Handlers<Operation> {
  const { database, masterKey, audit, passwordLine } = parts;

  return {
    async SignIn({ SignInRequest: request }, call) {
      const { user, begun } = await passwordLine.wait(call.caller.sourceAddress, () => lookAt(request, call));
      if (user !== undefined) return user.erasedAfter === null ? openSession(user, call) : refuseClosed(user, call);
      await pause(refusalMilliseconds - ((performance.now() - begun) % refusalMilliseconds));
      throw wrongPassword();
    },

    async SignOut(_input, call) {
      if (call.caller.kind !== 'session') throw badRequest('Only a session can be signed out');
      await call.transaction(async (tx) => {
        await deleteSession(tx, call.caller.accessKeyId);
        await forgetCredentials(tx, call.caller.accountId);
      });
    },

    async GetCallerIdentity(_input, call) {
      const { accountId, userName, arn, accessKeyId } = call.caller;
      const { policies } = await requireUser(database.query, accountId, userName);
      return {
        ...{ AccountId: accountId, UserName: userName, Arn: arn, AccessKeyId: accessKeyId, Policies: policies },
        Operates: await operates(parts, accountId),
      };
    },
  };

  /** @returns the user who knows the password, and when the look began */
  async function lookAt({ AccountId, UserName, Password }: SignInRequest, call: Call) {
    const begun = performance.now();
    const user = await findSigningUser(database.query, AccountId, UserName);
    const fits = await tryPassword(database.query, user, Password, call.now);
    if (user !== undefined && !fits) await audit.record(signInRecord(user, call, 'refused'));
    return { user: fits ? user : undefined, begun };
  }

  /** Only somebody who knows the password learns that there is such an account, and what can still be done. */
  async function refuseClosed(user: SigningUser, call: Call): Promise<never> {
    if (!(await database.transaction((tx) => acceptPassword(tx, user)))) throw wrongPassword();
    await audit.record(signInRecord(user, call, 'refused'));
    throw closed(user.accountId, user.erasedAfter ?? call.now);
  }

  async function openSession(user: SigningUser, call: Call): Promise<SignInResponse> {
    const accessKeyId = newAccessKeyId('ASIA');
    const secret = newSecret();
    const token = newSessionToken();
    const expiresAt = new Date(call.now.getTime() + sessionSeconds * 1000);
    const Operates = await operates(parts, user.accountId);
    await database.transaction(async (tx) => {
      if (!(await acceptPassword(tx, user))) throw wrongPassword();
      await insertSession(tx, {
        accessKeyId,
        userNumber: user.number,
        sealedSecret: sealSecret(masterKey, accessKeyId, secret),
        tokenHash: hashToken(token),
        createdAt: call.now,
        expiresAt,
      });
      await audit.recordChange(tx, signInRecord(user, call, 'accepted', accessKeyId));
    });
    return {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secret,
      SessionToken: token,
      Expiration: toTimestamp(expiresAt),
      AccountId: user.accountId,
      UserName: user.name,
      Operates,
    };
  }
}

const wrongPassword = () => forbidden('User name or password are not right, or the user is locked for a while');

const closed = (accountId: string, erasedAfter: Date) =>
  forbidden(
    `The account is closed. Until ${toTimestamp(erasedAfter)} an operator can open it again ` +
      `(repoint accounts reopen ${accountId}); then it is erased for good`,
  );

/** The request chain does not know who signs in, so the entry is made here. */
function signInRecord(
  { accountId, name }: SigningUser,
  call: Call,
  outcome: 'accepted' | 'refused',
  accessKeyId = '',
): AuditRecord {
  const refused = outcome === 'refused';
  return {
    requestId: call.requestId,
    time: call.now,
    operation: call.operation,
    caller: { ...call.caller, accountId, userName: name, arn: userArn(accountId, name), accessKeyId },
    region: call.region,
    projectId: undefined,
    resource: repointArn({ accountId, region: call.region }, 'session'),
    status: refused ? 403 : 200,
    errorCode: refused ? 'ForbiddenException' : undefined,
  };
}

/** Access keys: create, list, switch off and on, rotate, delete. A secret is told once, by the call that makes it. */
import type { AccessKeyResponse, CreatedAccessKey } from '../../../contract/repoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest } from '../../../kernel/errors.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import type { Call, Handlers } from '../../../operations/call.ts';
import { repointArn } from '../arn.ts';
import { forgetCredentials } from '../credentials/forget.ts';
import { requireUser } from '../users/store.ts';
import { createAccessKey, type IssuedKey } from './create.ts';
import { type AccessKey, deleteAccessKey, listAccessKeys, requireAccessKey, setExpiry } from './store.ts';
import { switchAccessKey } from './switch.ts';

const defaultOverlapSeconds = 24 * 3600;
const longestOverlapSeconds = 30 * 24 * 3600;

type Operation = 'CreateAccessKey' | 'GetAccessKeys' | 'UpdateAccessKey' | 'RotateAccessKey' | 'DeleteAccessKey';

export function accessKeyOperations(parts: {
  database: Database;
  masterKey: MasterKey;
  pagingTokens: PagingTokens;
}): Handlers<Operation> {
  const { database, masterKey, pagingTokens } = parts;

  return {
    async CreateAccessKey({ UserName }, call) {
      return call.transaction(async (tx) => {
        const user = await requireUser(tx, call.caller.accountId, UserName);
        const issued = await createAccessKey(tx, masterKey, user, call.now);
        call.audited(repointArn(scopeOf(call), `access-keys/${issued.accessKeyId}`));
        return toCreated(issued, UserName, call.now);
      });
    },

    async GetAccessKeys({ UserName, ...page }, call) {
      const scope = { accountId: call.caller.accountId, userName: UserName };
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${scope.accountId}/access-keys/${UserName ?? ''}`,
        page,
        (after, limit) => listAccessKeys(database.query, scope, after, limit),
        (last) => [last.accessKeyId],
      );
      return { Item: items.map(toResponse), NextToken };
    },

    async UpdateAccessKey({ AccessKeyId, UpdateAccessKeyRequest: { Status } }, call) {
      const key = { accountId: call.caller.accountId, accessKeyId: AccessKeyId };
      return call.transaction(async (tx) => toResponse(await switchAccessKey(tx, key, Status === 'Active')));
    },

    async RotateAccessKey({ AccessKeyId, RotateAccessKeyRequest: request }, call) {
      const overlap = request?.OverlapSeconds ?? defaultOverlapSeconds;
      if (overlap > longestOverlapSeconds) {
        throw badRequest(`OverlapSeconds must be at most ${longestOverlapSeconds}`);
      }
      return call.transaction(async (tx) => {
        const key = await requireAccessKey(tx, call.caller.accountId, AccessKeyId);
        const issued = await createAccessKey(tx, masterKey, { number: key.userNumber }, call.now);
        const endsAt = call.now.getTime() + overlap * 1000;
        await setExpiry(tx, key, new Date(Math.min(endsAt, key.expiresAt?.getTime() ?? endsAt)));
        await forgetCredentials(tx, call.caller.accountId);
        return toCreated(issued, key.userName, call.now);
      });
    },

    async DeleteAccessKey({ AccessKeyId }, call) {
      return call.transaction(async (tx) => {
        const key = await requireAccessKey(tx, call.caller.accountId, AccessKeyId);
        await deleteAccessKey(tx, key);
        await forgetCredentials(tx, call.caller.accountId);
        return toResponse(key);
      });
    },
  };
}

function scopeOf(call: Call) {
  return { accountId: call.caller.accountId, region: call.region };
}

function toCreated({ accessKeyId, secretAccessKey }: IssuedKey, userName: string, now: Date): CreatedAccessKey {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    UserName: userName,
    Status: 'Active',
    CreationDate: toTimestamp(now),
  };
}

function toResponse(key: AccessKey): AccessKeyResponse {
  const { lastUsedAt, lastUsedRegion, lastUsedOperation } = key;
  return {
    AccessKeyId: key.accessKeyId,
    UserName: key.userName,
    Status: key.active ? 'Active' : 'Inactive',
    CreationDate: toTimestamp(key.createdAt),
    ...(key.expiresAt && { ExpirationDate: toTimestamp(key.expiresAt) }),
    ...(lastUsedAt && {
      LastUsed: {
        Date: toTimestamp(lastUsedAt),
        Region: lastUsedRegion ?? '',
        Operation: lastUsedOperation ?? '',
      },
    }),
  };
}

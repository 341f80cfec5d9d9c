/** What commands change stands in the audit log like everything else, under the name of who ran them. */
import { userInfo } from 'node:os';
import type { Transaction } from '../database/index.ts';
import { AuditTrail, repointArn } from '../domains/accounts/index.ts';
import { newRequestId } from '../kernel/ids.ts';
import type { Deployment } from './deployment.ts';

export interface CommandRecord {
  /** The operation of the API that does the same, where there is one. */
  readonly operation: string;
  readonly accountId: string;
  /** What was changed, as in an ARN: `users/lea`. */
  readonly resource: string;
  readonly now: Date;
}

export async function recordCommand(
  tx: Transaction,
  { database, masterKey, logger }: Deployment,
  { operation, accountId, resource, now }: CommandRecord,
): Promise<void> {
  const trail = new AuditTrail({ database, identityKey: masterKey.derive('audit identities'), logger });
  await trail.recordChange(tx, {
    requestId: newRequestId(),
    time: now,
    operation,
    caller: {
      accountId,
      userName: `command line (${operatorName()})`,
      arn: '',
      accessKeyId: '',
      kind: 'command line',
      sourceAddress: 'local',
      secureTransport: true,
    },
    region: 'local',
    projectId: undefined,
    resource: repointArn({ accountId, region: 'local' }, resource),
    status: 200,
    errorCode: undefined,
  });
}

/** In a container, the user who runs us often has a number and no name: reading it throws. */
export function operatorName(readUser: () => { username: string } = userInfo): string {
  try {
    return readUser().username;
  } catch {
    return `user ${process.getuid?.()}`;
  }
}

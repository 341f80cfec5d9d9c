/** Handlers of the accounts domain, joined. */
import type { MasterKey } from '../../kernel/master-key.ts';
import type { PagingTokens } from '../../kernel/paging.ts';
import { accessKeyOperations } from './access-keys/operations.ts';
import { auditOperations } from './audit/operations.ts';
import type { AuditTrail } from './audit/trail.ts';
import type { OperatorParts } from './operators.ts';
import { policyOperations } from './policy/operations.ts';
import { sessionOperations } from './sessions/operations.ts';
import { PasswordLine } from './sessions/password-line.ts';
import { userOperations } from './users/operations.ts';

export function accountOperations(
  parts: OperatorParts & { masterKey: MasterKey; pagingTokens: PagingTokens; audit: AuditTrail },
) {
  const passwordLine = new PasswordLine();
  return {
    ...sessionOperations({ ...parts, passwordLine }),
    ...userOperations({ ...parts, passwordLine }),
    ...accessKeyOperations(parts),
    ...policyOperations(parts),
    ...auditOperations(parts),
  };
}

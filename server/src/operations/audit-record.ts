/** What was done by whom to what: the raw material of an audit entry, made by the request chain or a command. */
import type { Caller } from './call.ts';

export interface AuditRecord {
  readonly requestId: string;
  readonly time: Date;
  /** Name of the operation; a command uses the name of the operation that does the same. */
  readonly operation: string;
  readonly caller: Caller;
  readonly region: string;
  readonly projectId: string | undefined;
  /** ARN as the caller knows it; identities in it are hashed by whoever stores it. */
  readonly resource: string;
  /** HTTP status of the answer. */
  readonly status: number;
  readonly errorCode: string | undefined;
}

/** What the contract says of one operation. The table of all of them is generated: `contract/operations.ts`. */
import type { OperationName } from '../contract/operations.ts';

export interface OperationDefinition {
  readonly name: OperationName;
  /** Whose API: decides the signing names that are accepted and the ARNs of its resources. */
  readonly service: 'pinpoint' | 'repoint';
  readonly method: string;
  /** `/v1/apps/{application-id}` */
  readonly path: string;
  readonly successStatus: number;
  /** IAM action, `mobiletargeting:GetApp`. */
  readonly action: string;
  /** Resource part of the ARN it is checked on, with labels in braces; `{resource-arn}` is a whole ARN. */
  readonly resource: string;
  readonly labels: readonly { readonly label: string; readonly member: string }[];
  readonly query: readonly { readonly parameter: string; readonly member: string; readonly type: 'string' | 'list' }[];
  readonly payload?: { readonly member: string; readonly required: boolean };
  /** The label that names a project, where there is one. */
  readonly projectLabel?: string;
  /** `change` leaves an audit entry, `data` a count, `read` nothing. */
  readonly audit: 'read' | 'change' | 'data';
  /** Needs no signature. */
  readonly anonymous?: true;
  /** Requests per second of an account and region, where quotas are on. */
  readonly quotaPerSecond: number;
}

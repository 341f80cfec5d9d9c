// GENERATED from model/ by scripts/generate-contract.ts. Do not edit: `npm run generate`.
export interface AccessKeyLastUsed {
  readonly Date: string;
  readonly Region?: string | undefined;
  readonly Operation?: string | undefined;
}

export interface AccessKeyResponse {
  readonly AccessKeyId: string;
  readonly UserName: string;
  readonly Status: AccessKeyStatus;
  readonly CreationDate: string;
  readonly ExpirationDate?: string | undefined;
  readonly LastUsed?: AccessKeyLastUsed | undefined;
}

export type AccessKeyStatus = 'Active' | 'Inactive';

export interface AccessKeysResponse {
  readonly Item: readonly AccessKeyResponse[];
  readonly NextToken?: string | undefined;
}

export interface AuditCount {
  readonly Minute: string;
  readonly AccessKeyId: string;
  readonly Operation: string;
  readonly ProjectId?: string | undefined;
  readonly Outcome: AuditOutcome;
  readonly Count: number;
}

export interface AuditCountsResponse {
  readonly Item: readonly AuditCount[];
  readonly NextToken?: string | undefined;
}

export interface AuditEntry {
  readonly Id: string;
  readonly Time: string;
  readonly UserName?: string | undefined;
  readonly AccessKeyId?: string | undefined;
  readonly Operation: string;
  readonly Region?: string | undefined;
  readonly ProjectId?: string | undefined;
  readonly Resource?: string | undefined;
  readonly SourceAddress?: string | undefined;
  readonly Status: number;
  readonly ErrorCode?: string | undefined;
  readonly RequestId: string;
}

export interface AuditLogResponse {
  readonly Item: readonly AuditEntry[];
  readonly NextToken?: string | undefined;
}

export type AuditOutcome = 'accepted' | 'refused' | 'failed';

export interface CallerIdentity {
  readonly AccountId: string;
  readonly UserName: string;
  readonly Arn: string;
  readonly AccessKeyId: string;
  readonly Policies: readonly string[];
}

export interface CreatePolicyRequest {
  readonly PolicyName: string;
  readonly Description?: string | undefined;
  readonly Document?: object | undefined;
  readonly ReadyMade?: ReadyMadePolicy | undefined;
  readonly ProjectId?: string | undefined;
}

export interface CreateUserRequest {
  readonly UserName: string;
  readonly Password?: string | undefined;
  readonly Policies?: readonly string[] | undefined;
}

export interface NewAccessKey {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly UserName: string;
  readonly Status: AccessKeyStatus;
  readonly CreationDate: string;
}

export interface PoliciesResponse {
  readonly Item: readonly PolicyResponse[];
  readonly NextToken?: string | undefined;
}

export interface PolicyResponse {
  readonly PolicyName: string;
  readonly Arn: string;
  readonly Description?: string | undefined;
  readonly Document: object;
  readonly CreationDate: string;
  readonly LastModifiedDate: string;
}

export type ReadyMadePolicy = 'administrator' | 'read-only' | 'sender' | 'mobile-client' | 'privacy-officer';

export interface RotateAccessKeyRequest {
  readonly OverlapSeconds?: number | undefined;
}

export interface SetUserPasswordRequest {
  readonly Password: string;
}

export interface SignInRequest {
  readonly AccountId?: string | undefined;
  readonly UserName: string;
  readonly Password: string;
}

export interface SignInResponse {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
  readonly Expiration: string;
  readonly AccountId: string;
  readonly UserName: string;
}

export interface UpdateAccessKeyRequest {
  readonly Status: AccessKeyStatus;
}

export interface UpdatePolicyRequest {
  readonly Description?: string | undefined;
  readonly Document: object;
}

export interface UserResponse {
  readonly UserName: string;
  readonly Arn: string;
  readonly CreationDate: string;
  readonly HasPassword: boolean;
  readonly Policies: readonly string[];
  readonly LockedUntil?: string | undefined;
}

export interface UsersResponse {
  readonly Item: readonly UserResponse[];
  readonly NextToken?: string | undefined;
}

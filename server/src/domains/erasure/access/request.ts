/** A request for what is held on somebody, as it is kept. */
import type { AccessRequestResponse } from '../../../contract/repoint-types.ts';
import type { IdentityType } from '../identities/identity.ts';
import type { RequestKey } from '../requests/request.ts';

export type AccessState = AccessRequestResponse['State'];
export type AccessOrigin = AccessRequestResponse['Origin'];

export interface ReadPlace {
  readonly name: string;
  readonly rows: number;
}

export interface StoredAccess extends RequestKey {
  readonly accountId: string;
  readonly callerId: string;
  readonly requestHash: Buffer;
  readonly origin: AccessOrigin;
  readonly state: AccessState;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
  /** How long the archive is kept. */
  readonly hours: number;
  readonly expiresAt: Date | null;
  readonly sealedIdentities: Buffer | null;
  readonly identityHashes: readonly Buffer[];
  readonly identityTypes: Readonly<Partial<Record<IdentityType, number>>>;
  readonly url: string;
  readonly epoch: number;
  readonly bytes: number | null;
  readonly places: readonly ReadPlace[];
  readonly downloads: number;
  readonly fault: string | null;
}

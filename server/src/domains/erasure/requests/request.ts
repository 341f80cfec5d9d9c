/** A request about people, as it is kept. */
import type { ErasureRequestResponse } from '../../../contract/repoint-types.ts';
import type { IdentityType } from '../identities/identity.ts';

export type ErasureState = ErasureRequestResponse['State'];
export type ErasureMode = ErasureRequestResponse['Mode'];
export type ErasureOrigin = ErasureRequestResponse['Origin'];

export const erasureStates: readonly ErasureState[] = [
  ...(['RECEIVED', 'VERIFIED', 'FINDING', 'WAITING', 'ERASING', 'VERIFYING'] as const),
  ...(['COMPLETED', 'PARTIALLY_COMPLETED', 'FAILED', 'DENIED', 'CANCELLED'] as const),
];

export interface RequestKey {
  readonly projectNumber: number;
  readonly id: string;
}

export interface Skipped {
  readonly what: string;
  readonly why: string;
}

export interface StoredRequest extends RequestKey {
  readonly accountId: string;
  readonly callerId: string;
  readonly requestHash: Buffer;
  readonly origin: ErasureOrigin;
  readonly mode: ErasureMode;
  readonly state: ErasureState;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly acceptedAt: Date | null;
  readonly changedAt: Date;
  readonly endedAt: Date | null;
  readonly sealedIdentities: Buffer | null;
  readonly identityHashes: readonly Buffer[];
  readonly identityTypes: Readonly<Partial<Record<IdentityType, number>>>;
  readonly endpoints: number;
  readonly users: number;
  readonly addresses: number;
  readonly messagesUnderWay: number;
  readonly skipped: readonly Skipped[];
  readonly fault: string | null;
  readonly version: string;
}

export interface LocationCounts {
  readonly location: string;
  readonly found: number;
  readonly erased: number;
  readonly retained: number;
  /** Of the last verification; null before. */
  readonly leftOver: number | null;
}

/** Whether data of people may go by it; otherwise it is about the list of who may not be stored. */
export function erases(mode: ErasureMode): boolean {
  return mode === 'ERASE' || mode === 'ERASE_AND_SUPPRESS' || mode === 'ANONYMISE';
}

/**
 * What is gone of a place. What went along with other rows (a user with the last endpoint) is counted nowhere: once the
 * request is completed, it was found, and is not there.
 */
export function goneFrom(
  { state, mode }: Pick<StoredRequest, 'state' | 'mode'>,
  { found, erased, retained, leftOver }: LocationCounts,
): number {
  if (state !== 'COMPLETED' || !erases(mode)) return erased;
  return Math.max(erased, found - retained - (leftOver ?? 0));
}

/** A request can be taken back; nothing of anybody is gone. */
export const beforeErasing: readonly ErasureState[] = ['RECEIVED', 'VERIFIED', 'FINDING', 'WAITING'];

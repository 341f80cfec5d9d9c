/**
 * What the ledger says: which erasure, accepted when, and keyed hashes of whom it was about. Nobody is named. Whoever holds
 * the key and meets somebody in a restored database can tell that they were erased; nobody else learns anything.
 */
import type { ErasureMode } from '../requests/request.ts';

export interface LedgerEntry {
  readonly id: string;
  readonly at: string;
  readonly accountId: string;
  readonly body: LedgerBody;
}

export type LedgerBody = PeopleErased | SuppressionChanged | ProjectDeleted | AccountClosed | AccountReopened | Void;

/** Keyed hashes are hex. */
export interface PeopleErased {
  readonly kind: 'PEOPLE';
  readonly projectNumber: number;
  /** `DELETED`: of a project that erases nothing else with a deletion. */
  readonly mode: Exclude<ErasureMode, 'SUPPRESS' | 'UNSUPPRESS'> | 'DELETED';
  /** What was accepted. Left out by `DELETED`, which is no request. */
  readonly of?: PieceOfRequest;
  /** Endpoints of higher generations were made afterwards. */
  readonly generation: number;
  readonly through: string;
  readonly endpoints: readonly string[];
  readonly users: readonly string[];
  readonly addresses: readonly LedgerAddress[];
}

export interface PieceOfRequest {
  readonly requestId: string;
  readonly piece: number;
}

/** One address in the ways in which tables recognise it, each under a key that is not in the database. */
export interface LedgerAddress {
  readonly identity: string;
  /** Of its `addressKey`. */
  readonly key: string;
  /** As the log of sends and the lists of suppressed addresses have it. */
  readonly hash: string;
}

export interface SuppressionChanged {
  readonly kind: 'SUPPRESSION';
  readonly projectNumber: number;
  readonly change: 'SUPPRESS' | 'UNSUPPRESS';
  readonly identities: readonly string[];
}

export interface ProjectDeleted {
  readonly kind: 'PROJECT';
  readonly projectNumber: number;
  readonly region: string;
  readonly projectId: string;
  /** Whether its rows go as well, or it is hidden only. */
  readonly isErased: boolean;
}

export interface AccountClosed {
  readonly kind: 'ACCOUNT_CLOSED';
  readonly closedAt: string;
  readonly erasedAfter: string;
}

export interface AccountReopened {
  readonly kind: 'ACCOUNT_REOPENED';
}

/** The transaction of an entry was rolled back: it never happened. */
export interface Void {
  readonly kind: 'VOID';
  readonly of: string;
}

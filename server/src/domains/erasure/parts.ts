/** What every room of erasure works with, made once for a process. */
import type { Database, Locations, Subject, Through, Transaction } from '../../database/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { MasterKey } from '../../kernel/master-key.ts';
import type { Audience } from '../audience/index.ts';
import type { AddressHashes } from '../messaging/index.ts';
import { fanOutHook } from './fan-out/targets.ts';
import { openDsrHook } from './open-dsr/status.ts';
import type { Physical } from './receipts/document.ts';
import { receiptHook } from './receipts/facts.ts';
import { Receipts } from './receipts/receipts.ts';
import type { ErasureMode, LocationCounts, RequestKey, StoredRequest } from './requests/request.ts';

export interface ErasureParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Seals whom requests are about. */
  readonly sealKey: Buffer;
  readonly audience: Audience;
  readonly hashes: AddressHashes;
  readonly locations: Locations;
  readonly hooks: readonly ErasureHook[];
  readonly receipts: Receipts;
}

/** Told of what erasures come to: a ledger, receipts, those downstream. */
export interface ErasureHook {
  /** In the transaction whose commit is the acceptance; what it throws undoes it. */
  accepting?(tx: Transaction, accepted: AcceptedPiece): Promise<void>;
  /** In the transaction of a deletion in a project that erases nothing else with it. */
  deleting?(tx: Transaction, gone: Subject): Promise<void>;
  /** In the transaction that changes who may be stored. */
  suppressing?(tx: Transaction, change: SuppressionChange): Promise<void>;
  /** In the transaction that ends a request, however it ends. */
  ended?(tx: Transaction, request: StoredRequest, counts: readonly LocationCounts[]): Promise<void>;
}

export interface AcceptedPiece extends RequestKey {
  /** Its number among the pieces of the request. */
  readonly piece: number;
  readonly mode: ErasureMode;
  readonly subject: Subject;
  readonly through: Through;
}

export interface SuppressionChange extends RequestKey {
  readonly accountId: string;
  readonly change: 'SUPPRESS' | 'UNSUPPRESS';
  /** Keyed hashes. */
  readonly identities: readonly Buffer[];
}

export function erasureParts(given: {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly masterKey: MasterKey;
  readonly audience: Audience;
  readonly hashes: AddressHashes;
  readonly locations: Locations;
  readonly hooks?: readonly ErasureHook[];
  /** Whose the database server is: receipts say when bytes are gone. */
  readonly databaseServer: Physical['database'];
}): ErasureParts {
  const { masterKey, hooks = [], databaseServer, ...others } = given;
  const receipts = new Receipts({ masterKey, database: databaseServer });
  const sealKey = masterKey.derive('erasure requests');
  const told = [fanOutHook({ ...others, sealKey }), openDsrHook(others)];
  // Receipts last: others of the account wait for the end of the transaction.
  return { ...others, receipts, sealKey, hooks: [...told, ...hooks, receiptHook(receipts)] };
}

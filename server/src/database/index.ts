/** The database room: PostgreSQL and how the rest of the house uses it. */
export { advisoryLocks } from './advisory-locks.ts';
export {
  bigintArray,
  booleanArray,
  bytesArray,
  floatArray,
  integerArray,
  jsonbArray,
  laidEndToEnd,
  textArray,
  textLists,
  timestampArray,
} from './arrays.ts';
export {
  type BackupEnd,
  type BackupFile,
  type BackupHead,
  describeTarget,
  emptyDatabase,
  loadBackup,
  readBackup,
  writeBackup,
} from './backup/index.ts';
export { CoalescedRead, type CoalescedReadOptions } from './coalesced-read.ts';
export { Coalescer, type CoalescerFigures, type CoalescerOptions } from './coalescer.ts';
export type { DatabaseConnection } from './connection.ts';
export { type BinaryRow, copyRows } from './copy-rows.ts';
export { type Embedded, type EmbeddedOptions, openEmbedded } from './embedded/index.ts';
export { DatabaseUnavailable, duplicateIn, faultCode, isLockTimeout } from './faults.ts';
export { readInKeyOrder } from './key-order.ts';
export {
  advanceCursor,
  claimableWork,
  claimRange,
  createWork,
  finishRange,
  keepRenewing,
  type Lease,
  LeaseLost,
  type Progress,
  releaseAll,
  releaseRange,
  removeWork,
  renewLease,
  resumeWork,
  type Step,
  suspendWork,
  turnWork,
  type Work,
  workProgress,
  workThrough,
} from './leases.ts';
export {
  type Aged,
  type AgedProject,
  agedRows,
  countRows,
  eitherOf,
  endpointIds,
  type FileLocation,
  type FilesForgotten,
  isOfSubject,
  type LocatedRow,
  type Location,
  type Locations,
  type RowsOf,
  readRows,
  rowsOf,
  type Subject,
  type SubjectAddress,
  subjectBuckets,
  type Through,
  userIds,
} from './locations.ts';
export { type MigrateOptions, migrate } from './migrate.ts';
export { NewsCache, type NewsCacheOptions } from './news-cache.ts';
export { type NodeDescription, NodeRegister, type Population, readNodeId } from './nodes.ts';
export { Notifications, notify, type Subscriber } from './notifications.ts';
export { readFromOneSnapshot } from './one-snapshot.ts';
export { type Database, type Executor, type OpenDatabaseOptions, openDatabase } from './open.ts';
export { platformPersonalData } from './personal-data.ts';
export type { PoolMetrics } from './pool.ts';
export { openSession, type Session } from './reach.ts';
export type { Tables } from './tables.ts';
export {
  dropTimePartitions,
  ensureTimePartitions,
  listTimePartitions,
  requireTimePartitions,
  type TimePartition,
  type TimePartitioning,
  withTimePartition,
} from './time-partitions.ts';
export { afterCommit, sendLast, type Transaction, type TransactionOptions, together } from './transaction.ts';

/** Backups of the whole database, over an ordinary connection. */
export type { BackupEnd, BackupHead } from './format.ts';
export { describeTarget, emptyDatabase, loadBackup } from './load.ts';
export { readBackup } from './read.ts';
export { type BackupFile, writeBackup } from './write.ts';

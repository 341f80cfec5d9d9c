/**
 * The file of a backup: a tar, compressed by zstd. First what it is and what is in it, then the rows of each table in
 * PostgreSQL's binary COPY format, cut into pieces, then files of local buckets if they were asked for, and at the end how
 * much of each there was, with checksums.
 */
import type { BackupPartition, BackupSequence, BackupTable } from './catalogue.ts';

export const backupFormat = 'repoint backup';
export const backupVersion = 1;
export const headName = 'backup.json';
export const endName = 'end.json';
export const tablesFolder = 'tables/';
export const filesFolder = 'files/';

export interface BackupHead {
  readonly format: typeof backupFormat;
  readonly version: number;
  /** Of Repoint. */
  readonly software: string;
  readonly createdAt: string;
  readonly postgres: string;
  /** The newest migration that the database has. */
  readonly schema: string;
  /** Of the job queue. */
  readonly jobsSchema: number;
  /** Whose secrets are sealed in it; the key itself is not. */
  readonly masterKeyFingerprint: string;
  /** How many entries of the erasure ledger the database knows, and the newest. */
  readonly ledger: { readonly entries: number; readonly newest: string | null };
  readonly tables: readonly BackupTable[];
  readonly partitions: readonly BackupPartition[];
  readonly sequences: readonly BackupSequence[];
}

export interface TableSum {
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface BackupEnd {
  readonly tables: Readonly<Record<string, TableSum>>;
  readonly files: { readonly count: number; readonly bytes: number; readonly sha256: string };
}

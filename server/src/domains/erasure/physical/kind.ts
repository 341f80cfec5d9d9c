/** What becomes of the bytes of erased rows, for receipts: it depends on whose PostgreSQL it is. */

export type PhysicalRemoval =
  | { readonly kind: 'EMBEDDED'; readonly withinHours: number }
  /** Sentences for whoever runs the server. */
  | { readonly kind: 'EXTERNAL'; readonly operator: readonly string[] };

/** The job runs every night. */
export const physicalRemovalHours = 24;

export function physicalRemoval({ databaseUrl }: { readonly databaseUrl: string | undefined }): PhysicalRemoval {
  if (databaseUrl === undefined) return { kind: 'EMBEDDED', withinHours: physicalRemovalHours };
  return {
    kind: 'EXTERNAL',
    operator: [
      'Rewrite what erasure_touched names (VACUUM FULL), then ANALYZE, and VACUUM FULL pg_statistic.',
      'Switch the write-ahead log and checkpoint, with wal_recycle off; the archive of the log has a retention of its own.',
      'Standbys follow by themselves. Backups and snapshots keep the rows until they expire: state how long that is.',
    ],
  };
}

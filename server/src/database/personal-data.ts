/** The platform's part of the personal-data inventory. */
import type { PersonalData } from '../kernel/personal-data.ts';

export const platformPersonalData: PersonalData = {
  domain: 'database',
  tables: [
    {
      table: 'schema_migrations',
      columns: { number: 'none', name: 'none', checksum: 'none', applied_at: 'none' },
      erasure: 'Never: names of files.',
    },
    { table: 'deployment', columns: { name: 'none', value: 'none' }, erasure: 'Never: facts of the deployment.' },
    {
      table: 'nodes',
      columns: {
        node_id: 'none',
        host_name: 'none',
        process_id: 'none',
        roles: 'none',
        version: 'none',
        started_at: 'none',
        heartbeat_at: 'none',
      },
      erasure: 'Removed 30 s after the last heartbeat.',
    },
    {
      table: 'work_ranges',
      columns: {
        kind: 'none',
        work_id: 'none',
        first_bucket: 'none',
        end_bucket: 'none',
        // A cursor is the key of the last row done: it may be an endpoint id.
        cursor: 'identity',
        epoch: 'none',
        holder: 'none',
        lease_until: 'none',
        finished_at: 'none',
      },
      erasure: 'Removed with the piece of work.',
      unreached: 'A cursor moves on within moments, and the row goes with its work: nothing is kept of whom it passed.',
    },
  ],
  files: [
    {
      files: 'postgres/cluster in the data directory, or in the place that postgres-place names',
      holds: 'personal',
      erasure: 'The database itself: rows by the domains, bytes by rewriting their tables (wal_recycle is off).',
      unreached: 'It is the tables, which have locations of their own.',
    },
    {
      files: 'postgres/log, postgres/start.log',
      holds: 'none',
      erasure: 'PostgreSQL logs neither parameters nor row values; the five newest files are kept.',
    },
    {
      files: 'postgres-password, master-key, credentials, node-id',
      holds: 'secret',
      erasure: 'With the data directory.',
    },
    {
      files: 'erasure-ledger, or what REPOINT_LEDGER_URL names',
      // Keyed hashes, as in the table.
      holds: 'none',
      erasure: 'Never: a backup of any age may be restored.',
    },
  ],
};

/** The database: what it is, how full, and whether it fits this program. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Executor } from '../../database/index.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

const largestClockDifferenceSeconds = 60;

export interface DatabaseFacts {
  readonly version: string;
  /** Of the last migration that was applied. */
  readonly migration: string;
  readonly now: Date;
  readonly bytes: number;
  readonly accounts: number;
  readonly processes: number;
  readonly connections: number;
  readonly maximum: number;
  /** Whether statements, with the personal data in them, may reach its log. */
  readonly logsValues: boolean;
}

export async function readDatabaseFacts(query: Executor): Promise<DatabaseFacts> {
  const { rows } = await sql<DatabaseFacts>`
    select current_setting('server_version') as version, clock_timestamp() as now,
           (select name from schema_migrations order by number desc limit 1) as migration,
           pg_database_size(current_database()) as bytes,
           (select count(*) from accounts) as accounts,
           (select count(*) from nodes where heartbeat_at > now() - interval '30 seconds') as processes,
           (select count(*) from pg_stat_activity where datname = current_database()) as connections,
           current_setting('max_connections')::int as maximum,
           current_setting('log_min_error_statement') <> 'panic' or current_setting('log_statement') <> 'none' as "logsValues"
  `.execute(query);
  return rows[0] as DatabaseFacts;
}

/** @param now of this machine */
export function judgeDatabase(facts: DatabaseFacts, now: Date): Finding[] {
  const difference = Math.abs(facts.now.getTime() - now.getTime()) / 1000;
  return [
    judgeMigration(facts.migration),
    facts.connections < facts.maximum * 0.8
      ? ok(`${facts.connections} of ${facts.maximum} database connections in use`)
      : warning(`${facts.connections} of ${facts.maximum} database connections in use: raise max_connections`),
    difference <= largestClockDifferenceSeconds
      ? ok(`clocks of this machine and the database agree within ${Math.ceil(difference)} s`)
      : wrong(`clocks differ by ${Math.round(difference)} s; signatures allow 300 s`),
    facts.logsValues
      ? warning(
          'the database may log statements with personal data: set log_min_error_statement=panic and log_statement=none',
        )
      : ok('the database logs no statements'),
  ];
}

export function judgeMigration(applied: string): Finding {
  const newest = newestMigration();
  if (applied === newest) return ok(`the database is at ${applied}, as this program`);
  return applied < newest
    ? warning(`the database is at ${applied}; the next start of this program brings it to ${newest}`)
    : wrong(`the database is at ${applied}: a newer version of Repoint has migrated it`);
}

function newestMigration(): string {
  const directory = join(import.meta.dirname, '../../database/migrations');
  return (
    readdirSync(directory)
      .sort()
      .at(-1)
      ?.replace(/\.sql$/, '') ?? ''
  );
}

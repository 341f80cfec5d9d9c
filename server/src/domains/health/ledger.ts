/** The erasure ledger, and bytes of erased people that are still to be taken out of the files. */
import { sql } from 'kysely';
import type { Executor } from '../../database/index.ts';
import { physicalRemovalHours } from '../erasure/index.ts';
import { type Finding, warning } from './finding.ts';

export interface LedgerFacts {
  readonly entries: number;
  /** Undefined when none wait. */
  readonly removalWaitsHours: number | undefined;
  readonly nodes: number;
}

export interface LedgerPlace {
  readonly ledgerUrl: string | undefined;
  readonly databaseUrl: string | undefined;
}

export async function readLedgerFacts(query: Executor): Promise<LedgerFacts> {
  const { rows } = await sql<{ entries: number; hours: number | null; nodes: number }>`
    select (select count(*) from erasure_ledger) as entries,
           (select floor(extract(epoch from now() - min(touched_at)) / 3600)::int from erasure_touched) as hours,
           (select count(distinct split_part(node_id, '/', 1)) from nodes
             where heartbeat_at > now() - interval '30 seconds') as nodes`.execute(query);
  const { entries = 0, hours = null, nodes = 0 } = rows[0] ?? {};
  return { entries, removalWaitsHours: hours ?? undefined, nodes };
}

/** Nothing is said while all is well. */
export function judgeLedger({ nodes, removalWaitsHours = 0 }: LedgerFacts, place: LedgerPlace): Finding[] {
  const embedded = place.databaseUrl === undefined;
  return [
    ...(place.ledgerUrl === undefined && !embedded && nodes > 1
      ? [warning('several nodes keep an erasure ledger each: set REPOINT_LEDGER_URL to one place for all of them')]
      : []),
    // The nightly job takes them out; it waits for old transactions, and does not run where no node is a worker.
    ...(embedded && removalWaitsHours > physicalRemovalHours + 2
      ? [
          warning(
            `bytes of people who were erased ${removalWaitsHours} h ago are still in the files; run \`repoint scrub\``,
          ),
        ]
      : []),
  ];
}

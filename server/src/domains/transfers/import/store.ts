/** SQL over the pieces of imports. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../database/index.ts';
import { isCurrent, type JobKey, type Piece, type Run, RunEnded } from '../store.ts';

export interface ImportPiece extends Piece {
  readonly bytes: number;
  readonly version: string;
  /** Lines that are dealt with: first and last of each run of them, in order. */
  readonly done: readonly (readonly [first: number, last: number])[];
}

export async function insertPieces(
  tx: Transaction,
  { projectNumber, id }: JobKey,
  files: readonly { readonly url: string; readonly bytes: number; readonly version: string }[],
): Promise<void> {
  await sql`
    insert into transfer_pieces (project_number, job_id, piece, url, bytes, version)
    select ${projectNumber}, ${id}, position, url, bytes, version
    from unnest(${files.map(({ url }) => url)}::text[], ${files.map(({ bytes }) => bytes)}::bigint[],
                ${files.map(({ version }) => version)}::text[]) with ordinality as given (url, bytes, version, position)`.execute(
    tx,
  );
}

export async function unfinishedPieces(query: Executor, { projectNumber, id }: JobKey): Promise<ImportPiece[]> {
  const { rows } = await sql<ImportPiece>`
    select piece, url, bytes, version,
           coalesce((select json_agg(json_build_array(lower(range), upper(range) - 1) order by range)
                     from unnest(done) as range), '[]') as done
    from transfer_pieces
    where project_number = ${projectNumber} and job_id = ${id} and finished_at is null
    order by piece`.execute(query);
  return rows;
}

export interface Failure {
  readonly line: number;
  readonly reason: string;
}

/** What became of a run of lines. */
export interface Settled {
  readonly firstLine: number;
  readonly lastLine: number;
  readonly processed: number;
  readonly failures: readonly Failure[];
}

const shownFailures = 100;

/**
 * Moves the cursor over lines, in the transaction that dealt with them.
 * @throws RunEnded when the run is over, or when any of the lines was dealt with already
 */
export async function settleLines(tx: Transaction, run: Run, { piece }: Piece, settled: Settled): Promise<void> {
  const { firstLine, lastLine, processed, failures } = settled;
  const lines = sql`int8multirange(int8range(${firstLine}::bigint, ${lastLine}::bigint, '[]'))`;
  const shown = failures.slice(0, shownFailures).map(({ line, reason }) => [line, reason]);
  const { numAffectedRows } = await sql`
    update transfer_pieces set done = done + ${lines}, processed = processed + ${processed}::bigint,
      failed = failed + ${failures.length}::bigint,
      failures = case when ${shown.length}::int = 0 then failures else (
        select jsonb_agg(failure) from (
          select failure from jsonb_array_elements(failures || ${JSON.stringify(shown)}::jsonb) as failure
          order by (failure ->> 0)::bigint limit ${shownFailures}) as first) end
    where project_number = ${run.projectNumber} and job_id = ${run.id} and piece = ${piece} and finished_at is null
      and not done && ${lines} and ${isCurrent(run)}`.execute(tx);
  if (numAffectedRows !== 1n) throw new RunEnded();
}

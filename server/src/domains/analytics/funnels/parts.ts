/**
 * Where the events of a question lie. Partitions that PostgreSQL would read as a whole are divided into pages, for several
 * connections; where an index leads to few of many events, it is followed.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '../../../database/index.ts';

/** Of one partition: some of its pages, or whatever an index leads to. */
export interface EventsPart {
  readonly table: string;
  /** `to` is not among them. */
  readonly pages?: { readonly from: number; readonly to: number };
}

/** 50 MB. */
const pagesOfPart = 6_400;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** No partition is dropped, made or joined with others until the transaction ends. @param condition over `events as e` */
export async function findParts(tx: Transaction, condition: RawBuilder<boolean>): Promise<EventsPart[]> {
  await sql`lock table events in access share mode`.execute(tx);
  const { rows } = await sql<{ 'QUERY PLAN': readonly [{ Plan: PlanNode }] }>`
    explain (format json) select from events as e where ${condition}`.execute(tx);
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  const scans = plan === undefined ? [] : scansOf(plan);
  const whole = scans.filter(({ isWhole }) => isWhole).map(({ table }) => table);
  const sizes = await pagesOf(tx, whole);
  return scans.flatMap(({ table, isWhole }) => (isWhole ? divide(table, sizes.get(table) ?? 0) : { table }));
}

function scansOf(node: PlanNode): { readonly table: string; readonly isWhole: boolean }[] {
  const table = node['Relation Name'];
  const below = (node.Plans ?? []).flatMap(scansOf);
  return table === undefined ? below : [{ table, isWhole: node['Node Type'] === 'Seq Scan' }, ...below];
}

function divide(table: string, pages: number): EventsPart[] {
  return Array.from({ length: Math.ceil(pages / pagesOfPart) }, (_, index) => ({
    table,
    pages: { from: index * pagesOfPart, to: Math.min((index + 1) * pagesOfPart, pages) },
  }));
}

async function pagesOf(tx: Transaction, tables: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ table: string; pages: number }>`
    select name as "table", pg_relation_size(quote_ident(name)::regclass) / current_setting('block_size')::int as pages
    from unnest(${tables}::text[]) as name`.execute(tx);
  return new Map(rows.map(({ table, pages }) => [table, Number(pages)]));
}

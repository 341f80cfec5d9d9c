/** What there is to ask about: names in use, and the most frequent values of one, for whoever builds a segment. */
import { sql } from 'kysely';
import type { Executor } from '../../database/index.ts';
import { bucketCount } from '../../kernel/bucket.ts';

export interface NamesInUse {
  readonly attributes: readonly string[];
  readonly metrics: readonly string[];
  readonly userAttributes: readonly string[];
}

export async function findNames(query: Executor, projectNumber: number): Promise<NamesInUse> {
  const rows = await query
    .selectFrom('attribute_names')
    .select(['kind', 'name'])
    .where('project_number', '=', projectNumber)
    .orderBy('name')
    .execute();
  const of = (wanted: string) => rows.filter(({ kind }) => kind === wanted).map(({ name }) => name);
  return { attributes: of('attribute'), metrics: of('metric'), userAttributes: of('user attribute') };
}

export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/** Enough to rank what is frequent; endpoints are spread over the buckets by hash, so any buckets are a fair sample. */
const sampleEndpoints = 20_000;
const mostValues = 50;

export async function findFrequentValues(
  query: Executor,
  projectNumber: number,
  of: 'attribute' | 'metric' | 'user attribute',
  name: string,
): Promise<{ values: ValueCount[]; sampledEndpoints: number }> {
  const buckets = await bucketsToSample(query, projectNumber);
  const sources = {
    attribute: sql`jsonb_array_elements_text(coalesce(e.attributes -> ${name}::text, '[]'))`,
    metric: sql`(select e.metrics ->> ${name}::text where e.metrics ? ${name}::text)`,
    'user attribute': sql`jsonb_array_elements_text(
      coalesce(coalesce(u.attributes, e.user_attributes) -> ${name}::text, '[]'))`,
  };
  const { rows } = await sql<ValueCount>`
    select value, count(*) as count
    from endpoints as e
    left join audience_users as u
      on u.project_number = e.project_number and u.bucket = e.user_bucket and u.user_id = e.user_id
    cross join lateral ${sources[of]} as given (value)
    where e.project_number = ${projectNumber} and e.bucket < ${buckets}
    group by value order by count desc, value limit ${mostValues}`.execute(query);
  const { rows: sampled } = await sql<{ count: number }>`
    select count(*) as count from endpoints where project_number = ${projectNumber} and bucket < ${buckets}`.execute(
    query,
  );
  return { values: rows, sampledEndpoints: sampled[0]?.count ?? 0 };
}

/** Counts one bucket after the other until there are enough. */
async function bucketsToSample(query: Executor, projectNumber: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (
      select from endpoints where project_number = ${projectNumber} and bucket < 8 limit ${sampleEndpoints}) as sampled`.execute(
    query,
  );
  const inEight = rows[0]?.count ?? 0;
  return Math.min(bucketCount, Math.ceil((sampleEndpoints / Math.max(inEight, 1)) * 8));
}

/** SQL that writes `endpoint_facets`. */
import { type RawBuilder, sql } from 'kysely';
import {
  bigintArray,
  booleanArray,
  floatArray,
  integerArray,
  jsonbArray,
  laidEndToEnd,
  textArray,
  timestampArray,
} from '../../database/index.ts';
import type { EndpointKey } from './endpoint.ts';
import type { FacetValues } from './facets.ts';

export interface FacetsRow extends EndpointKey, FacetValues {
  /** Null when they are the ones that are stored. */
  readonly tokens: readonly string[] | null;
  /** When the endpoint was last written. */
  readonly activeAt: Date;
}

/** Steps below this are not worth a new version of the row. */
const worthWriting = sql`interval '1 minute'`;

const columns = sql`
  project_number, bucket, id, channel_type, eligible, tokens, metrics, latitude, longitude, last_active_at`;

/** Rows of `given`, with all columns. */
const givenFacets = (rows: readonly FacetsRow[]) => {
  const tokens = laidEndToEnd(rows.map((row) => row.tokens ?? []));
  const metrics = rows.map((row) => (row.metrics === null ? null : JSON.stringify(row.metrics)));
  return sql`
    (select project_number, bucket, id, channel_type, eligible,
            case when said then (${bigintArray(tokens.whole)}::bigint[])[first:last] end as tokens,
            metrics, latitude, longitude, last_active_at
     from unnest(${bigintArray(rows.map(({ projectNumber }) => projectNumber))}::bigint[],
                 ${integerArray(rows.map(({ bucket }) => bucket))}::int[],
                 ${textArray(rows.map(({ id }) => id))}::text[],
                 ${textArray(rows.map(({ channelType }) => channelType))}::text[],
                 ${booleanArray(rows.map(({ eligible }) => eligible))}::boolean[],
                 ${booleanArray(rows.map((row) => row.tokens !== null))}::boolean[],
                 ${tokens.first}::int[], ${tokens.last}::int[], ${jsonbArray(metrics)}::jsonb[],
                 ${floatArray(rows.map(({ latitude }) => latitude))}::float8[],
                 ${floatArray(rows.map(({ longitude }) => longitude))}::float8[],
                 ${timestampArray(rows.map(({ activeAt }) => activeAt))}::timestamptz[])
       as row (project_number, bucket, id, channel_type, eligible, said, first, last, metrics, latitude, longitude,
               last_active_at)) as given`;
};

/** Of endpoints that were just made. */
export function insertingFacets(rows: readonly FacetsRow[]): RawBuilder<unknown> | undefined {
  if (rows.length === 0) return undefined;
  return sql`
    insert into endpoint_facets (${columns}) select given.* from ${givenFacets(rows)}
    order by project_number, bucket, id`;
}

/** Of endpoints that are locked. */
export function updatingFacets(rows: readonly FacetsRow[]): RawBuilder<unknown> | undefined {
  if (rows.length === 0) return undefined;
  return sql`
    update endpoint_facets as stored set
      channel_type = given.channel_type, eligible = given.eligible, tokens = coalesce(given.tokens, stored.tokens),
      metrics = given.metrics, latitude = given.latitude, longitude = given.longitude,
      last_active_at = greatest(stored.last_active_at, given.last_active_at)
    from ${givenFacets(rows)}
    where stored.project_number = given.project_number and stored.bucket = given.bucket
      and stored.id = given.id`;
}

export interface Activity extends EndpointKey {
  readonly activeAt: Date;
}

/** Moves the last activity of endpoints, forward only, and only by more than a minute. */
export function touching(activities: readonly Activity[]): RawBuilder<unknown> | undefined {
  if (activities.length === 0) return undefined;
  return sql`
    update endpoint_facets as stored set last_active_at = given.active_at
    from unnest(${bigintArray(activities.map(({ projectNumber }) => projectNumber))}::bigint[],
                ${integerArray(activities.map(({ bucket }) => bucket))}::int[],
                ${textArray(activities.map(({ id }) => id))}::text[],
                ${timestampArray(activities.map(({ activeAt }) => activeAt))}::timestamptz[])
      as given (project_number, bucket, id, active_at)
    where stored.project_number = given.project_number and stored.bucket = given.bucket and stored.id = given.id
      and stored.last_active_at < given.active_at - ${worthWriting}`;
}

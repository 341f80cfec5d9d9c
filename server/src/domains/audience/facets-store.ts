/** SQL that writes `endpoint_facets`. */
import { sql } from 'kysely';
import type { Transaction } from '../../database/index.ts';
import type { EndpointKey } from './endpoint.ts';
import type { Facets } from './facets.ts';

export interface FacetsRow extends EndpointKey, Facets {
  /** When the endpoint was last written. */
  readonly activeAt: Date;
}

/** Steps below this are not worth a new version of the row. */
const worthWriting = sql`interval '1 minute'`;

export async function writeFacets(tx: Transaction, rows: readonly FacetsRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into endpoint_facets as stored (project_number, bucket, id, channel_type, eligible, tokens, metrics,
                                           latitude, longitude, last_active_at)
    select "projectNumber", bucket, id, "channelType", eligible, tokens, metrics, latitude, longitude, "activeAt"
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as given ("projectNumber" bigint, bucket int, id text, "channelType" text, eligible boolean, tokens bigint[],
                metrics jsonb, latitude float8, longitude float8, "activeAt" timestamptz)
    order by "projectNumber", bucket, id
    on conflict (project_number, bucket, id) do update set
      channel_type = excluded.channel_type, eligible = excluded.eligible, tokens = excluded.tokens,
      metrics = excluded.metrics, latitude = excluded.latitude, longitude = excluded.longitude,
      last_active_at = greatest(stored.last_active_at, excluded.last_active_at)`.execute(tx);
}

export interface Activity extends EndpointKey {
  readonly activeAt: Date;
}

/** Moves the last activity of endpoints, forward only, and only by more than a minute. */
export async function touch(tx: Transaction, activities: readonly Activity[]): Promise<void> {
  if (activities.length === 0) return;
  await sql`
    update endpoint_facets as stored set last_active_at = given."activeAt"
    from json_to_recordset(${JSON.stringify(activities)}::json)
      as given ("projectNumber" bigint, bucket int, id text, "activeAt" timestamptz)
    where stored.project_number = given."projectNumber" and stored.bucket = given.bucket and stored.id = given.id
      and stored.last_active_at < given."activeAt" - ${worthWriting}`.execute(tx);
}

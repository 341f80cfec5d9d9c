/**
 * Events of an archive. What they hold as text is read by streams, timelines and erasures without a further look, so it is
 * looked at here: an archive may come from anywhere.
 */
import { type RawBuilder, sql } from 'kysely';

/**
 * As they are stored now. In archives of before events had columns (docs/decisions/0033) each has its record in one piece.
 * @param rows JSON: a list of rows
 */
export function storedEvents(rows: string): RawBuilder<unknown> {
  return sql`(
    select coalesce(jsonb_agg(event || case when record is null then '{}' else jsonb_build_object(
        'envelope', (case when record #> '{client_context,custom,endpoint}' is null then record
                          else record - 'client_context' end - 'attributes' - 'metrics')::text,
        'attributes', nullif(record -> 'attributes', '{}'), 'metrics', record -> 'metrics',
        'endpoint', record #>> '{client_context,custom,endpoint}') end), '[]')
    from jsonb_array_elements(${rows}::jsonb) as event cross join lateral (select event -> 'record') as given (record))`;
}

/**
 * Each fails, or becomes null where there has to be something, for what is not what it should be. Texts stay as they are:
 * a record is continued where its envelope ends (`recordText`).
 */
export const checkedEvents: Readonly<Record<string, RawBuilder<unknown>>> = {
  envelope: sql`case when jsonb_typeof(given.envelope::jsonb) = 'object' and given.envelope::jsonb <> '{}'
    and right(given.envelope, 1) = '}' then given.envelope end`,
  attributes: objectOrNull('attributes'),
  metrics: sql`case when given.metrics is not null then coalesce(${objectOrNull('metrics')}, '{}') end`,
  endpoint: sql`case when given.endpoint::jsonb is not null then given.endpoint end`,
};

/** Null for an empty one, too. `jsonb_each` takes nothing but objects. */
function objectOrNull(column: string): RawBuilder<unknown> {
  return sql`(select jsonb_object_agg(key, value) from jsonb_each(given.${sql.ref(column)}))`;
}

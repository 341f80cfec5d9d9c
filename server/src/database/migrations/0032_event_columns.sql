-- An event as what is asked of it and the rest: what an app says of it and the endpoint as it was have columns of their own,
-- everything else is kept as the text in which it will be sent. Making jsonb of a whole record was two thirds of what a row
-- cost, for members that nobody ever asks for.

-- In the order of all who read and write: the table before its days. No month begins to be filled any more.
lock table events, event_merges in access exclusive mode;

-- Months that are being filled have the columns of before: the next night begins them anew.
do $$
declare
  merge record;
  day text;
begin
  for merge in select month, days from event_merges loop
    foreach day in array merge.days loop
      if to_regclass(quote_ident(day)) is not null then
        execute format('drop trigger if exists follow_merge on %I', day);
      end if;
    end loop;
    execute format('drop table if exists %I', merge.month);
  end loop;
  delete from event_merges;
end
$$;

-- Computed while the table is rewritten once, and plain columns from then on.
alter table events
  add column attributes jsonb generated always as (nullif(record -> 'attributes', '{}')) stored,
  add column metrics jsonb generated always as (record -> 'metrics') stored,
  add column endpoint text generated always as (record #>> '{client_context,custom,endpoint}') stored;
alter table events
  alter column attributes drop expression,
  alter column metrics drop expression,
  alter column endpoint drop expression;

-- A function, since PostgreSQL 18 reads such a case once for every partition and stumbles over its own reading.
create function envelope_of(record jsonb) returns text
  language sql immutable
  return (case when record #> '{client_context,custom,endpoint}' is null then record else record - 'client_context' end
          - 'attributes' - 'metrics')::text;
alter table events alter column record type text using envelope_of(record);
drop function envelope_of;
alter table events rename column record to envelope;

comment on column events.envelope is 'JSON: the record without attributes, metrics, and client_context where it holds the endpoint.';
comment on column events.attributes is 'Null where the event has none.';
comment on column events.metrics is 'Null where its record has none, empty where it has an empty list of them.';
comment on column events.endpoint is 'JSON: as it was then. Null where the record has none.';

-- The whole record, for those who read few.
create function event_record(event events) returns jsonb
  language sql immutable parallel safe
  return (event).envelope::jsonb
    || jsonb_build_object('attributes', coalesce((event).attributes, '{}'))
    || case when (event).metrics is null then '{}' else jsonb_build_object('metrics', (event).metrics) end
    || case when (event).endpoint is null then '{}'
            else jsonb_build_object('client_context', jsonb_build_object('custom', jsonb_build_object('endpoint', (event).endpoint)))
       end;

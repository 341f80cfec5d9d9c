-- Everything that happened: app events, sends, bounces, steps of journeys, as the records that Pinpoint streamed.

-- Tells events of one transaction apart, in the order in which they were written.
create sequence event_sequence cache 100;

-- Written by domains/events. Append only, and cut by day of arrival (UTC): an old day is dropped whole, and nothing has
-- to be searched for. No primary key: nobody asks for one event, and a B-tree for it would cost a fifth of the rate.
create table events (
  project_number bigint not null,
  -- Of the endpoint's id; of an event without one, of the client's id in its record, so that these spread as well.
  bucket integer not null,
  arrived_at timestamptz not null,
  sequence bigint not null default nextval('event_sequence'),
  -- Who reads along goes by it: below the oldest transaction that is still under way, nothing will appear any more.
  transaction_id xid8 not null default pg_current_xact_id(),
  type text not null,
  -- When it happened, as the app or the provider says.
  occurred_at timestamptz not null,
  -- Folded. Null where the event is of no endpoint: a message to an address.
  endpoint_id text,
  record jsonb not null
) partition by range (arrived_at);

-- The timeline of an endpoint, newest first, and its removal.
create index events_by_endpoint on events (project_number, bucket, endpoint_id, arrived_at, sequence)
  where endpoint_id is not null;

-- Readers of a project's stream, each from where it stood. All of a project go to one end of it, so it costs little.
create index events_by_transaction on events (project_number, transaction_id, sequence);

-- Makes one partition of a table that is partitioned by time, unless it is there. Attached rather than created in its
-- place, which would lock all of the table against whoever reads or writes it; two who need the same one come one after
-- the other. Returns whether it was there already.
create function make_time_partition(parent text, name text, begins timestamptz, ends timestamptz, fill_factor integer)
  returns boolean
  language plpgsql
  as $$
declare
  key name;
  constraint_name text := name || '_time';
begin
  if to_regclass(name) is not null then
    return true;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('partitions of ' || parent, 0));
  -- Asked of the table itself: what to_regclass remembers may be older than the wait.
  if exists (select from pg_inherits join pg_class on pg_class.oid = inhrelid
             where inhparent = to_regclass(parent) and relname = name) then
    return true;
  end if;
  select attname into strict key
  from pg_partitioned_table join pg_attribute on attrelid = partrelid and attnum = partattrs[0]
  where partrelid = to_regclass(parent);
  execute format('create table %I (like %I including defaults, constraint %I check (%I >= %L and %I < %L)) with (fillfactor = %s)',
                 name, parent, constraint_name, key, begins, key, ends, fill_factor);
  execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, name, begins, ends);
  execute format('alter table %I drop constraint %I', name, constraint_name);
  return false;
end
$$;

-- Everybody queues behind whoever waits for the lock that this takes: it gives up soon, and whoever asked tries again.
create function drop_time_partition(name text) returns void
  language plpgsql
  set lock_timeout = '1s'
  as $$
begin
  execute format('drop table if exists %I', name);
end
$$;

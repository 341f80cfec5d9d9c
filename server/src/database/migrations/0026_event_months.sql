-- Days of events that are kept for long become months: fewer partitions to plan for, to lock and to look into.

-- Partitions of a table that is partitioned by time, with what they hold.
create function time_partitions(parent text) returns table (name text, begins timestamptz, ends timestamptz)
  language sql stable
  as $$
  select relname::text, bounds[1]::timestamptz, bounds[2]::timestamptz
  from pg_inherits
  join pg_class on pg_class.oid = inhrelid
  cross join lateral regexp_match(pg_get_expr(relpartbound, pg_class.oid),
                                  '^FOR VALUES FROM \(''([^'']+)''\) TO \(''([^'']+)''\)') as bounds
  where inhparent = to_regclass(parent) and bounds is not null
$$;

-- As before (0010), but a moment may lie in a larger partition: then there is nothing to make.
create or replace function make_time_partition(
  parent text, name text, begins timestamptz, ends timestamptz, fill_factor integer
) returns boolean
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
  if exists (select from time_partitions(parent) as made
             where made.begins <= make_time_partition.begins and made.ends >= make_time_partition.ends) then
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

-- Written by domains/events. Months that are being filled, each in a table that is no partition yet.
create table event_merges (
  month text primary key,
  begins timestamptz not null,
  ends timestamptz not null,
  -- The days that it is made of.
  days text[] not null,
  -- Something was added to the days meanwhile, or moved within them: the month is filled anew.
  is_spoiled boolean not null default false
);

-- On days that are being merged: what is removed from them, or changed, is so in the month too.
create function follow_event_merge() returns trigger
  language plpgsql
  as $$
declare
  target text := tg_argv[0];
  copied bigint;
begin
  if tg_op = 'INSERT' then
    update event_merges set is_spoiled = true where month = target and not is_spoiled;
    return null;
  end if;
  if tg_op = 'UPDATE' and (old.project_number, old.transaction_id, old.sequence, old.arrived_at)
                          is distinct from (new.project_number, new.transaction_id, new.sequence, new.arrived_at) then
    update event_merges set is_spoiled = true where month = target and not is_spoiled;
    return null;
  end if;
  execute format('delete from %I where project_number = $1 and transaction_id = $2 and sequence = $3', target)
    using old.project_number, old.transaction_id, old.sequence;
  get diagnostics copied = row_count;
  -- What was not copied yet will be, as it is now.
  if tg_op = 'UPDATE' and copied > 0 then
    execute format('insert into %I select ($1).*', target) using new;
  end if;
  return null;
end
$$;

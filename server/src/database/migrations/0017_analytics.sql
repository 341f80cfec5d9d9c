-- What is counted as events arrive. Decided in the transaction that appends them, so that a count and its events are
-- there or not there together.

-- Written by domains/analytics. Half an hour is the grain: days of nearly every time zone begin at one.
-- Shards keep writers apart (analytics_shard), and a reader adds them up.
create table analytics_counters (
  project_number bigint not null,
  metric text collate "C" not null,
  -- Of the time at which the event happened, within 90 days before it came. 1970 for counts of how things are now.
  slot timestamptz not null,
  -- Campaign or journey, and within it the run, and the treatment; empty where there is none.
  source_id text collate "C" not null,
  activity_id text collate "C" not null,
  treatment_id text collate "C" not null,
  -- Event type, country, status, currency … `other` once the last who carried it was erased.
  label text collate "C" not null,
  shard smallint not null,
  value double precision not null,
  primary key (project_number, metric, slot, source_id, activity_id, treatment_id, label, shard)
) with (fillfactor = 70);

-- Written by domains/analytics. Who was counted once, as plain counts: how many were there on a day and had been there
-- before on `previous` at the latest. Whoever is there on several days of a range is new to it exactly once, where
-- `previous` lies before the range: that makes distinct counts of any range of days a sum.
create table analytics_uniques (
  project_number bigint not null,
  metric text collate "C" not null,
  scope text collate "C" not null,
  -- Days since 1970 (UTC); -1 for never before.
  day integer not null,
  previous integer not null,
  shard smallint not null,
  count bigint not null,
  primary key (project_number, metric, scope, day, previous, shard)
) with (fillfactor = 70);

-- Written by domains/analytics. What makes counts of distinct ones exact: the days (or hours) on which somebody was
-- counted already. Goes with whom it is about; the counts stay.
create table analytics_marks (
  project_number bigint not null,
  -- Of the subject.
  bucket integer not null,
  -- Folded endpoint id, user id, or an address by its key.
  subject text collate "C" not null,
  metric text collate "C" not null,
  -- Campaign, run or message.
  scope text collate "C" not null,
  -- Ascending: days or hours since 1970 (UTC).
  moments integer[] not null,
  primary key (project_number, bucket, subject, metric, scope)
) partition by range (bucket);

-- Written by domains/analytics. Which labels came from whom, so that a label goes with the last one.
create table analytics_carriers (
  project_number bigint not null,
  bucket integer not null,
  -- As in analytics_marks.
  subject text collate "C" not null,
  user_id text,
  -- All that ever came: `dimension=value`.
  labels text[] not null,
  -- Of the endpoint as it is now: what Demographics counts. Starts with its channel.
  demographics text[] not null,
  primary key (project_number, bucket, subject)
) partition by range (bucket);

do $$
declare
  cut record;
begin
  for cut in select name, part from (values ('analytics_marks'), ('analytics_carriers')) as given (name),
                  generate_series(0, 3) as part
  loop
    execute format('create table %I partition of %I for values from (%s) to (%s) with (fillfactor = 80)',
                   format('%s_%s', cut.name, cut.part), cut.name, cut.part * 256, (cut.part + 1) * 256);
  end loop;
end
$$;

-- Written by domains/analytics. How many carry a label.
create table analytics_labels (
  project_number bigint not null,
  label text collate "C" not null,
  shard smallint not null,
  carriers bigint not null,
  primary key (project_number, label, shard)
) with (fillfactor = 70);

-- Written by domains/analytics.
create table funnels (
  project_number bigint not null references projects (number) on delete cascade,
  id text not null,
  definition jsonb not null,
  created_at timestamptz not null,
  last_modified_at timestamptz not null,
  primary key (project_number, id)
);

-- A shard that nobody else writes to until this transaction ends; the same one when it is asked again. The lowest that
-- is free, so that few writers make few rows. When all are taken, by chance: then two may wait for each other.
create function analytics_shard() returns smallint
  language plpgsql volatile
  as $$
begin
  for shard in 0 .. 15 loop
    if pg_try_advisory_xact_lock(1634626156, shard) then
      return shard;
    end if;
  end loop;
  return pg_backend_pid() % 16;
end
$$;

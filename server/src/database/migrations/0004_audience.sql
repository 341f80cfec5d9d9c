-- The people: endpoints, what segments ask of them, the users behind them, and the names of their attributes.
-- Endpoint-keyed tables are cut by bucket, so that rewriting a partition locks few of the people: the wide ones into
-- 8 partitions, the narrow ones into 4. Every statement opens all of them; see docs/decisions/0019.

-- A number for each life of an endpoint: one that is deleted and written again is another one.
create sequence endpoint_generations;

-- Written by domains/audience. The truth about each endpoint.
create table endpoints (
  project_number bigint not null,
  bucket integer not null,
  -- Folded: ids compare without regard to case.
  id text not null,
  -- The first spelling, where it is another one.
  shown_id text,
  generation bigint not null default nextval('endpoint_generations'),
  channel_type text,
  address text,
  -- First 8 bytes of SHA-256 of the normalised address; whoever searches by it compares the address as well.
  address_key bigint,
  opt_out text not null check (opt_out in ('ALL', 'NONE')),
  status text not null check (status in ('ACTIVE', 'INACTIVE')),
  cohort integer not null,
  user_id text,
  -- Of the user's own id.
  user_bucket integer,
  attributes jsonb not null,
  metrics jsonb not null,
  demographic jsonb not null,
  location jsonb not null,
  -- Of an endpoint without a user. Those of a user stand once, in audience_users.
  user_attributes jsonb not null,
  created_at timestamptz not null,
  effective_at timestamptz not null,
  request_id text not null,
  primary key (project_number, bucket, id)
) partition by range (bucket);

-- Finding people by an address or by a hash of one.
create index endpoints_by_address on endpoints (project_number, address_key) where address_key is not null;

-- Written by domains/audience. What segments ask, in a row narrow enough to scan a million of: derived from the endpoint
-- and its user, written in the same transaction. See docs/decisions/0017.
create table endpoint_facets (
  project_number bigint not null,
  bucket integer not null,
  id text not null,
  channel_type text,
  -- Active, not opted out, with an address.
  eligible boolean not null,
  -- 64-bit hashes of project, kind, name and value; of a name alone for "has this attribute".
  tokens bigint[] not null,
  metrics jsonb,
  latitude double precision,
  longitude double precision,
  -- Moves with writes and events, by steps of more than a minute, and is in no index: an update stays on its page.
  last_active_at timestamptz not null,
  primary key (project_number, bucket, id)
) partition by range (bucket);

create index endpoint_facets_by_token on endpoint_facets using gin (tokens);

-- Written by domains/audience. A user is there exactly while an endpoint carries its id.
create table audience_users (
  project_number bigint not null,
  -- Of the user's own id.
  bucket integer not null,
  user_id text not null,
  attributes jsonb not null,
  -- Folded ids, in the order in which they joined.
  endpoint_ids text[] not null,
  primary key (project_number, bucket, user_id)
) partition by range (bucket);

-- Written by domains/audience. The same-address rule: which endpoints became active at an address. Locking the row
-- serialises all who would. One probe here, where endpoints_by_address would need one in each partition.
create table endpoint_addresses (
  project_number bigint not null,
  -- Of the address.
  bucket integer not null,
  address_key bigint not null,
  -- Folded ids; at most a few, and some of them may be inactive again.
  endpoint_ids text[] not null,
  primary key (project_number, bucket, address_key)
) partition by range (bucket);

do $$
declare
  cut record;
begin
  for cut in
    select name, part, 1024 / parts as width
    from (values ('endpoints', 8), ('endpoint_facets', 8), ('audience_users', 4), ('endpoint_addresses', 4))
           as given (name, parts),
         generate_series(0, parts - 1) as part
  loop
    execute format('create table %I partition of %I for values from (%s) to (%s) with (fillfactor = 80)',
                   format('%s_%s', cut.name, cut.part), cut.name, cut.part * cut.width, (cut.part + 1) * cut.width);
  end loop;
end
$$;

-- Written by domains/audience. Endpoints that were deleted, as keyed hashes: a writer that began before the deletion
-- (an import, a queued event) finds itself here and writes nothing. Kept for 30 days.
create table endpoint_tombstones (
  project_number bigint not null,
  bucket integer not null,
  id_hash bytea not null,
  deleted_at timestamptz not null,
  primary key (project_number, bucket, id_hash)
);

create index endpoint_tombstones_by_time on endpoint_tombstones (deleted_at);

-- Written by domains/audience. The version rises with every change of a project's names or blocked patterns, so that a
-- process knows whether what it remembers of them is current.
create table audience_rules (
  project_number bigint primary key,
  version bigint not null
) with (fillfactor = 50);

-- Written by domains/audience. Names in use: 250 a project (dossier/audience §2.5).
create table attribute_names (
  project_number bigint not null,
  kind text not null check (kind in ('attribute', 'metric', 'user attribute')),
  name text not null,
  primary key (project_number, kind, name)
);

-- Written by domains/audience. What RemoveAttributes was told: matching names are no longer captured.
create table blocked_attributes (
  project_number bigint not null,
  kind text not null check (kind in ('attribute', 'metric', 'user attribute')),
  pattern text not null,
  primary key (project_number, kind, pattern)
);

-- The ground that every domain stands on: the bucket function, who runs, who works on what, facts of the deployment.

-- The bucket of a folded endpoint id: first four bytes of SHA-256, mod 1024, which are the last ten bits of those four
-- bytes. Equal to bucketOf in kernel/bucket.ts. It does not fold: that happens in TypeScript only.
create function bucket_of(folded_endpoint_id text) returns integer
  language sql immutable strict parallel safe
  return (select ((get_byte(digest, 2) & 3) << 8) | get_byte(digest, 3)
          from sha256(convert_to(folded_endpoint_id, 'UTF8')) as digest);

-- Written by database/. Facts of the whole deployment, such as the fingerprint of its master key.
create table deployment (
  name text primary key,
  value text not null
);

-- Written by database/. Every process that runs. The id is that of its data directory and a number in it, so it is the
-- same in every life of the process.
create table nodes (
  node_id text primary key,
  host_name text not null,
  process_id integer not null,
  roles text[] not null,
  version text not null,
  started_at timestamptz not null,
  heartbeat_at timestamptz not null
) with (fillfactor = 50);

-- Written by database/. Long work, cut into ranges of buckets. A range is leased, not locked: whoever holds it writes
-- its cursor together with the work, and every such write checks the epoch, which each claim raises.
create table work_ranges (
  kind text not null,
  work_id text not null,
  first_bucket integer not null check (first_bucket between 0 and 1023),
  end_bucket integer not null check (end_bucket between first_bucket + 1 and 1024),
  -- How far the work has come, in the words of its kind; null at the beginning.
  cursor jsonb,
  epoch bigint not null default 0,
  -- The process that has the range: a node_id.
  holder text,
  lease_until timestamptz,
  finished_at timestamptz,
  primary key (kind, work_id, first_bucket)
) with (fillfactor = 70);

-- A restarted process frees what it held; only ranges under way are in here.
create index work_ranges_by_holder on work_ranges (holder) where holder is not null;

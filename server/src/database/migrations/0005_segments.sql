-- Segments: definitions with their versions, and the members of imported ones.

-- Written by domains/segments.
create table segments (
  project_number bigint not null,
  id text not null,
  kind text not null check (kind in ('DIMENSIONAL', 'IMPORT')),
  -- The latest.
  version integer not null,
  name text,
  created_at timestamptz not null,
  last_modified_at timestamptz not null,
  primary key (project_number, id)
);

-- GetSegments: newest first.
create index segments_by_creation on segments (project_number, created_at desc, id);

-- Written by domains/segments. Definitions as they were written: they are compiled when they are asked.
create table segment_versions (
  project_number bigint not null,
  segment_id text not null,
  version integer not null,
  name text,
  definition jsonb,
  import_definition jsonb,
  -- Whose members are listed in segment_endpoints and segment_users; of imported segments only.
  membership bigint,
  last_modified_at timestamptz not null,
  primary key (project_number, segment_id, version),
  foreign key (project_number, segment_id) references segments (project_number, id) on delete cascade,
  check ((definition is null) <> (membership is null))
);

create sequence segment_memberships;

-- Written by domains/segments.
create table segment_endpoints (
  membership bigint not null,
  bucket integer not null,
  endpoint_id text not null,
  primary key (membership, bucket, endpoint_id)
) partition by range (bucket);

-- Written by domains/segments. A user id stands for all endpoints that the user has when somebody asks.
create table segment_users (
  membership bigint not null,
  -- Of the user's own id.
  bucket integer not null,
  user_id text not null,
  primary key (membership, bucket, user_id)
) partition by range (bucket);

do $$
begin
  for part in 0..15 loop
    execute format('create table segment_endpoints_%s partition of segment_endpoints for values from (%s) to (%s)',
                   lpad(part::text, 2, '0'), part * 64, part * 64 + 64);
    execute format('create table segment_users_%s partition of segment_users for values from (%s) to (%s)',
                   lpad(part::text, 2, '0'), part * 64, part * 64 + 64);
  end loop;
end
$$;

-- Reads a date in an attribute: ISO 8601, a day alone is its first moment, UTC unless it says otherwise. What is none is
-- null: it matches nothing. Equal to readInstant in domains/segments/instant.ts.
create function instant_of(value text) returns timestamptz
  language plpgsql stable strict parallel safe
  as $$
begin
  if value !~ '^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$' then
    return null;
  end if;
  return case when value ~ '(Z|[+-]\d{2}:?\d{2})$' and value ~ 'T' then value else value || case when value ~ 'T' then 'Z' else 'T00:00Z' end end::timestamptz;
exception when others then
  return null;
end
$$;

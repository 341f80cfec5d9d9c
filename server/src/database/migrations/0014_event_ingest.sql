-- Events that apps bring: whose they are, once and for all, and what a project decides about them.

alter table events
  -- Which life of the endpoint it is of, where that was known: one that is deleted and written again is another one.
  add column generation bigint,
  -- Of an event about an address (a message): the key of that address, as in endpoints.address_key.
  add column address_key bigint;

comment on column events.bucket is 'Of the endpoint; of an event about an address alone, of the address; else of the client id in its record.';

-- Erasing an address that has no endpoint. Those of an endpoint are found by events_by_endpoint, so they are left out here:
-- events of apps and of campaigns, which are nearly all, cost nothing.
create index events_by_address on events (project_number, bucket, address_key)
  where endpoint_id is null and address_key is not null;

-- Written by domains/events. What a project decides about its events; the server's defaults where there is no row.
create table event_settings (
  project_number bigint primary key,
  deduplicate boolean not null,
  -- Null: as long as the server keeps them. 0: for ever.
  retention_days integer check (retention_days >= 0)
);

-- Written by domains/events. Events that were taken lately, of projects that ask for each to be taken once.
create table event_fingerprints (
  project_number bigint not null,
  -- Of the endpoint.
  bucket integer not null,
  -- Keyed hash of endpoint, event id and content, type and timestamp among it.
  fingerprint bytea not null,
  seen_at timestamptz not null,
  primary key (project_number, bucket, fingerprint)
);

-- Forgetting those that are old.
create index event_fingerprints_by_time on event_fingerprints (seen_at);

-- Recommender configurations: where recommendations for messages come from.

-- Written by domains/recommenders.
create table recommenders (
  account_id text not null references accounts (account_id),
  region text not null,
  id text not null,
  name text,
  description text,
  provider_uri text not null,
  provider_role_arn text not null,
  provider_id_type text not null check (provider_id_type in ('PINPOINT_ENDPOINT_ID', 'PINPOINT_USER_ID')),
  recommendations_per_message integer not null check (recommendations_per_message between 1 and 5),
  transformer_uri text,
  -- Without a transformer there is one name for the items; with one there are attributes, and names for them.
  display_name text,
  attributes jsonb,
  created_at timestamptz not null,
  last_modified_at timestamptz not null,
  -- At most 100 rows a scope: the list of them needs no index of its own.
  primary key (account_id, region, id),
  check ((transformer_uri is null) = (display_name is not null) and (transformer_uri is null) = (attributes is null))
);

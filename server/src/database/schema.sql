-- GENERATED from the migrations by scripts/dump-schema.ts. Do not edit: `npm run generate`.

CREATE OR REPLACE FUNCTION public.bucket_of(folded_endpoint_id text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (SELECT (((get_byte(digest.digest, 2) & 3) << 8) | get_byte(digest.digest, 3)) FROM sha256(convert_to(bucket_of.folded_endpoint_id, 'UTF8'::name)) digest(digest));

create table accounts (
  account_id text not null,
  name text not null,
  created_at timestamp with time zone not null,
  PRIMARY KEY (account_id),
  CHECK ((account_id ~ '^[0-9]{12}$'::text))
);

create table audit_counts (
  account_id text not null,
  minute timestamp with time zone not null,
  access_key_id text not null,
  operation text not null,
  project_id text not null,
  status_class text not null,
  count bigint not null,
  PRIMARY KEY (account_id, minute, access_key_id, operation, project_id, status_class),
  CHECK ((status_class = ANY (ARRAY['2xx'::text, '4xx'::text, '5xx'::text])))
) with (fillfactor=80);

create table audit_entries (
  number bigint not null generated always as identity,
  account_id text not null,
  at timestamp with time zone not null,
  user_name text not null,
  access_key_id text not null,
  operation text not null,
  region text not null,
  project_id text,
  resource text,
  source_address text not null,
  status integer not null,
  error_code text,
  request_id text not null,
  PRIMARY KEY (number)
);
CREATE INDEX audit_entries_by_time ON public.audit_entries USING btree (account_id, at DESC, number DESC);

create table credentials (
  access_key_id text not null,
  user_number bigint not null,
  kind text not null,
  sealed_secret bytea not null,
  token_hash bytea,
  active boolean not null default true,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  last_used_region text,
  last_used_operation text,
  PRIMARY KEY (access_key_id),
  FOREIGN KEY (user_number) REFERENCES users(number) ON DELETE CASCADE,
  CHECK ((kind = ANY (ARRAY['access key'::text, 'session'::text])))
);
CREATE INDEX credentials_by_expiry ON public.credentials USING btree (expires_at) WHERE (expires_at IS NOT NULL);
CREATE INDEX credentials_by_user ON public.credentials USING btree (user_number);

create table deployment (
  name text not null,
  value text not null,
  PRIMARY KEY (name)
);

create table nodes (
  node_id text not null,
  host_name text not null,
  process_id integer not null,
  roles text[] not null,
  version text not null,
  started_at timestamp with time zone not null,
  heartbeat_at timestamp with time zone not null,
  PRIMARY KEY (node_id)
) with (fillfactor=50);

create table policies (
  number bigint not null generated always as identity,
  account_id text not null,
  name text not null,
  description text,
  document jsonb,
  ready_made text,
  project_id text,
  created_at timestamp with time zone not null,
  last_modified_at timestamp with time zone not null,
  UNIQUE (account_id, name),
  PRIMARY KEY (number),
  FOREIGN KEY (account_id) REFERENCES accounts(account_id),
  CHECK (((document IS NULL) <> (ready_made IS NULL)))
);

create table project_settings (
  project_number bigint not null,
  campaign_hook jsonb,
  limits jsonb,
  quiet_time jsonb,
  journey_limits jsonb,
  cloud_watch_metrics_enabled boolean,
  event_tagging_enabled boolean,
  last_modified_at timestamp with time zone not null,
  PRIMARY KEY (project_number),
  FOREIGN KEY (project_number) REFERENCES projects(number)
);

create table projects (
  number bigint not null generated always as identity,
  account_id text not null,
  region text not null,
  id text not null,
  name text not null,
  created_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (number),
  FOREIGN KEY (account_id) REFERENCES accounts(account_id)
);
CREATE INDEX projects_by_creation ON public.projects USING btree (account_id, region, created_at, id) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX projects_by_id ON public.projects USING btree (account_id, region, id);

create table schema_migrations (
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  PRIMARY KEY (number)
);

create table tags (
  account_id text not null,
  region text not null,
  resource text not null,
  tags jsonb not null,
  PRIMARY KEY (account_id, region, resource),
  FOREIGN KEY (account_id) REFERENCES accounts(account_id)
);

create table user_policies (
  user_number bigint not null,
  policy_number bigint not null,
  PRIMARY KEY (user_number, policy_number),
  FOREIGN KEY (policy_number) REFERENCES policies(number),
  FOREIGN KEY (user_number) REFERENCES users(number) ON DELETE CASCADE
);
CREATE INDEX user_policies_by_policy ON public.user_policies USING btree (policy_number);

create table users (
  number bigint not null generated always as identity,
  account_id text not null,
  name text not null,
  password_hash text,
  failed_attempts integer not null default 0,
  locked_until timestamp with time zone,
  created_at timestamp with time zone not null,
  UNIQUE (account_id, name),
  PRIMARY KEY (number),
  FOREIGN KEY (account_id) REFERENCES accounts(account_id)
);

create table work_ranges (
  kind text not null,
  work_id text not null,
  first_bucket integer not null,
  end_bucket integer not null,
  cursor jsonb,
  epoch bigint not null default 0,
  holder text,
  lease_until timestamp with time zone,
  finished_at timestamp with time zone,
  PRIMARY KEY (kind, work_id, first_bucket),
  CHECK (((end_bucket >= (first_bucket + 1)) AND (end_bucket <= 1024))),
  CHECK (((first_bucket >= 0) AND (first_bucket <= 1023)))
) with (fillfactor=70);
CREATE INDEX work_ranges_by_holder ON public.work_ranges USING btree (holder) WHERE (holder IS NOT NULL);

-- GENERATED from the migrations by scripts/dump-schema.ts. Do not edit: `npm run generate`.

CREATE OR REPLACE FUNCTION public.analytics_shard()
 RETURNS smallint
 LANGUAGE plpgsql
AS $function$
begin
  for shard in 0 .. 15 loop
    if pg_try_advisory_xact_lock(1634626156, shard) then
      return shard;
    end if;
  end loop;
  return pg_backend_pid() % 16;
end
$function$;

CREATE OR REPLACE FUNCTION public.bucket_of(folded_endpoint_id text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (SELECT (((get_byte(digest.digest, 2) & 3) << 8) | get_byte(digest.digest, 3)) FROM sha256(convert_to(bucket_of.folded_endpoint_id, 'UTF8'::name)) digest(digest));

CREATE OR REPLACE FUNCTION public.drop_time_partition(name text)
 RETURNS void
 LANGUAGE plpgsql
 SET lock_timeout TO '1s'
AS $function$
begin
  execute format('drop table if exists %I', name);
end
$function$;

CREATE OR REPLACE FUNCTION public.endpoint_with_token(of_project bigint, wanted bigint)
 RETURNS TABLE(bucket integer, id text)
 LANGUAGE sql
 STABLE ROWS 1
 SET enable_bitmapscan TO 'on'
 SET enable_seqscan TO 'off'
 SET enable_indexscan TO 'off'
 SET enable_indexonlyscan TO 'off'
AS $function$select bucket, id from endpoint_facets where project_number = of_project and tokens @> array[wanted] limit 1$function$;

CREATE OR REPLACE FUNCTION public.endpoints_with_tokens(of_project bigint, wanted bigint[])
 RETURNS TABLE(token bigint, bucket integer, id text)
 LANGUAGE sql
 STABLE
AS $function$
    with first_ones as materialized (
      select bucket, id, tokens from endpoint_facets where project_number = of_project order by bucket, id limit 1000
    ), frequent as materialized (
      select distinct on (token) token, bucket, id
      from first_ones cross join lateral unnest(tokens) as had (token) join unnest(wanted) as wanted (token) using (token)
    )
    select token, bucket, id from frequent
    union all
    select rare.token, holder.bucket, holder.id
    from (select unnest(wanted) except select token from frequent) as rare (token)
    cross join lateral endpoint_with_token(of_project, rare.token) as holder
  $function$;

CREATE OR REPLACE FUNCTION public.event_record(event events)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (((((event).envelope)::jsonb || jsonb_build_object('attributes', COALESCE((event).attributes, '{}'::jsonb))) || CASE WHEN ((event).metrics IS NULL) THEN '{}'::jsonb ELSE jsonb_build_object('metrics', (event).metrics) END) || CASE WHEN ((event).endpoint IS NULL) THEN '{}'::jsonb ELSE jsonb_build_object('client_context', jsonb_build_object('custom', jsonb_build_object('endpoint', (event).endpoint))) END);

CREATE OR REPLACE FUNCTION public.follow_event_merge()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.instant_of(value text)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE STRICT
AS $function$
begin
  if value !~ '^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$' then
    return null;
  end if;
  return case when value ~ '(Z|[+-]\d{2}:?\d{2})$' and value ~ 'T' then value else value || case when value ~ 'T' then 'Z' else 'T00:00Z' end end::timestamptz;
exception when others then
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.make_time_partition(parent text, name text, begins timestamp with time zone, ends timestamp with time zone, fill_factor integer)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.time_partitions(parent text)
 RETURNS TABLE(name text, begins timestamp with time zone, ends timestamp with time zone)
 LANGUAGE sql
 STABLE
AS $function$
  select relname::text, bounds[1]::timestamptz, bounds[2]::timestamptz
  from pg_inherits
  join pg_class on pg_class.oid = inhrelid
  cross join lateral regexp_match(pg_get_expr(relpartbound, pg_class.oid),
                                  '^FOR VALUES FROM \(''([^'']+)''\) TO \(''([^'']+)''\)') as bounds
  where inhparent = to_regclass(parent) and bounds is not null
$function$;

create table access_requests (
  project_number bigint not null,
  id text not null,
  account_id text not null,
  caller_id text not null,
  request_hash bytea not null,
  origin text not null,
  state text not null,
  created_at timestamp with time zone not null,
  completed_at timestamp with time zone,
  hours integer not null,
  expires_at timestamp with time zone,
  sealed_identities bytea,
  identity_hashes bytea[] not null,
  identity_types jsonb not null,
  url text not null,
  epoch integer not null default 0,
  bytes bigint,
  places jsonb not null default '[]'::jsonb,
  downloads integer not null default 0,
  fault text,
  PRIMARY KEY (project_number, id),
  CHECK (((hours >= 1) AND (hours <= 720))),
  CHECK ((state = ANY (ARRAY['RECEIVED'::text, 'READING'::text, 'COMPLETED'::text, 'FAILED'::text, 'EXPIRED'::text])))
) with (fillfactor=70);
CREATE UNIQUE INDEX access_requests_by_caller_id ON public.access_requests USING btree (project_number, caller_id);
CREATE INDEX access_requests_by_end ON public.access_requests USING btree (expires_at) WHERE (state = 'COMPLETED'::text);
CREATE INDEX access_requests_by_identity ON public.access_requests USING gin (identity_hashes);
CREATE INDEX access_requests_by_time ON public.access_requests USING btree (project_number, created_at DESC, id);

create table accounts (
  account_id text not null,
  name text not null,
  created_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  erased_after timestamp with time zone,
  PRIMARY KEY (account_id),
  CHECK ((account_id ~ '^[0-9]{12}$'::text)),
  CHECK (((closed_at IS NULL) = (erased_after IS NULL)))
);

create table analytics_carriers (
  project_number bigint not null,
  bucket integer not null,
  subject text not null,
  user_id text,
  labels text[] not null,
  demographics text[] not null,
  PRIMARY KEY (project_number, bucket, subject)
) partition by RANGE (bucket);

create table analytics_carriers_0 partition of analytics_carriers for values from (0) to (256);

create table analytics_carriers_1 partition of analytics_carriers for values from (256) to (512);

create table analytics_carriers_2 partition of analytics_carriers for values from (512) to (768);

create table analytics_carriers_3 partition of analytics_carriers for values from (768) to (1024);

create table analytics_counters (
  project_number bigint not null,
  metric text not null,
  slot timestamp with time zone not null,
  source_id text not null,
  activity_id text not null,
  treatment_id text not null,
  label text not null,
  shard smallint not null,
  value double precision not null,
  PRIMARY KEY (project_number, metric, slot, source_id, activity_id, treatment_id, label, shard)
) with (fillfactor=70);

create table analytics_labels (
  project_number bigint not null,
  label text not null,
  shard smallint not null,
  carriers bigint not null,
  PRIMARY KEY (project_number, label, shard)
) with (fillfactor=70);

create table analytics_marks (
  project_number bigint not null,
  bucket integer not null,
  subject text not null,
  metric text not null,
  scope text not null,
  moments integer[] not null,
  PRIMARY KEY (project_number, bucket, subject, metric, scope)
) partition by RANGE (bucket);

create table analytics_marks_0 partition of analytics_marks for values from (0) to (256);

create table analytics_marks_1 partition of analytics_marks for values from (256) to (512);

create table analytics_marks_2 partition of analytics_marks for values from (512) to (768);

create table analytics_marks_3 partition of analytics_marks for values from (768) to (1024);

create table analytics_names (
  project_number bigint not null,
  kind text not null,
  name text not null,
  PRIMARY KEY (project_number, kind, name)
);

create table analytics_uniques (
  project_number bigint not null,
  metric text not null,
  scope text not null,
  day integer not null,
  previous integer not null,
  shard smallint not null,
  count bigint not null,
  PRIMARY KEY (project_number, metric, scope, day, previous, shard)
) with (fillfactor=70);

create table attribute_names (
  project_number bigint not null,
  kind text not null,
  name text not null,
  value_tokens bigint[],
  idle_tokens bigint[] not null default '{}'::bigint[],
  idle_since timestamp with time zone,
  PRIMARY KEY (project_number, kind, name),
  CHECK ((kind = ANY (ARRAY['attribute'::text, 'metric'::text, 'user attribute'::text])))
);

create table audience_rules (
  project_number bigint not null,
  version bigint not null,
  suppresses boolean not null default false,
  PRIMARY KEY (project_number)
) with (fillfactor=50);

create table audience_users (
  project_number bigint not null,
  bucket integer not null,
  user_id text not null,
  attributes jsonb not null,
  endpoint_ids text[] not null,
  PRIMARY KEY (project_number, bucket, user_id)
) partition by RANGE (bucket);

create table audience_users_0 partition of audience_users for values from (0) to (256);

create table audience_users_1 partition of audience_users for values from (256) to (512);

create table audience_users_2 partition of audience_users for values from (512) to (768);

create table audience_users_3 partition of audience_users for values from (768) to (1024);

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

create table blocked_attributes (
  project_number bigint not null,
  kind text not null,
  pattern text not null,
  PRIMARY KEY (project_number, kind, pattern),
  CHECK ((kind = ANY (ARRAY['attribute'::text, 'metric'::text, 'user attribute'::text])))
);

create table campaign_activities (
  project_number bigint not null,
  id text not null,
  campaign_id text not null,
  run_id text not null,
  treatment_id text not null,
  result text,
  PRIMARY KEY (project_number, id),
  FOREIGN KEY (project_number, run_id) REFERENCES campaign_runs(project_number, id) ON DELETE CASCADE
);
CREATE INDEX campaign_activities_by_campaign ON public.campaign_activities USING btree (project_number, campaign_id);
CREATE INDEX campaign_activities_by_run ON public.campaign_activities USING btree (project_number, run_id);

create table campaign_addresses (
  run_number bigint not null,
  address_key bigint not null,
  PRIMARY KEY (run_number, address_key)
);

create table campaign_counts (
  project_number bigint not null,
  activity_id text not null,
  first_bucket integer not null,
  counter text not null,
  count bigint not null,
  PRIMARY KEY (project_number, activity_id, first_bucket, counter)
) with (fillfactor=70);

create table campaign_recipients (
  project_number bigint not null,
  bucket integer not null,
  endpoint_id text not null,
  campaign_id text not null,
  targeted integer not null,
  sent_at timestamp with time zone[] not null,
  PRIMARY KEY (project_number, bucket, endpoint_id, campaign_id)
) partition by RANGE (bucket);

create table campaign_recipients_0 partition of campaign_recipients for values from (0) to (256);

create table campaign_recipients_1 partition of campaign_recipients for values from (256) to (512);

create table campaign_recipients_2 partition of campaign_recipients for values from (512) to (768);

create table campaign_recipients_3 partition of campaign_recipients for values from (768) to (1024);

create table campaign_runs (
  project_number bigint not null,
  id text not null,
  number bigint not null generated always as identity,
  campaign_id text not null,
  campaign_version integer not null,
  treatment_id text not null,
  kind text not null,
  scheduled_start timestamp with time zone not null,
  deadline timestamp with time zone,
  state text not null,
  plan jsonb not null,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  fault text,
  UNIQUE (project_number, campaign_id, treatment_id, scheduled_start),
  PRIMARY KEY (project_number, id),
  FOREIGN KEY (project_number, campaign_id) REFERENCES campaigns(project_number, id) ON DELETE CASCADE,
  CHECK ((kind = ANY (ARRAY['SCHEDULED'::text, 'EVENT'::text])))
);
CREATE INDEX campaign_runs_under_way ON public.campaign_runs USING btree (state, scheduled_start) WHERE (state <> ALL (ARRAY['CANCELLED'::text, 'COMPLETED'::text]));

create table campaign_schedules (
  project_number bigint not null,
  campaign_id text not null,
  treatment_id text not null,
  timing jsonb not null,
  anchor timestamp with time zone not null,
  accepted_at timestamp with time zone not null,
  next_slot timestamp with time zone,
  next_run_at timestamp with time zone,
  runs integer not null default 0,
  last_slot timestamp with time zone,
  PRIMARY KEY (project_number, campaign_id, treatment_id),
  FOREIGN KEY (project_number, campaign_id) REFERENCES campaigns(project_number, id) ON DELETE CASCADE
);
CREATE INDEX campaign_schedules_due ON public.campaign_schedules USING btree (next_run_at) WHERE (next_run_at IS NOT NULL);

create table campaign_slices (
  project_number bigint not null,
  run_id text not null,
  slice integer not null,
  begins_at timestamp with time zone not null,
  zones text[],
  begun_at timestamp with time zone,
  ended_at timestamp with time zone,
  PRIMARY KEY (project_number, run_id, slice),
  FOREIGN KEY (project_number, run_id) REFERENCES campaign_runs(project_number, id) ON DELETE CASCADE
);
CREATE INDEX campaign_slices_waiting ON public.campaign_slices USING btree (begins_at) WHERE (begun_at IS NULL);

create table campaign_templates (
  project_number bigint not null,
  campaign_id text not null,
  type text not null,
  name text not null,
  wanted text not null,
  version integer not null,
  content jsonb not null,
  PRIMARY KEY (project_number, campaign_id, type, name, wanted),
  FOREIGN KEY (project_number, campaign_id) REFERENCES campaigns(project_number, id) ON DELETE CASCADE
);

create table campaign_triggers (
  project_number bigint not null,
  bucket integer not null,
  endpoint_id text not null,
  id text not null,
  campaign_id text not null,
  treatment_id text not null,
  arrived_at timestamp with time zone not null,
  holder text,
  lease_until timestamp with time zone,
  PRIMARY KEY (project_number, bucket, endpoint_id, id)
) partition by RANGE (bucket);
CREATE INDEX campaign_triggers_by_arrival ON ONLY public.campaign_triggers USING btree (arrived_at);

create table campaign_triggers_0 partition of campaign_triggers for values from (0) to (256);

create table campaign_triggers_1 partition of campaign_triggers for values from (256) to (512);

create table campaign_triggers_2 partition of campaign_triggers for values from (512) to (768);

create table campaign_triggers_3 partition of campaign_triggers for values from (768) to (1024);

create table campaign_versions (
  project_number bigint not null,
  campaign_id text not null,
  version integer not null,
  definition jsonb not null,
  segment_version integer not null,
  is_paused boolean not null,
  state text not null,
  last_modified_at timestamp with time zone not null,
  PRIMARY KEY (project_number, campaign_id, version),
  FOREIGN KEY (project_number, campaign_id) REFERENCES campaigns(project_number, id) ON DELETE CASCADE
);

create table campaigns (
  project_number bigint not null,
  id text not null,
  version integer not null,
  name text not null,
  definition jsonb not null,
  inherited jsonb not null,
  segment_id text not null,
  segment_version integer not null,
  is_paused boolean not null default false,
  state text not null,
  state_detail text,
  created_at timestamp with time zone not null,
  last_modified_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (project_number, id)
);
CREATE INDEX campaigns_alive ON public.campaigns USING btree (project_number) WHERE ((state <> ALL (ARRAY['COMPLETED'::text, 'DELETED'::text, 'INVALID'::text])) AND (deleted_at IS NULL));
CREATE INDEX campaigns_by_creation ON public.campaigns USING btree (project_number, created_at DESC, id);
CREATE INDEX campaigns_by_segment ON public.campaigns USING btree (project_number, segment_id);

create table channels (
  project_number bigint not null,
  channel_type text not null,
  version integer not null,
  enabled boolean not null,
  archived boolean not null,
  settings jsonb,
  sealed_settings bytea,
  created_at timestamp with time zone not null,
  last_modified_at timestamp with time zone not null,
  last_modified_by text not null,
  PRIMARY KEY (project_number, channel_type),
  CHECK (((settings IS NULL) OR (sealed_settings IS NULL)))
);

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

create table endpoint_addresses (
  project_number bigint not null,
  bucket integer not null,
  address_key bigint not null,
  endpoint_ids text[] not null,
  PRIMARY KEY (project_number, bucket, address_key)
) partition by RANGE (bucket);

create table endpoint_addresses_0 partition of endpoint_addresses for values from (0) to (256);

create table endpoint_addresses_1 partition of endpoint_addresses for values from (256) to (512);

create table endpoint_addresses_2 partition of endpoint_addresses for values from (512) to (768);

create table endpoint_addresses_3 partition of endpoint_addresses for values from (768) to (1024);

create table endpoint_facets (
  project_number bigint not null,
  bucket integer not null,
  id text not null,
  channel_type text,
  eligible boolean not null,
  tokens bigint[] not null,
  metrics jsonb,
  latitude double precision,
  longitude double precision,
  last_active_at timestamp with time zone not null,
  PRIMARY KEY (project_number, bucket, id)
) partition by RANGE (bucket);
CREATE INDEX endpoint_facets_by_channel ON ONLY public.endpoint_facets USING btree (project_number, channel_type, eligible);
CREATE INDEX endpoint_facets_by_token ON ONLY public.endpoint_facets USING gin (tokens);

create table endpoint_facets_0 partition of endpoint_facets for values from (0) to (128);

create table endpoint_facets_1 partition of endpoint_facets for values from (128) to (256);

create table endpoint_facets_2 partition of endpoint_facets for values from (256) to (384);

create table endpoint_facets_3 partition of endpoint_facets for values from (384) to (512);

create table endpoint_facets_4 partition of endpoint_facets for values from (512) to (640);

create table endpoint_facets_5 partition of endpoint_facets for values from (640) to (768);

create table endpoint_facets_6 partition of endpoint_facets for values from (768) to (896);

create table endpoint_facets_7 partition of endpoint_facets for values from (896) to (1024);

create table endpoint_tombstones (
  project_number bigint not null,
  bucket integer not null,
  id_hash bytea not null,
  deleted_at timestamp with time zone not null,
  PRIMARY KEY (project_number, bucket, id_hash)
);
CREATE INDEX endpoint_tombstones_by_time ON public.endpoint_tombstones USING btree (deleted_at);

create table endpoints (
  project_number bigint not null,
  bucket integer not null,
  id text not null,
  shown_id text,
  generation bigint not null default nextval('endpoint_generations'::regclass),
  channel_type text,
  address text,
  address_key bigint,
  opt_out text not null,
  status text not null,
  cohort integer not null,
  user_id text,
  user_bucket integer,
  attributes jsonb not null,
  metrics jsonb not null,
  demographic jsonb not null,
  location jsonb not null,
  user_attributes jsonb not null,
  created_at timestamp with time zone not null,
  effective_at timestamp with time zone not null,
  request_id text not null,
  PRIMARY KEY (project_number, bucket, id),
  CHECK ((opt_out = ANY (ARRAY['ALL'::text, 'NONE'::text]))),
  CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'INACTIVE'::text])))
) partition by RANGE (bucket);
CREATE INDEX endpoints_by_address ON ONLY public.endpoints USING btree (project_number, address_key) WHERE (address_key IS NOT NULL);

create table endpoints_0 partition of endpoints for values from (0) to (128);

create table endpoints_1 partition of endpoints for values from (128) to (256);

create table endpoints_2 partition of endpoints for values from (256) to (384);

create table endpoints_3 partition of endpoints for values from (384) to (512);

create table endpoints_4 partition of endpoints for values from (512) to (640);

create table endpoints_5 partition of endpoints for values from (640) to (768);

create table endpoints_6 partition of endpoints for values from (768) to (896);

create table endpoints_7 partition of endpoints for values from (896) to (1024);

create table erasure_counts (
  project_number bigint not null,
  request_id text not null,
  location text not null,
  found bigint not null default 0,
  erased bigint not null default 0,
  retained bigint not null default 0,
  left_over bigint,
  PRIMARY KEY (project_number, request_id, location),
  FOREIGN KEY (project_number, request_id) REFERENCES erasure_requests(project_number, id) ON DELETE CASCADE
) with (fillfactor=50);

create table erasure_holds (
  project_number bigint not null,
  id text not null,
  fields text[] not null,
  identity_hashes bytea[] not null,
  reason text not null,
  ends_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  PRIMARY KEY (project_number, id)
);

create table erasure_ledger (
  id text not null,
  appended_at timestamp with time zone not null,
  entry jsonb not null,
  replayed_at timestamp with time zone,
  PRIMARY KEY (id)
);
CREATE INDEX erasure_ledger_by_time ON public.erasure_ledger USING btree (appended_at DESC, id DESC);

create table erasure_notices (
  project_number bigint not null,
  id text not null,
  about text not null,
  kind text not null,
  target_id text,
  url text not null,
  event text not null,
  sealed_payload bytea,
  state text not null,
  attempts integer not null default 0,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  fault text,
  PRIMARY KEY (project_number, id),
  CHECK ((kind = ANY (ARRAY['WEBHOOK'::text, 'OPENDSR'::text]))),
  CHECK ((state = ANY (ARRAY['PENDING'::text, 'DELIVERED'::text, 'FAILED'::text])))
) with (fillfactor=70);
CREATE INDEX erasure_notices_by_subject ON public.erasure_notices USING btree (project_number, about);
CREATE INDEX erasure_notices_by_time ON public.erasure_notices USING btree (project_number, created_at DESC, id);

create table erasure_pieces (
  project_number bigint not null,
  request_id text not null,
  piece integer not null,
  sealed_subject bytea,
  through_generation bigint,
  through_at timestamp with time zone,
  state text not null,
  PRIMARY KEY (project_number, request_id, piece),
  FOREIGN KEY (project_number, request_id) REFERENCES erasure_requests(project_number, id) ON DELETE CASCADE,
  CHECK ((state = ANY (ARRAY['FOUND'::text, 'ACCEPTED'::text, 'ERASED'::text, 'VERIFIED'::text])))
) with (fillfactor=70);

create table erasure_receipt_chains (
  account_id text not null,
  length bigint not null,
  hash bytea,
  PRIMARY KEY (account_id)
) with (fillfactor=50);

create table erasure_receipt_keys (
  key_id text not null,
  public_key text not null,
  first_used_at timestamp with time zone not null,
  PRIMARY KEY (key_id)
);

create table erasure_receipts (
  account_id text not null,
  number bigint not null,
  erasure_id text not null,
  kind text not null,
  project_id text,
  state text not null,
  issued_at timestamp with time zone not null,
  key_id text not null,
  hash bytea not null,
  document text not null,
  PRIMARY KEY (account_id, number),
  CHECK ((kind = ANY (ARRAY['PERSON'::text, 'FILES'::text, 'PROJECT'::text, 'ACCOUNT'::text])))
);
CREATE UNIQUE INDEX erasure_receipts_by_erasure ON public.erasure_receipts USING btree (erasure_id);
CREATE INDEX erasure_receipts_by_project ON public.erasure_receipts USING btree (account_id, project_id, number);

create table erasure_requests (
  project_number bigint not null,
  id text not null,
  account_id text not null,
  caller_id text not null,
  request_hash bytea not null,
  origin text not null,
  mode text not null,
  state text not null,
  created_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  accepted_at timestamp with time zone,
  changed_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  sealed_identities bytea,
  identity_hashes bytea[] not null,
  identity_types jsonb not null,
  endpoints integer not null default 0,
  users integer not null default 0,
  addresses integer not null default 0,
  messages_under_way integer not null default 0,
  skipped jsonb not null default '[]'::jsonb,
  fault text,
  version text not null,
  PRIMARY KEY (project_number, id),
  CHECK ((mode = ANY (ARRAY['ERASE'::text, 'ERASE_AND_SUPPRESS'::text, 'SUPPRESS'::text, 'UNSUPPRESS'::text, 'ANONYMISE'::text]))),
  CHECK ((state = ANY (ARRAY['RECEIVED'::text, 'VERIFIED'::text, 'FINDING'::text, 'WAITING'::text, 'ERASING'::text, 'VERIFYING'::text, 'COMPLETED'::text, 'PARTIALLY_COMPLETED'::text, 'FAILED'::text, 'DENIED'::text, 'CANCELLED'::text])))
) with (fillfactor=70);
CREATE UNIQUE INDEX erasure_requests_by_caller_id ON public.erasure_requests USING btree (project_number, caller_id);
CREATE INDEX erasure_requests_by_identity ON public.erasure_requests USING gin (identity_hashes);
CREATE INDEX erasure_requests_by_time ON public.erasure_requests USING btree (project_number, created_at DESC, id);
CREATE INDEX erasure_requests_open ON public.erasure_requests USING btree (due_at) WHERE (ended_at IS NULL);

create table erasure_retained (
  project_number bigint not null,
  hold_id text not null,
  number bigint not null generated always as identity,
  request_id text not null,
  piece integer not null,
  location text not null,
  sealed_fields bytea not null,
  identity_hashes bytea[] not null,
  retained_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  PRIMARY KEY (project_number, hold_id, number)
);
CREATE INDEX erasure_retained_by_end ON public.erasure_retained USING btree (ends_at);
CREATE INDEX erasure_retained_by_identity ON public.erasure_retained USING gin (identity_hashes);
CREATE INDEX erasure_retained_by_request ON public.erasure_retained USING btree (project_number, request_id, piece, location);

create table erasure_settings (
  project_number bigint not null,
  full_erasure boolean not null,
  erase_removed_attributes boolean not null,
  waiting_days integer not null,
  PRIMARY KEY (project_number),
  CHECK (((waiting_days >= 0) AND (waiting_days <= 7)))
);

create table erasure_targets (
  project_number bigint not null,
  id text not null,
  url text not null,
  sealed_secret bytea not null,
  created_at timestamp with time zone not null,
  PRIMARY KEY (project_number, id)
);

create table erasure_touched (
  relation text not null,
  taken boolean not null,
  touched_at timestamp with time zone not null,
  PRIMARY KEY (relation, taken)
);

create table event_fingerprints (
  project_number bigint not null,
  bucket integer not null,
  fingerprint bytea not null,
  seen_at timestamp with time zone not null,
  PRIMARY KEY (project_number, bucket, fingerprint)
);
CREATE INDEX event_fingerprints_by_time ON public.event_fingerprints USING btree (seen_at);

create table event_merges (
  month text not null,
  begins timestamp with time zone not null,
  ends timestamp with time zone not null,
  days text[] not null,
  is_spoiled boolean not null default false,
  PRIMARY KEY (month)
);

create table event_settings (
  project_number bigint not null,
  deduplicate boolean not null,
  retention_days integer,
  PRIMARY KEY (project_number),
  CHECK ((retention_days >= 0))
);

create table event_stream_files (
  project_number bigint not null,
  url text not null,
  recorded_at timestamp with time zone not null,
  bytes bigint,
  checksum text,
  removed_at timestamp with time zone,
  PRIMARY KEY (project_number, url)
);
CREATE INDEX event_stream_files_by_url ON public.event_stream_files USING btree (url);

create table event_streams (
  project_number bigint not null,
  kind text not null,
  settings jsonb not null,
  sealed_secret bytea,
  revision bigint not null default 1,
  created_at timestamp with time zone not null,
  last_modified_at timestamp with time zone not null,
  last_modified_by text not null,
  mark_transaction xid8 not null default pg_current_xact_id(),
  mark_sequence bigint not null default 0,
  fence_sequence bigint not null default 0,
  sent_records bigint not null default 0,
  dropped_records bigint not null default 0,
  last_sent_at timestamp with time zone,
  failing_since timestamp with time zone,
  fault text,
  PRIMARY KEY (project_number)
) with (fillfactor=50);

create table events (
  project_number bigint not null,
  bucket integer not null,
  arrived_at timestamp with time zone not null,
  sequence bigint not null default nextval('event_sequence'::regclass),
  transaction_id xid8 not null default pg_current_xact_id(),
  type text not null,
  occurred_at timestamp with time zone not null,
  endpoint_id text,
  envelope text not null,
  generation bigint,
  address_key bigint,
  attributes jsonb,
  metrics jsonb,
  endpoint text
) partition by RANGE (arrived_at);
CREATE INDEX events_by_address ON ONLY public.events USING btree (project_number, bucket, address_key) WHERE ((endpoint_id IS NULL) AND (address_key IS NOT NULL));
CREATE INDEX events_by_endpoint ON ONLY public.events USING btree (project_number, bucket, endpoint_id, arrived_at, sequence) WHERE (endpoint_id IS NOT NULL);
CREATE INDEX events_by_transaction ON ONLY public.events USING btree (project_number, transaction_id, sequence);

create table file_erasure_items (
  project_number bigint not null,
  erasure_id text not null,
  url text not null,
  rows_found bigint not null default 0,
  rows_erased bigint not null default 0,
  versions_found bigint not null default 0,
  versions_removed bigint not null default 0,
  uploads_abandoned bigint not null default 0,
  bytes_removed bigint not null default 0,
  searched_at timestamp with time zone,
  finished_at timestamp with time zone,
  PRIMARY KEY (project_number, erasure_id, url),
  FOREIGN KEY (project_number, erasure_id) REFERENCES file_erasures(project_number, id) ON DELETE CASCADE
);

create table file_erasure_kept (
  project_number bigint not null,
  erasure_id text not null,
  url text not null,
  version_id text not null,
  reason text not null,
  PRIMARY KEY (project_number, erasure_id, url, version_id),
  FOREIGN KEY (project_number, erasure_id) REFERENCES file_erasures(project_number, id) ON DELETE CASCADE
);

create table file_erasures (
  project_number bigint not null,
  id text not null,
  action text not null,
  scope text not null,
  target text,
  dry_run boolean not null,
  sealed_identities bytea,
  status text not null,
  created_at timestamp with time zone not null,
  completed_at timestamp with time zone,
  epoch integer not null default 0,
  listed_at timestamp with time zone,
  fault text,
  PRIMARY KEY (project_number, id),
  CHECK ((action = ANY (ARRAY['DELETE'::text, 'REWRITE'::text]))),
  CHECK ((scope = ANY (ARRAY['FILE'::text, 'JOB'::text, 'PREFIX'::text, 'PROJECT'::text])))
);
CREATE INDEX file_erasures_by_creation ON public.file_erasures USING btree (project_number, created_at DESC, id);

create table funnels (
  project_number bigint not null,
  id text not null,
  definition jsonb not null,
  created_at timestamp with time zone not null,
  last_modified_at timestamp with time zone not null,
  PRIMARY KEY (project_number, id),
  FOREIGN KEY (project_number) REFERENCES projects(number) ON DELETE CASCADE
);

create table idempotent_calls (
  project_number bigint not null,
  call_hash bytea not null,
  request_hash bytea not null,
  answer bytea,
  created_at timestamp with time zone not null,
  people bytea[] not null default '{}'::bytea[],
  PRIMARY KEY (project_number, call_hash)
);
CREATE INDEX idempotent_calls_by_person ON public.idempotent_calls USING gin (people);
CREATE INDEX idempotent_calls_by_time ON public.idempotent_calls USING btree (created_at);

create table inbound_messages (
  id text not null,
  account_id text not null,
  region text not null,
  provider_key text not null,
  provider_message_id text not null,
  number text not null,
  from_address text not null,
  address_hash bytea not null,
  body text not null,
  keyword text,
  action text not null,
  sent_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  project_number bigint,
  answer text,
  answer_status text,
  answer_detail text,
  topic_status text,
  topic_detail text,
  webhook_status text,
  webhook_detail text,
  PRIMARY KEY (id)
);
CREATE INDEX inbound_messages_by_address ON public.inbound_messages USING btree (account_id, address_hash);
CREATE INDEX inbound_messages_by_age ON public.inbound_messages USING btree (received_at);
CREATE INDEX inbound_messages_by_number ON public.inbound_messages USING btree (account_id, number, received_at DESC, id);
CREATE INDEX inbound_messages_by_project ON public.inbound_messages USING btree (project_number, id) WHERE (project_number IS NOT NULL);
CREATE UNIQUE INDEX inbound_messages_by_provider ON public.inbound_messages USING btree (account_id, provider_key, provider_message_id);
CREATE INDEX inbound_messages_by_time ON public.inbound_messages USING btree (account_id, received_at DESC, id);

create table messaging_settings (
  project_number bigint not null,
  missing_variables text not null,
  click_tracking boolean not null,
  open_tracking boolean not null,
  unsubscribe_links boolean not null,
  PRIMARY KEY (project_number),
  CHECK ((missing_variables = ANY (ARRAY['OMIT'::text, 'FAIL'::text])))
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

create table one_time_passwords (
  project_number bigint not null,
  reference_hash bytea not null,
  code_hash bytea not null,
  attempts_left integer not null,
  expires_at timestamp with time zone not null,
  address_hash bytea,
  PRIMARY KEY (project_number, reference_hash)
);
CREATE INDEX one_time_passwords_by_address ON public.one_time_passwords USING btree (project_number, address_hash);
CREATE INDEX one_time_passwords_by_expiry ON public.one_time_passwords USING btree (expires_at);

create table open_dsr_requests (
  project_number bigint not null,
  subject_request_id text not null,
  type text not null,
  status text not null,
  api_version text not null,
  request_hash bytea not null,
  request_id text not null,
  received_at timestamp with time zone not null,
  expected_at timestamp with time zone not null,
  callback_urls text[] not null,
  PRIMARY KEY (project_number, subject_request_id),
  CHECK ((status = ANY (ARRAY['pending'::text, 'in_progress'::text, 'completed'::text, 'cancelled'::text]))),
  CHECK ((type = ANY (ARRAY['erasure'::text, 'access'::text, 'portability'::text])))
);
CREATE UNIQUE INDEX open_dsr_requests_by_request ON public.open_dsr_requests USING btree (project_number, request_id);

create table open_dsr_settings (
  project_number bigint not null,
  domain text not null,
  controller_id text not null,
  certificate text not null,
  sealed_private_key bytea not null,
  bearer_hash bytea not null,
  changed_at timestamp with time zone not null,
  PRIMARY KEY (project_number)
);

create table outbox_messages (
  project_number bigint not null,
  bucket integer not null,
  message_key uuid not null,
  channel_type text not null,
  address text not null,
  address_key bigint not null,
  endpoint_id text,
  content jsonb not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  PRIMARY KEY (project_number, bucket, message_key)
) partition by RANGE (bucket);
CREATE INDEX outbox_messages_by_address ON ONLY public.outbox_messages USING btree (project_number, address_key);
CREATE INDEX outbox_messages_by_expiry ON ONLY public.outbox_messages USING btree (expires_at);
CREATE INDEX outbox_messages_by_time ON ONLY public.outbox_messages USING btree (project_number, created_at, message_key, channel_type);

create table outbox_messages_00 partition of outbox_messages for values from (0) to (256);

create table outbox_messages_01 partition of outbox_messages for values from (256) to (512);

create table outbox_messages_02 partition of outbox_messages for values from (512) to (768);

create table outbox_messages_03 partition of outbox_messages for values from (768) to (1024);

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

create table project_archives (
  project_number bigint not null,
  id text not null,
  url text not null,
  state text not null,
  epoch integer not null default 0,
  created_at timestamp with time zone not null,
  completed_at timestamp with time zone,
  bytes bigint,
  rows bigint,
  fault text,
  PRIMARY KEY (project_number, id),
  CHECK ((state = ANY (ARRAY['CREATED'::text, 'PROCESSING'::text, 'COMPLETED'::text, 'FAILED'::text])))
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
  closed_with_account boolean not null default false,
  PRIMARY KEY (number),
  FOREIGN KEY (account_id) REFERENCES accounts(account_id)
);
CREATE INDEX projects_by_creation ON public.projects USING btree (account_id, region, created_at, id) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX projects_by_id ON public.projects USING btree (account_id, region, id);

create table provider_budgets (
  provider_key text not null,
  tokens double precision not null,
  refilled_at timestamp with time zone not null,
  PRIMARY KEY (provider_key)
) with (fillfactor=50);

create table provider_messages (
  provider_message_id text not null,
  sent_at timestamp with time zone not null,
  project_number bigint not null,
  bucket integer not null,
  recipient text not null,
  run_id text not null,
  started_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  PRIMARY KEY (provider_message_id, sent_at)
) partition by RANGE (sent_at);
CREATE INDEX provider_messages_by_recipient ON ONLY public.provider_messages USING btree (project_number, bucket, recipient);
CREATE INDEX provider_messages_open ON ONLY public.provider_messages USING btree (sent_at) WHERE (closed_at IS NULL);

create table providers (
  number bigint not null generated always as identity,
  account_id text not null,
  region text not null,
  project_number bigint not null,
  channel_type text not null,
  kind text not null,
  sealed_settings bytea not null,
  version integer not null,
  created_at timestamp with time zone not null,
  last_modified_at timestamp with time zone not null,
  last_modified_by text not null,
  UNIQUE (account_id, region, project_number, channel_type),
  PRIMARY KEY (number)
);

create table recommenders (
  account_id text not null,
  region text not null,
  id text not null,
  name text,
  description text,
  provider_uri text not null,
  provider_role_arn text not null,
  provider_id_type text not null,
  recommendations_per_message integer not null,
  transformer_uri text,
  display_name text,
  attributes jsonb,
  created_at timestamp with time zone not null,
  last_modified_at timestamp with time zone not null,
  PRIMARY KEY (account_id, region, id),
  FOREIGN KEY (account_id) REFERENCES accounts(account_id),
  CHECK ((((transformer_uri IS NULL) = (display_name IS NOT NULL)) AND ((transformer_uri IS NULL) = (attributes IS NULL)))),
  CHECK ((provider_id_type = ANY (ARRAY['PINPOINT_ENDPOINT_ID'::text, 'PINPOINT_USER_ID'::text]))),
  CHECK (((recommendations_per_message >= 1) AND (recommendations_per_message <= 5)))
);

create table retention_rules (
  project_number bigint not null,
  data_class text not null,
  days integer not null,
  last_modified_at timestamp with time zone not null,
  PRIMARY KEY (project_number, data_class),
  CHECK (((days >= 1) AND (days <= 36500)))
);

create table schema_migrations (
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  PRIMARY KEY (number)
);

create table scope_erasure_places (
  erasure_id text not null,
  place text not null,
  position integer not null,
  cursor jsonb,
  erased bigint not null default 0,
  finished boolean not null default false,
  PRIMARY KEY (erasure_id, place),
  FOREIGN KEY (erasure_id) REFERENCES scope_erasures(id) ON DELETE CASCADE
) with (fillfactor=50);

create table scope_erasures (
  id text not null,
  scope text not null,
  account_id text not null,
  region text,
  project_id text,
  project_number bigint,
  part_of text,
  state text not null,
  received_at timestamp with time zone not null,
  received_in xid8 not null default pg_current_xact_id(),
  repeated integer not null default 0,
  late bigint not null default 0,
  swept_at timestamp with time zone,
  completed_at timestamp with time zone,
  kept jsonb not null default '[]'::jsonb,
  PRIMARY KEY (id),
  CHECK (((scope = 'PROJECT'::text) = (project_number IS NOT NULL))),
  CHECK ((scope = ANY (ARRAY['PROJECT'::text, 'ACCOUNT'::text])))
);
CREATE INDEX scope_erasures_by_time ON public.scope_erasures USING btree (account_id, received_at DESC, id);
CREATE UNIQUE INDEX scope_erasures_of_account ON public.scope_erasures USING btree (account_id) WHERE (scope = 'ACCOUNT'::text);
CREATE UNIQUE INDEX scope_erasures_of_project ON public.scope_erasures USING btree (project_number) WHERE (project_number IS NOT NULL);
CREATE INDEX scope_erasures_open ON public.scope_erasures USING btree (received_at) WHERE (swept_at IS NULL);

create table segment_endpoints (
  membership bigint not null,
  bucket integer not null,
  endpoint_id text not null,
  PRIMARY KEY (membership, bucket, endpoint_id)
) partition by RANGE (bucket);

create table segment_endpoints_00 partition of segment_endpoints for values from (0) to (64);

create table segment_endpoints_01 partition of segment_endpoints for values from (64) to (128);

create table segment_endpoints_02 partition of segment_endpoints for values from (128) to (192);

create table segment_endpoints_03 partition of segment_endpoints for values from (192) to (256);

create table segment_endpoints_04 partition of segment_endpoints for values from (256) to (320);

create table segment_endpoints_05 partition of segment_endpoints for values from (320) to (384);

create table segment_endpoints_06 partition of segment_endpoints for values from (384) to (448);

create table segment_endpoints_07 partition of segment_endpoints for values from (448) to (512);

create table segment_endpoints_08 partition of segment_endpoints for values from (512) to (576);

create table segment_endpoints_09 partition of segment_endpoints for values from (576) to (640);

create table segment_endpoints_10 partition of segment_endpoints for values from (640) to (704);

create table segment_endpoints_11 partition of segment_endpoints for values from (704) to (768);

create table segment_endpoints_12 partition of segment_endpoints for values from (768) to (832);

create table segment_endpoints_13 partition of segment_endpoints for values from (832) to (896);

create table segment_endpoints_14 partition of segment_endpoints for values from (896) to (960);

create table segment_endpoints_15 partition of segment_endpoints for values from (960) to (1024);

create table segment_users (
  membership bigint not null,
  bucket integer not null,
  user_id text not null,
  PRIMARY KEY (membership, bucket, user_id)
) partition by RANGE (bucket);

create table segment_users_00 partition of segment_users for values from (0) to (64);

create table segment_users_01 partition of segment_users for values from (64) to (128);

create table segment_users_02 partition of segment_users for values from (128) to (192);

create table segment_users_03 partition of segment_users for values from (192) to (256);

create table segment_users_04 partition of segment_users for values from (256) to (320);

create table segment_users_05 partition of segment_users for values from (320) to (384);

create table segment_users_06 partition of segment_users for values from (384) to (448);

create table segment_users_07 partition of segment_users for values from (448) to (512);

create table segment_users_08 partition of segment_users for values from (512) to (576);

create table segment_users_09 partition of segment_users for values from (576) to (640);

create table segment_users_10 partition of segment_users for values from (640) to (704);

create table segment_users_11 partition of segment_users for values from (704) to (768);

create table segment_users_12 partition of segment_users for values from (768) to (832);

create table segment_users_13 partition of segment_users for values from (832) to (896);

create table segment_users_14 partition of segment_users for values from (896) to (960);

create table segment_users_15 partition of segment_users for values from (960) to (1024);

create table segment_versions (
  project_number bigint not null,
  segment_id text not null,
  version integer not null,
  name text,
  definition jsonb,
  import_definition jsonb,
  membership bigint,
  last_modified_at timestamp with time zone not null,
  PRIMARY KEY (project_number, segment_id, version),
  FOREIGN KEY (project_number, segment_id) REFERENCES segments(project_number, id) ON DELETE CASCADE,
  CHECK (((definition IS NULL) <> (membership IS NULL)))
);

create table segments (
  project_number bigint not null,
  id text not null,
  kind text not null,
  version integer not null,
  name text,
  created_at timestamp with time zone not null,
  last_modified_at timestamp with time zone not null,
  PRIMARY KEY (project_number, id),
  CHECK ((kind = ANY (ARRAY['DIMENSIONAL'::text, 'IMPORT'::text])))
);
CREATE INDEX segments_by_creation ON public.segments USING btree (project_number, created_at DESC, id);

create table sends (
  project_number bigint not null,
  bucket integer not null,
  recipient text not null,
  run_id text not null,
  started_at timestamp with time zone not null,
  channel_type text not null,
  detail jsonb not null,
  status text not null,
  status_code integer,
  status_message text,
  message_id text,
  attempts integer not null default 1,
  claimed_at timestamp with time zone not null default clock_timestamp(),
  settled_at timestamp with time zone,
  PRIMARY KEY (project_number, bucket, recipient, run_id, started_at)
) partition by RANGE (started_at);

create table sms_keywords (
  account_id text not null,
  number text not null,
  keyword text not null,
  action text not null,
  response text,
  PRIMARY KEY (account_id, number, keyword),
  FOREIGN KEY (account_id, number) REFERENCES sms_numbers(account_id, number) ON DELETE CASCADE,
  CHECK ((action = ANY (ARRAY['AUTOMATIC_RESPONSE'::text, 'OPT_OUT'::text, 'OPT_IN'::text])))
);

create table sms_numbers (
  account_id text not null,
  number text not null,
  project_number bigint,
  topic_arn text,
  webhook_url text,
  sealed_webhook_secret bytea,
  self_managed_opt_outs boolean not null,
  help_text text,
  stop_text text,
  start_text text,
  created_at timestamp with time zone not null,
  last_modified_at timestamp with time zone not null,
  last_modified_by text not null,
  PRIMARY KEY (account_id, number)
);

create table suppressed_addresses (
  account_id text not null,
  channel text not null,
  address_hash bytea not null,
  address text,
  reason text not null,
  detail text,
  created_at timestamp with time zone not null,
  PRIMARY KEY (account_id, channel, address_hash),
  CHECK ((channel = ANY (ARRAY['EMAIL'::text, 'SMS'::text, 'VOICE'::text]))),
  CHECK ((reason = ANY (ARRAY['BOUNCE'::text, 'COMPLAINT'::text, 'OPT_OUT'::text, 'MANUAL'::text])))
);
CREATE INDEX suppressed_addresses_by_time ON public.suppressed_addresses USING btree (account_id, channel, created_at DESC, address_hash);

create table suppressed_identities (
  project_number bigint not null,
  identity_hash bytea not null,
  created_at timestamp with time zone not null,
  PRIMARY KEY (project_number, identity_hash)
);

create table tags (
  account_id text not null,
  region text not null,
  resource text not null,
  tags jsonb not null,
  PRIMARY KEY (account_id, region, resource),
  FOREIGN KEY (account_id) REFERENCES accounts(account_id)
);

create table template_versions (
  template_number bigint not null,
  version integer not null,
  content json not null,
  created_at timestamp with time zone not null,
  last_modified_at timestamp with time zone not null,
  PRIMARY KEY (template_number, version),
  FOREIGN KEY (template_number) REFERENCES templates(number) ON DELETE CASCADE,
  CHECK ((version > 0))
);

create table templates (
  number bigint not null generated always as identity,
  account_id text not null,
  region text not null,
  name text not null,
  type text not null,
  active_version integer not null,
  latest_version integer not null,
  last_given integer not null,
  created_at timestamp with time zone not null,
  last_modified_at timestamp with time zone not null,
  PRIMARY KEY (number),
  FOREIGN KEY (account_id) REFERENCES accounts(account_id),
  CHECK ((last_given >= latest_version)),
  CHECK ((type = ANY (ARRAY['EMAIL'::text, 'SMS'::text, 'VOICE'::text, 'PUSH'::text, 'INAPP'::text])))
);
CREATE UNIQUE INDEX templates_by_name ON public.templates USING btree (account_id, region, name, type);

create table transfer_files (
  project_number bigint not null,
  job_id text not null,
  url text not null,
  direction text not null,
  bytes bigint,
  checksum text,
  recorded_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  PRIMARY KEY (project_number, job_id, url),
  FOREIGN KEY (project_number, job_id) REFERENCES transfer_jobs(project_number, id) ON DELETE CASCADE,
  CHECK ((direction = ANY (ARRAY['read'::text, 'written'::text])))
);
CREATE INDEX transfer_files_by_project ON public.transfer_files USING btree (project_number, url);
CREATE INDEX transfer_files_by_url ON public.transfer_files USING btree (url);

create table transfer_jobs (
  project_number bigint not null,
  id text not null,
  kind text not null,
  account_id text not null,
  status text not null,
  definition jsonb not null,
  segment_id text,
  updates_segment boolean not null,
  segment_version integer,
  membership bigint,
  created_at timestamp with time zone not null,
  begun_at timestamp with time zone not null default clock_timestamp(),
  completed_at timestamp with time zone,
  epoch integer not null default 0,
  fault text,
  PRIMARY KEY (project_number, id),
  CHECK ((kind = ANY (ARRAY['IMPORT'::text, 'EXPORT'::text, 'UPLOAD'::text])))
);
CREATE INDEX transfer_jobs_by_creation ON public.transfer_jobs USING btree (project_number, kind, created_at DESC, id);
CREATE INDEX transfer_jobs_by_segment ON public.transfer_jobs USING btree (project_number, segment_id, kind, created_at DESC, id) WHERE (segment_id IS NOT NULL);
CREATE INDEX transfer_jobs_unfinished ON public.transfer_jobs USING btree (account_id, kind) WHERE (completed_at IS NULL);

create table transfer_pieces (
  project_number bigint not null,
  job_id text not null,
  piece integer not null,
  url text not null,
  bytes bigint,
  version text,
  first_bucket integer,
  end_bucket integer,
  done int8multirange not null default '{}'::int8multirange,
  processed bigint not null default 0,
  failed bigint not null default 0,
  failures jsonb not null default '[]'::jsonb,
  fault text,
  finished_at timestamp with time zone,
  PRIMARY KEY (project_number, job_id, piece),
  FOREIGN KEY (project_number, job_id) REFERENCES transfer_jobs(project_number, id) ON DELETE CASCADE
) with (fillfactor=50);
CREATE INDEX transfer_pieces_unfinished ON public.transfer_pieces USING btree (url) WHERE (finished_at IS NULL);

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

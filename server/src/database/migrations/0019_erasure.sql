-- Erasure: who asked for what, how far it is, what is kept and why. Whom it is about stands sealed, and only until it is done.

-- Written by domains/erasure. What a project decides about erasure; the defaults where there is no row.
create table erasure_settings (
  project_number bigint primary key,
  -- Whether DeleteEndpoint and DeleteUserEndpoints erase everything of whom they delete.
  full_erasure boolean not null,
  -- Whether RemoveAttributes takes stored values away as well.
  erase_removed_attributes boolean not null,
  -- Between a request and its beginning, unless the request says otherwise; it can be cancelled that long.
  waiting_days integer not null check (waiting_days between 0 and 7)
);

-- Written by domains/erasure. One request, of a caller, of a deletion, or of a rule about how long things are kept.
create table erasure_requests (
  project_number bigint not null,
  id text not null,
  account_id text not null,
  -- The caller's own name of it: the same again is the same request.
  caller_id text not null,
  -- Keyed hash of what was asked for.
  request_hash bytea not null,
  -- API, DELETE_ENDPOINT, DELETE_USER_ENDPOINTS, RETENTION …
  origin text not null,
  mode text not null check (mode in ('ERASE', 'ERASE_AND_SUPPRESS', 'SUPPRESS', 'UNSUPPRESS', 'ANONYMISE')),
  state text not null check (state in (
    'RECEIVED', 'VERIFIED', 'FINDING', 'WAITING', 'ERASING', 'VERIFYING', 'COMPLETED', 'PARTIALLY_COMPLETED', 'FAILED',
    'DENIED', 'CANCELLED')),
  created_at timestamptz not null,
  -- It begins then.
  due_at timestamptz not null,
  -- When the first of its people was gone from the API.
  accepted_at timestamptz,
  -- The last step.
  changed_at timestamptz not null,
  ended_at timestamptz,
  -- Sealed: the identities it names. Null once it has ended.
  sealed_identities bytea,
  -- Keyed hashes of them: whoever holds an identity can ask whether it was erased.
  identity_hashes bytea[] not null,
  -- How many of each type.
  identity_types jsonb not null,
  endpoints integer not null default 0,
  users integer not null default 0,
  addresses integer not null default 0,
  -- Messages that a provider had, or was being given, when it was accepted.
  messages_under_way integer not null default 0,
  -- What could not be done, and why: [{what, why}]; no personal data.
  skipped jsonb not null default '[]',
  fault text,
  version text not null,
  primary key (project_number, id)
) with (fillfactor = 70);

create unique index erasure_requests_by_caller_id on erasure_requests (project_number, caller_id);
-- The listing: newest first.
create index erasure_requests_by_time on erasure_requests (project_number, created_at desc, id);
-- "Was this person erased?"
create index erasure_requests_by_identity on erasure_requests using gin (identity_hashes);
-- What is under way.
create index erasure_requests_open on erasure_requests (due_at) where ended_at is null;

-- Written by domains/erasure. The people of a request, a hundred endpoints a piece.
create table erasure_pieces (
  project_number bigint not null,
  request_id text not null,
  piece integer not null,
  -- Whom it is about; null once they are gone everywhere.
  sealed_subject bytea,
  -- Null until accepted: what is of later generations, or came later, is left alone.
  through_generation bigint,
  through_at timestamptz,
  state text not null check (state in ('FOUND', 'ACCEPTED', 'ERASED', 'VERIFIED')),
  primary key (project_number, request_id, piece),
  foreign key (project_number, request_id) references erasure_requests (project_number, id) on delete cascade
) with (fillfactor = 70);

-- Written by domains/erasure. What a request came to in each place.
create table erasure_counts (
  project_number bigint not null,
  request_id text not null,
  location text not null,
  found bigint not null default 0,
  erased bigint not null default 0,
  -- Kept under holds.
  retained bigint not null default 0,
  -- Found by the last verification.
  left_over bigint,
  primary key (project_number, request_id, location),
  foreign key (project_number, request_id) references erasure_requests (project_number, id) on delete cascade
) with (fillfactor = 50);

-- Written by domains/erasure. What has to be kept although somebody is erased, why, and until when.
create table erasure_holds (
  project_number bigint not null,
  id text not null,
  -- Columns of the inventory, `table.column` or `table.*`.
  fields text[] not null,
  -- Keyed hashes of the identities it is about; empty: of everybody.
  identity_hashes bytea[] not null,
  reason text not null,
  ends_at timestamptz not null,
  created_at timestamptz not null,
  created_by text not null,
  primary key (project_number, id)
);

-- Written by domains/erasure. Fields that a hold keeps of people who were erased, sealed, out of reach of everything that
-- sends or counts.
create table erasure_retained (
  project_number bigint not null,
  hold_id text not null,
  number bigint generated always as identity,
  request_id text not null,
  piece integer not null,
  location text not null,
  sealed_fields bytea not null,
  -- By which an access request finds it.
  identity_hashes bytea[] not null,
  retained_at timestamptz not null,
  ends_at timestamptz not null,
  primary key (project_number, hold_id, number)
);

create index erasure_retained_by_end on erasure_retained (ends_at);
create index erasure_retained_by_identity on erasure_retained using gin (identity_hashes);
create index erasure_retained_by_request on erasure_retained (project_number, request_id, piece, location);

-- Written by domains/erasure. How long a project keeps what it has.
create table retention_rules (
  project_number bigint not null,
  data_class text not null,
  days integer not null check (days between 1 and 36500),
  last_modified_at timestamptz not null,
  primary key (project_number, data_class)
);

-- Written by domains/audience. Who may not be stored again, as keyed hashes: of an endpoint id, a user id, an address.
create table suppressed_identities (
  project_number bigint not null,
  identity_hash bytea not null,
  created_at timestamptz not null,
  primary key (project_number, identity_hash)
);

-- Whether the project has any: writers look only then.
alter table audience_rules add column suppresses boolean not null default false;

-- Keyed hash of the number: a code that was sent goes with whom it was sent to.
alter table one_time_passwords add column address_hash bytea;
create index one_time_passwords_by_address on one_time_passwords (project_number, address_hash);

-- Keyed hashes of whom an answer names.
alter table idempotent_calls add column people bytea[] not null default '{}';
create index idempotent_calls_by_person on idempotent_calls using gin (people);


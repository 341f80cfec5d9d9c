-- Receipts of erasures, archives of what is held on somebody, and requests that arrive as OpenDSR.

-- Written by domains/erasure. One receipt an erasure, signed, chained by account. Names nobody, and outlives the project
-- and the account: it is what proves that they are gone.
create table erasure_receipts (
  account_id text not null,
  -- Its place in the chain, from 1.
  number bigint not null,
  erasure_id text not null,
  kind text not null check (kind in ('PERSON', 'FILES', 'PROJECT', 'ACCOUNT')),
  -- The public id: the project may be gone.
  project_id text,
  state text not null,
  issued_at timestamptz not null,
  key_id text not null,
  -- SHA-256 of the document: what the next one calls `previous`.
  hash bytea not null,
  -- Byte for byte as it was signed.
  document text not null,
  primary key (account_id, number)
);

-- The receipt of an erasure; no erasure has two.
create unique index erasure_receipts_by_erasure on erasure_receipts (erasure_id);
-- Those of a project, newest first.
create index erasure_receipts_by_project on erasure_receipts (account_id, project_id, number);

-- Written by domains/erasure. Where the chain of an account ends. Its row is the lock of whoever adds to it.
create table erasure_receipt_chains (
  account_id text primary key,
  length bigint not null,
  hash bytea
) with (fillfactor = 50);

-- Written by domains/erasure. Public keys that receipts were signed with, for those who check them later.
create table erasure_receipt_keys (
  key_id text primary key,
  -- As in a JSON Web Key.
  public_key text not null,
  first_used_at timestamptz not null
);

-- Receipts of projects and accounts stand with all others.
alter table scope_erasures drop column receipt;

-- Written by domains/erasure. One archive of what is held on somebody, for themselves. Whom it is about stands sealed, and
-- only until it is written; keyed hashes stay, so that erasing the person finds it.
create table access_requests (
  project_number bigint not null,
  id text not null,
  account_id text not null,
  -- The caller's own name of it: the same again is the same request.
  caller_id text not null,
  request_hash bytea not null,
  -- API, OPENDSR
  origin text not null,
  state text not null check (state in ('RECEIVED', 'READING', 'COMPLETED', 'FAILED', 'EXPIRED')),
  created_at timestamptz not null,
  completed_at timestamptz,
  -- How long the archive is kept once it is there, and until when that is.
  hours integer not null check (hours between 1 and 720),
  expires_at timestamptz,
  sealed_identities bytea,
  -- Of those that were named, and of all they stand for.
  identity_hashes bytea[] not null,
  -- How many of each type were named.
  identity_types jsonb not null,
  -- Where the archive is, or will be: a random name.
  url text not null,
  -- Rises with every run: what a former one still writes is refused.
  epoch integer not null default 0,
  bytes bigint,
  -- What is in it: [{name, rows}].
  places jsonb not null default '[]',
  downloads integer not null default 0,
  fault text,
  primary key (project_number, id)
) with (fillfactor = 70);

create unique index access_requests_by_caller_id on access_requests (project_number, caller_id);
-- The listing: newest first.
create index access_requests_by_time on access_requests (project_number, created_at desc, id);
-- Which archives are of somebody who is erased.
create index access_requests_by_identity on access_requests using gin (identity_hashes);
-- Which archives are over.
create index access_requests_by_end on access_requests (expires_at) where state = 'COMPLETED';

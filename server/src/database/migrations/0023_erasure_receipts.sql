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

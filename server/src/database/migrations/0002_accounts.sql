-- Accounts, those who may enter, what they may do, and what they did.

-- Written by domains/accounts.
create table accounts (
  account_id text primary key check (account_id ~ '^[0-9]{12}$'),
  name text not null,
  created_at timestamptz not null
);

-- Written by domains/accounts. An identity of the account: a person with a password, a program with access keys, or both.
create table users (
  number bigint generated always as identity primary key,
  account_id text not null references accounts (account_id),
  name text not null,
  password_hash text,
  failed_attempts integer not null default 0,
  locked_until timestamptz,
  created_at timestamptz not null,
  unique (account_id, name)
);

-- Written by domains/accounts. Keys for programs (kind `access key`) and the temporary ones of a sign-in (`session`).
-- Secrets are sealed under the master key with the key's id as context; of a session token only a hash is kept.
create table credentials (
  access_key_id text primary key,
  user_number bigint not null references users (number) on delete cascade,
  kind text not null check (kind in ('access key', 'session')),
  sealed_secret bytea not null,
  token_hash bytea,
  active boolean not null default true,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  last_used_region text,
  last_used_operation text
);

-- Listing the keys of a user, and ending the sessions of one.
create index credentials_by_user on credentials (user_number);

-- Expired sessions are swept by this.
create index credentials_by_expiry on credentials (expires_at) where expires_at is not null;

-- Written by domains/accounts. A policy has a document of its own, or it is one of the ready-made ones, perhaps for one
-- project: their documents live in the program, so that a new version may widen them.
create table policies (
  number bigint generated always as identity primary key,
  account_id text not null references accounts (account_id),
  name text not null,
  description text,
  document jsonb,
  ready_made text,
  project_id text,
  created_at timestamptz not null,
  last_modified_at timestamptz not null,
  unique (account_id, name),
  check ((document is null) <> (ready_made is null))
);

-- Written by domains/accounts.
create table user_policies (
  user_number bigint not null references users (number) on delete cascade,
  policy_number bigint not null references policies (number),
  primary key (user_number, policy_number)
);

-- "Is this policy in use?"
create index user_policies_by_policy on user_policies (policy_number);

-- Written by domains/accounts. One row a change or refusal. No reference to users or credentials: entries outlive them.
create table audit_entries (
  number bigint generated always as identity primary key,
  account_id text not null,
  at timestamptz not null,
  user_name text not null,
  access_key_id text not null,
  operation text not null,
  region text not null,
  project_id text,
  -- Endpoint and user ids in it are replaced by keyed hashes.
  resource text,
  source_address text not null,
  status integer not null,
  error_code text,
  request_id text not null
);

-- GetAuditLog: newest first.
create index audit_entries_by_time on audit_entries (account_id, at desc, number desc);

-- Written by domains/accounts. Data-plane calls as counts.
create table audit_counts (
  account_id text not null,
  minute timestamptz not null,
  access_key_id text not null,
  operation text not null,
  project_id text not null,
  status_class text not null check (status_class in ('2xx', '4xx', '5xx')),
  count bigint not null,
  primary key (account_id, minute, access_key_id, operation, project_id, status_class)
) with (fillfactor = 80);

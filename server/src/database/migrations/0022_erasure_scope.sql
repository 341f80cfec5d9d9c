-- Erasure of whole projects and accounts, and archives of projects.

-- Written by domains/erasure: the account is closed. Until `erased_after` an operator may open it again.
alter table accounts add column closed_at timestamptz;
alter table accounts add column erased_after timestamptz;
alter table accounts add constraint accounts_closed check ((closed_at is null) = (erased_after is null));

-- Written by domains/erasure: hidden because its account is closed, and shown again when that is opened. Everything that
-- looks whether a project is deleted stops for these as well.
alter table projects add column closed_with_account boolean not null default false;

-- Written by domains/erasure. One erasure of a whole project or account. Names nobody: ids of projects and accounts,
-- counts. Its row outlives what it erased, and the receipt is made of it.
create table scope_erasures (
  id text primary key,
  scope text not null check (scope in ('PROJECT', 'ACCOUNT')),
  account_id text not null,
  -- Of a project.
  region text,
  project_id text,
  project_number bigint,
  -- The erasure of the account that this one of a project belongs to.
  part_of text,
  -- RECEIVED, ERASING, VERIFYING, COMPLETED.
  state text not null,
  received_at timestamptz not null,
  -- Whatever transaction is older than this one may still be writing.
  received_in xid8 not null default pg_current_xact_id(),
  -- How often rows were found once all had been erased.
  repeated integer not null default 0,
  -- Rows of calls that ended after the completion, removed since.
  late bigint not null default 0,
  -- When such rows were looked for the last time.
  swept_at timestamptz,
  completed_at timestamptz,
  -- What was there and stays, by place: a count and the reason.
  kept jsonb not null default '[]',
  receipt jsonb,
  check ((scope = 'PROJECT') = (project_number is not null))
);

-- A project is erased once, and so is an account.
create unique index scope_erasures_of_project on scope_erasures (project_number) where project_number is not null;
create unique index scope_erasures_of_account on scope_erasures (account_id) where scope = 'ACCOUNT';
-- The listing of an account, newest first.
create index scope_erasures_by_time on scope_erasures (account_id, received_at desc, id);
-- What is to be taken up again, or looked at once more.
create index scope_erasures_open on scope_erasures (received_at) where swept_at is null;

-- Written by domains/erasure. How far the erasure of one table is; `position` is the order of erasing.
create table scope_erasure_places (
  erasure_id text not null references scope_erasures on delete cascade,
  place text not null,
  position integer not null,
  -- The part of the table, and the key of the last row erased in it, which may be of a person: null once finished.
  cursor jsonb,
  erased bigint not null default 0,
  finished boolean not null default false,
  primary key (erasure_id, place)
) with (fillfactor = 50);

-- Written by domains/erasure. One archive that a project is written into.
create table project_archives (
  project_number bigint not null,
  id text not null,
  url text not null,
  state text not null check (state in ('CREATED', 'PROCESSING', 'COMPLETED', 'FAILED')),
  epoch integer not null default 0,
  created_at timestamptz not null,
  completed_at timestamptz,
  bytes bigint,
  rows bigint,
  -- Our own words, or a code of the object store.
  fault text,
  primary key (project_number, id)
);

-- Messages that people wrote to a project, for its erasure.
create index inbound_messages_by_project on inbound_messages (project_number, id) where project_number is not null;

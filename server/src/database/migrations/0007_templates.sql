-- Message templates of an account and Region, with their versions.

-- Written by domains/templates. Names are case sensitive; one name may stand once for each type.
create table templates (
  number bigint generated always as identity primary key,
  account_id text not null references accounts (account_id),
  region text not null,
  name text collate "C" not null,
  type text collate "C" not null check (type in ('EMAIL', 'SMS', 'VOICE', 'PUSH', 'INAPP')),
  -- What is sent where no version is named.
  active_version integer not null,
  -- The newest that exists: the one that an update without parameters overwrites.
  latest_version integer not null,
  -- The highest number ever given: a deleted version's number is not given again.
  last_given integer not null check (last_given >= latest_version),
  created_at timestamptz not null,
  last_modified_at timestamptz not null
);

-- Every send with a template looks it up here; ListTemplates follows it, and finds names by their beginning.
create unique index templates_by_name on templates (account_id, region, name, type);

-- Written by domains/templates.
create table template_versions (
  template_number bigint not null references templates (number) on delete cascade,
  version integer not null check (version > 0),
  -- The request without its tags, as it was written: it is read whole, never searched.
  content json not null,
  created_at timestamptz not null,
  last_modified_at timestamptz not null,
  primary key (template_number, version)
);

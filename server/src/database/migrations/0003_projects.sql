-- Projects (Pinpoint's applications), their settings, and the tags of every taggable resource.

-- Written by domains/projects. A row outlives its project until the erasure engine has removed everything that
-- carries its number; `deleted_at` hides it at once.
create table projects (
  number bigint generated always as identity primary key,
  account_id text not null references accounts (account_id),
  region text not null,
  id text not null,
  name text not null,
  created_at timestamptz not null,
  deleted_at timestamptz
);

-- Every call with a project in its path looks it up here.
create unique index projects_by_id on projects (account_id, region, id);

-- GetApps: oldest first.
create index projects_by_creation on projects (account_id, region, created_at, id) where deleted_at is null;

-- Written by domains/projects. One column a block of WriteApplicationSettingsRequest: a block is replaced as a whole,
-- a block that was never sent is null.
create table project_settings (
  project_number bigint primary key references projects (number),
  campaign_hook jsonb,
  limits jsonb,
  quiet_time jsonb,
  journey_limits jsonb,
  cloud_watch_metrics_enabled boolean,
  event_tagging_enabled boolean,
  last_modified_at timestamptz not null
);

-- Written by domains/projects. Tags of projects, segments, campaigns and templates, keyed by the part of the ARN
-- behind the account (`apps/ID`, `apps/ID/segments/ID`, `templates/NAME/EMAIL`).
create table tags (
  account_id text not null references accounts (account_id),
  region text not null,
  resource text not null,
  tags jsonb not null,
  primary key (account_id, region, resource)
);

-- Campaigns: what is planned, what runs, and what came of it. A campaign has one or more schedules (its own, and those of
-- treatments that bring one), each slot of a schedule is a run, and a run has an activity for each of its treatments.

-- Written by domains/campaigns. A deleted campaign keeps its row: analytics and the log of sends name it.
create table campaigns (
  project_number bigint not null,
  id text not null,
  -- Of the latest version.
  version integer not null,
  name text not null,
  -- As it was written, all versions merged: what GetCampaign shows, without its tags.
  definition jsonb not null,
  -- Limits, quiet time and hook of the project as they were when the campaign was made (dossier/messaging §1.6, §1.10).
  inherited jsonb not null,
  segment_id text not null,
  segment_version integer not null,
  -- What was last asked for; a run under way goes on to its end, so that the state follows later.
  is_paused boolean not null default false,
  -- SCHEDULED, EXECUTING, PENDING_NEXT_RUN, COMPLETED, PAUSED, DELETED, INVALID.
  state text not null,
  -- What made it INVALID or DELETED, for people.
  state_detail text,
  created_at timestamptz not null,
  last_modified_at timestamptz not null,
  -- By DeleteCampaign: the API does not show it any more.
  deleted_at timestamptz,
  primary key (project_number, id)
);

-- GetCampaigns: newest first.
create index campaigns_by_creation on campaigns (project_number, created_at desc, id);
-- Campaigns of a segment that is deleted.
create index campaigns_by_segment on campaigns (project_number, segment_id);
-- Those that may still send: the quotas, in-app messages and event campaigns of a project. A few of many.
create index campaigns_alive on campaigns (project_number)
  where state not in ('COMPLETED', 'DELETED', 'INVALID') and deleted_at is null;

-- Written by domains/campaigns. Every version but the latest; never changed.
create table campaign_versions (
  project_number bigint not null,
  campaign_id text not null,
  version integer not null,
  definition jsonb not null,
  segment_version integer not null,
  is_paused boolean not null,
  -- When it was superseded.
  state text not null,
  last_modified_at timestamptz not null,
  primary key (project_number, campaign_id, version),
  foreign key (project_number, campaign_id) references campaigns (project_number, id) on delete cascade
);

-- Written by domains/campaigns. The templates a campaign names, as they were when it was written last: a campaign whose
-- template is deleted still sends (dossier/messaging, case 43). Apart from the campaign, which is read much more often.
create table campaign_templates (
  project_number bigint not null,
  campaign_id text not null,
  -- EMAIL, PUSH, SMS or INAPP.
  type text not null,
  name text collate "C" not null,
  -- As the campaign names it; empty: the active one.
  wanted text not null,
  version integer not null,
  content jsonb not null,
  primary key (project_number, campaign_id, type, name, wanted),
  foreign key (project_number, campaign_id) references campaigns (project_number, id) on delete cascade
);

-- Written by domains/campaigns. When the next run is due.
create table campaign_schedules (
  project_number bigint not null,
  campaign_id text not null,
  -- `0`: of all treatments without a schedule of their own.
  treatment_id text not null,
  -- Null: none is due any more.
  next_run_at timestamptz,
  -- The first slot, from which all others are counted.
  anchor timestamptz not null,
  -- Begun so far.
  runs integer not null default 0,
  -- What `treatmentState` is computed from besides the runs under way.
  paused boolean not null default false,
  primary key (project_number, campaign_id, treatment_id),
  foreign key (project_number, campaign_id) references campaigns (project_number, id) on delete cascade
);

-- The scheduler's question, of all projects.
create index campaign_schedules_due on campaign_schedules (next_run_at) where next_run_at is not null and not paused;

-- Written by domains/campaigns. One slot of one schedule; of a campaign that waits for events, the whole window.
create table campaign_runs (
  project_number bigint not null,
  -- What claims hang on.
  id text not null,
  campaign_id text not null,
  campaign_version integer not null,
  -- Of the schedule.
  treatment_id text not null,
  kind text not null check (kind in ('SCHEDULED', 'EVENT')),
  scheduled_start timestamptz not null,
  -- Until then passing faults are tried again and recipients begun.
  deadline timestamptz not null,
  -- PENDING, INITIALIZING, RUNNING, PAUSED, CANCELLED, COMPLETED.
  state text not null,
  -- What was fixed when it was planned: definition, templates, slices of time zones.
  plan jsonb,
  started_at timestamptz,
  ended_at timestamptz,
  -- Why it failed, for people.
  fault text,
  primary key (project_number, id),
  -- Two schedulers that see the same slot make one run of it.
  unique (project_number, campaign_id, treatment_id, scheduled_start),
  foreign key (project_number, campaign_id) references campaigns (project_number, id) on delete cascade
);

create index campaign_runs_under_way on campaign_runs (state, scheduled_start)
  where state not in ('CANCELLED', 'COMPLETED');

-- Written by domains/campaigns. What GetCampaignActivities shows.
create table campaign_activities (
  project_number bigint not null,
  id text not null,
  campaign_id text not null,
  run_id text not null,
  treatment_id text not null,
  -- SUCCESS or FAIL, once it has ended.
  result text,
  primary key (project_number, id),
  foreign key (project_number, run_id) references campaign_runs (project_number, id) on delete cascade
);

create index campaign_activities_by_campaign on campaign_activities (project_number, campaign_id);
create index campaign_activities_by_run on campaign_activities (project_number, run_id);

-- Written by domains/campaigns. How many of a run came to what, kept by those who work on it, each for its own range of
-- buckets; whoever reads adds them up. Counters have Pinpoint's names (dossier/messaging §1.9), and ours beside them.
create table campaign_counts (
  project_number bigint not null,
  activity_id text not null,
  first_bucket integer not null,
  counter text collate "C" not null,
  count bigint not null,
  primary key (project_number, activity_id, first_bucket, counter)
) with (fillfactor = 70);

-- Written by domains/campaigns. How often an endpoint was targeted, and when last: kept only for what has caps.
create table campaign_recipients (
  project_number bigint not null,
  bucket integer not null,
  -- Folded.
  endpoint_id text not null,
  -- Empty: all campaigns of the project together.
  campaign_id text collate "C" not null,
  targeted integer not null,
  -- Accepted sends of the last 24 hours, ascending.
  sent_at timestamptz[] not null,
  primary key (project_number, bucket, endpoint_id, campaign_id)
) partition by range (bucket);

-- Written by domains/campaigns. An event that a campaign waited for, until its message has left or come too late.
create table campaign_triggers (
  project_number bigint not null,
  bucket integer not null,
  -- Folded.
  endpoint_id text not null,
  -- The claim's run id: another message for each event.
  id text not null,
  campaign_id text not null,
  activity_run_id text not null,
  event jsonb not null,
  arrived_at timestamptz not null,
  primary key (project_number, bucket, endpoint_id, id)
) partition by range (bucket);

do $$
declare
  cut record;
begin
  for cut in select name, part from (values ('campaign_recipients'), ('campaign_triggers')) as given (name),
                  generate_series(0, 3) as part
  loop
    execute format('create table %I partition of %I for values from (%s) to (%s) with (fillfactor = 80)',
                   format('%s_%s', cut.name, cut.part), cut.name, cut.part * 256, (cut.part + 1) * 256);
  end loop;
end
$$;

create index campaign_triggers_by_arrival on campaign_triggers (arrived_at);

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

-- Written by domains/campaigns, which locks the campaign's row before. When the scheduler has to look at a campaign next.
create table campaign_schedules (
  project_number bigint not null,
  campaign_id text not null,
  -- `0`: of all treatments without a schedule of their own.
  treatment_id text not null,
  -- What it says of time; the filter of events and quiet time stay with the definition.
  timing jsonb not null,
  -- The first slot, from which all others are counted.
  anchor timestamptz not null,
  -- When it was written, or went on after a pause: who had a slot before, by the own clock, does not have it.
  accepted_at timestamptz not null,
  -- The slot that runs next, and when the first recipient has it (with local time that is hours before). Of a window of
  -- events: where it begins; then where it ends. Null: nothing is due any more.
  next_slot timestamptz,
  next_run_at timestamptz,
  -- Begun so far, and the newest slot of them.
  runs integer not null default 0,
  last_slot timestamptz,
  primary key (project_number, campaign_id, treatment_id),
  foreign key (project_number, campaign_id) references campaigns (project_number, id) on delete cascade
);

-- The scheduler's question, of all projects.
create index campaign_schedules_due on campaign_schedules (next_run_at) where next_run_at is not null;

-- Written by domains/campaigns. One slot of one schedule; of a campaign that waits for events, the whole window.
create table campaign_runs (
  project_number bigint not null,
  -- What claims hang on.
  id text not null,
  -- A short name of it, for `campaign_addresses`.
  number bigint not null generated always as identity,
  campaign_id text not null,
  campaign_version integer not null,
  -- Of the schedule.
  treatment_id text not null,
  kind text not null check (kind in ('SCHEDULED', 'EVENT')),
  scheduled_start timestamptz not null,
  -- `Limits.MaximumDuration` after the scheduled start: whom nothing was sent until then gets nothing. With local time it
  -- is counted from each slice's own start. Null: no such limit.
  deadline timestamptz,
  -- PENDING, INITIALIZING, RUNNING, PAUSED, CANCELLED, COMPLETED.
  state text not null,
  -- What is fixed for all who work on it: definition, limits, activities, and from its start on the templates' texts.
  plan jsonb not null,
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

-- Written by domains/campaigns. The parts of a run that begin at moments of their own: with local time one for each of
-- them, otherwise a single one. Each is a piece of work of its own, cut into ranges of buckets when it begins.
create table campaign_slices (
  project_number bigint not null,
  run_id text not null,
  slice integer not null,
  begins_at timestamptz not null,
  -- tz-database names of its endpoints. Null: everybody.
  zones text[],
  begun_at timestamptz,
  ended_at timestamptz,
  primary key (project_number, run_id, slice),
  foreign key (project_number, run_id) references campaign_runs (project_number, id) on delete cascade
);

-- Slices that wait for their moment, of all projects.
create index campaign_slices_waiting on campaign_slices (begins_at) where begun_at is null;

-- Written by domains/campaigns. Addresses that a run has written to, or was about to: one copy for each, on any number of
-- nodes. Gone when the run has ended.
create table campaign_addresses (
  run_number bigint not null,
  -- First 8 bytes of SHA-256 of channel type and normalised address.
  address_key bigint not null,
  primary key (run_number, address_key)
);

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

-- Written by domains/campaigns. How many of a run came to what; whoever reads adds up all that an activity has of a
-- counter. Counters have Pinpoint's names (dossier/messaging §1.9), and ours beside them: campaigns/run/counters.ts.
create table campaign_counts (
  project_number bigint not null,
  activity_id text not null,
  -- Of the range, in what is counted with its cursor; any number below zero in outcomes, so that those who write them at
  -- the same time do not wait for each other.
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
  -- Of the schedule whose window it is.
  treatment_id text not null,
  arrived_at timestamptz not null,
  -- Who works on it, and until when: a worker that dies holds it up for seconds.
  holder text,
  lease_until timestamptz,
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

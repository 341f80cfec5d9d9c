-- Messages on their way: who was sent what and what became of it, who must not be written to, one-time passwords.

-- Written by domains/messaging. One row per recipient and run, there before a provider is called: the claim. A run is a
-- call of SendMessages, an activity of a campaign, a step of a journey. Partitioned by the week in which the run was
-- accepted or scheduled to start, which the key carries: a claim is unique past midnight and on any number of nodes.
create table sends (
  project_number bigint not null,
  -- Of the recipient.
  bucket integer not null,
  -- Folded endpoint id; a keyed hash where an address was given.
  recipient text not null,
  run_id text not null,
  started_at timestamptz not null,
  channel_type text not null,
  -- What events of this message tell besides: origin, context, sender, subject.
  detail jsonb not null,
  -- CLAIMED, a DeliveryStatus, or why nothing left.
  status text not null,
  status_code integer,
  status_message text,
  -- The provider's, as events tell it.
  message_id text,
  -- More than one: sent again after a crash or a passing fault.
  attempts integer not null default 1,
  claimed_at timestamptz not null default clock_timestamp(),
  settled_at timestamptz,
  -- Serves uniqueness, the messages of one person, and claims of a range of buckets that a crash left unsettled.
  -- There is no other index, so that settling a claim stays on its page.
  primary key (project_number, bucket, recipient, run_id, started_at)
) partition by range (started_at);

-- Written by domains/messaging. Where a provider's id of a message leads, for receipts. Only of providers that send any.
create table provider_messages (
  provider_message_id text not null,
  sent_at timestamptz not null,
  project_number bigint not null,
  bucket integer not null,
  recipient text not null,
  run_id text not null,
  started_at timestamptz not null,
  -- When the last word on it came: from the provider, or after three days from us.
  closed_at timestamptz,
  primary key (provider_message_id, sent_at)
) partition by range (sent_at);

-- Those that have been waited for long enough.
create index provider_messages_open on provider_messages (sent_at) where closed_at is null;

-- Written by domains/messaging. Addresses to which an account sends nothing any more: bounces, complaints, STOP, by hand.
create table suppressed_addresses (
  account_id text not null,
  channel text not null check (channel in ('EMAIL', 'SMS', 'VOICE')),
  -- Keyed hash of the normalised address: enough to recognise it.
  address_hash bytea not null,
  -- To show it. Null once the person was erased: the hash goes on keeping mail away from them.
  address text,
  reason text not null check (reason in ('BOUNCE', 'COMPLAINT', 'OPT_OUT', 'MANUAL')),
  -- What the provider or the person said, or who added it.
  detail text,
  created_at timestamptz not null,
  primary key (account_id, channel, address_hash)
);

-- Listing: newest first.
create index suppressed_addresses_by_time on suppressed_addresses (account_id, channel, created_at desc, address_hash);

-- Written by domains/messaging. A code that was sent and may still be entered.
create table one_time_passwords (
  project_number bigint not null,
  -- Keyed hash of number and reference.
  reference_hash bytea not null,
  -- Keyed hash of the code.
  code_hash bytea not null,
  attempts_left integer not null,
  expires_at timestamptz not null,
  primary key (project_number, reference_hash)
);

create index one_time_passwords_by_expiry on one_time_passwords (expires_at);

-- Written by domains/messaging. First answers of calls that carried an Idempotency-Key.
create table idempotent_calls (
  project_number bigint not null,
  -- Keyed hash of caller, operation and key.
  call_hash bytea not null,
  -- Keyed hash of the request.
  request_hash bytea not null,
  -- Null while the first call is under way. Sealed: it holds addresses.
  answer bytea,
  created_at timestamptz not null,
  primary key (project_number, call_hash)
);

create index idempotent_calls_by_time on idempotent_calls (created_at);

-- Written by domains/messaging. What is left of a provider's messages per second, for all nodes: each takes a little at
-- a time.
create table provider_budgets (
  provider_key text primary key,
  tokens double precision not null,
  refilled_at timestamptz not null
) with (fillfactor = 50);

-- Written by domains/messaging. Switches of a project that Pinpoint has no place for; defaults where there is no row.
create table messaging_settings (
  project_number bigint primary key,
  -- What is done about a variable without a value: OMIT leaves it out, FAIL sends nothing.
  missing_variables text not null check (missing_variables in ('OMIT', 'FAIL')),
  click_tracking boolean not null,
  open_tracking boolean not null,
  -- List-Unsubscribe and the page behind it.
  unsubscribe_links boolean not null
);

-- Deleting what a person was sent.
create index provider_messages_by_recipient on provider_messages (project_number, bucket, recipient);

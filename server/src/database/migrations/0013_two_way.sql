-- Two-way SMS: the numbers that people write to, the words that they may answer with, and what they wrote.

-- Written by domains/messaging. A number without a row answers HELP, STOP and START with our texts and publishes nothing.
create table sms_numbers (
  account_id text not null,
  -- E.164, or a short code.
  number text not null,
  -- In whose name automatic answers leave. Null: of the project whose provider it is, or that wrote to the person last.
  project_number bigint,
  -- Where messages are published.
  topic_arn text,
  webhook_url text,
  sealed_webhook_secret bytea,
  -- The customer keeps the list and answers: we do neither.
  self_managed_opt_outs boolean not null,
  -- Null: our own text.
  help_text text,
  stop_text text,
  start_text text,
  created_at timestamptz not null,
  last_modified_at timestamptz not null,
  last_modified_by text not null,
  primary key (account_id, number)
);

-- Written by domains/messaging. Words of a number besides HELP, STOP, START and their likes. At most 30 a number.
create table sms_keywords (
  account_id text not null,
  number text not null,
  -- Folded: capitals, no accents, no punctuation.
  keyword text not null,
  action text not null check (action in ('AUTOMATIC_RESPONSE', 'OPT_OUT', 'OPT_IN')),
  -- Null: the number's text for STOP or START.
  response text,
  primary key (account_id, number, keyword),
  foreign key (account_id, number) references sms_numbers (account_id, number) on delete cascade
);

-- Written by domains/messaging. What people wrote to numbers, for thirty days.
create table inbound_messages (
  -- Also the run of its automatic answer, and the id under which it is published.
  id text primary key,
  account_id text not null,
  region text not null,
  -- Who told it, and so who takes the answer.
  provider_key text not null,
  provider_message_id text not null,
  number text not null,
  from_address text not null,
  -- Keyed hash, as in suppressed_addresses.
  address_hash bytea not null,
  body text not null,
  -- Folded; null when its first word is none.
  keyword text,
  -- What was done about the list: OPT_OUT, OPT_IN; AUTOMATIC_RESPONSE or NONE when nothing was.
  action text not null,
  -- By the provider's clock.
  sent_at timestamptz not null,
  received_at timestamptz not null,
  project_number bigint,
  -- Null: there is none.
  answer text,
  answer_status text,
  answer_detail text,
  topic_status text,
  topic_detail text,
  webhook_status text,
  webhook_detail text
);

-- A message that is told twice is stored once.
create unique index inbound_messages_by_provider on inbound_messages (account_id, provider_key, provider_message_id);
-- Listing: newest first, of an account or of one of its numbers.
create index inbound_messages_by_time on inbound_messages (account_id, received_at desc, id);
create index inbound_messages_by_number on inbound_messages (account_id, number, received_at desc, id);
-- Erasing a person.
create index inbound_messages_by_address on inbound_messages (account_id, address_hash);
-- What is older than thirty days.
create index inbound_messages_by_age on inbound_messages (received_at);

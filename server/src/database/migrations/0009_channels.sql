-- Channels: through whom messages leave, and the outbox, where those stay that leave through nobody.

-- Written by domains/channels. What GetEmailChannel and its kin tell; one that was deleted stays, archived and empty.
create table channels (
  project_number bigint not null,
  channel_type text not null,
  version integer not null,
  enabled boolean not null,
  archived boolean not null,
  -- Members that the API shows again.
  settings jsonb,
  -- Credentials, as one sealed JSON object.
  sealed_settings bytea,
  created_at timestamptz not null,
  last_modified_at timestamptz not null,
  -- ARN of the user.
  last_modified_by text not null,
  primary key (project_number, channel_type),
  check (settings is null or sealed_settings is null)
);

-- Written by domains/channels. The provider of one channel type: of one project, or of an account and Region.
create table providers (
  -- What rate limits and breakers hang on; part of the callback's token. Another one after a deletion.
  number bigint primary key generated always as identity,
  account_id text not null,
  region text not null,
  -- 0: the default of all projects of account and Region.
  project_number bigint not null,
  channel_type text not null,
  kind text not null,
  -- As they were given, as one sealed JSON object.
  sealed_settings bytea not null,
  version integer not null,
  created_at timestamptz not null,
  last_modified_at timestamptz not null,
  last_modified_by text not null,
  unique (account_id, region, project_number, channel_type)
);

-- Written by domains/channels. Messages of channels without a provider: kept for people to read, for 30 days.
create table outbox_messages (
  project_number bigint not null,
  -- Of the endpoint, or of the address where the message went to no endpoint.
  bucket integer not null,
  -- The same when a message is sent again after a crash: it stands here once.
  message_key uuid not null,
  channel_type text not null,
  address text not null,
  -- First 8 bytes of SHA-256 of the normalised address; whoever searches by it compares the address as well.
  address_key bigint not null,
  -- Folded.
  endpoint_id text,
  -- The rendered message, raw MIME as base64.
  content jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (project_number, bucket, message_key)
) partition by range (bucket);

do $$
begin
  for part in 0..3 loop
    execute format('create table outbox_messages_%s partition of outbox_messages for values from (%s) to (%s)',
                   lpad(part::text, 2, '0'), part * 256, part * 256 + 256);
  end loop;
end
$$;

-- The listing: newest first. The channel type is asked in the index, so that a rare one is found without the rows.
create index outbox_messages_by_time on outbox_messages (project_number, created_at, message_key, channel_type);
-- Messages to one address: the listing's filter, and erasure by address.
create index outbox_messages_by_address on outbox_messages (project_number, address_key);
-- The daily sweep.
create index outbox_messages_by_expiry on outbox_messages (expires_at);

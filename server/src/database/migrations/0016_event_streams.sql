-- Event streams: a project's events, sent on to its own systems.

-- Written by domains/events. One row a project; which node reads for it stands in work_ranges (kind 'event stream').
create table event_streams (
  project_number bigint primary key,
  -- KINESIS, FIREHOSE, WEBHOOK, NATS, FILES
  kind text not null,
  -- What is shown of the destination.
  settings jsonb not null,
  -- Secret or credentials of the destination.
  sealed_secret bytea,
  -- Rises with every change: who reads opens the destination anew.
  revision bigint not null default 1,
  created_at timestamptz not null,
  last_modified_at timestamptz not null,
  last_modified_by text not null,
  -- Everything up to here was sent, in the order of (transaction_id, sequence). At first the transaction that made the
  -- stream: nothing older is sent, and its own record of a test is.
  mark_transaction xid8 not null default pg_current_xact_id(),
  mark_sequence bigint not null default 0,
  -- Events up to this sequence were sent before the database was restored into a server that counts transactions anew.
  fence_sequence bigint not null default 0,
  sent_records bigint not null default 0,
  dropped_records bigint not null default 0,
  last_sent_at timestamptz,
  -- Null while the destination takes everything.
  failing_since timestamptz,
  fault text
) with (fillfactor = 50); -- The mark moves several times a second: updates stay within the page.

-- Erasure in files: which files there are, and what is being done to them.

-- Written by domains/transfers with the rest of the row. When the file was deleted: it is listed as what it was.
alter table transfer_files add column removed_at timestamptz;

-- Listing a project's files, and finding those of a prefix.
create index transfer_files_by_project on transfer_files (project_number, url);

-- Whether other projects have files where one of them deletes.
create index transfer_files_by_url on transfer_files (url);

-- Whether a file is being read: then it is not the moment to rewrite it.
create index transfer_pieces_unfinished on transfer_pieces (url) where finished_at is null;

-- Written by domains/events. Files that event streams write, each noted before it is written.
create table event_stream_files (
  project_number bigint not null,
  url text not null,
  -- By the clock of the server.
  recorded_at timestamptz not null,
  -- Of the whole file, once it is written.
  bytes bigint,
  checksum text,
  removed_at timestamptz,
  primary key (project_number, url)
);

-- Whether other projects have files where one of them deletes.
create index event_stream_files_by_url on event_stream_files (url);

-- Written by domains/erasure. Deleting files, or one person's rows in them.
create table file_erasures (
  project_number bigint not null,
  id text not null,
  action text not null check (action in ('DELETE', 'REWRITE')),
  scope text not null check (scope in ('FILE', 'JOB', 'PREFIX', 'PROJECT')),
  -- URL, prefix or id of a job.
  target text,
  -- Only finds.
  dry_run boolean not null,
  -- Whose rows, sealed; null once it is over.
  sealed_identities bytea,
  status text not null,
  created_at timestamptz not null,
  completed_at timestamptz,
  -- Rises with every run: what a former one still writes is refused.
  epoch integer not null default 0,
  -- All items are known.
  listed_at timestamptz,
  -- Why it failed as a whole.
  fault text,
  primary key (project_number, id)
);

-- GetFileErasures: newest first.
create index file_erasures_by_creation on file_erasures (project_number, created_at desc, id);

-- Written by domains/erasure. A file, or everything below a prefix.
create table file_erasure_items (
  project_number bigint not null,
  erasure_id text not null,
  url text not null,
  rows_found bigint not null default 0,
  rows_erased bigint not null default 0,
  -- Of objects, marks of deletion among them.
  versions_found bigint not null default 0,
  versions_removed bigint not null default 0,
  uploads_abandoned bigint not null default 0,
  bytes_removed bigint not null default 0,
  searched_at timestamptz,
  finished_at timestamptz,
  primary key (project_number, erasure_id, url),
  foreign key (project_number, erasure_id) references file_erasures (project_number, id) on delete cascade
);

-- Written by domains/erasure. What could not be done: it keeps an erasure from being complete.
create table file_erasure_kept (
  project_number bigint not null,
  erasure_id text not null,
  url text not null,
  -- Empty where there are no versions, or where it is about the file as a whole.
  version_id text not null,
  reason text not null,
  primary key (project_number, erasure_id, url, version_id),
  foreign key (project_number, erasure_id) references file_erasures (project_number, id) on delete cascade
);

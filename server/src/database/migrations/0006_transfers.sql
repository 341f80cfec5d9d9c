-- Imports and exports: jobs, their pieces, and every file that was read or written for them.

-- Written by domains/transfers.
create table transfer_jobs (
  project_number bigint not null,
  id text not null,
  kind text not null check (kind in ('IMPORT', 'EXPORT')),
  account_id text not null,
  status text not null,
  -- As answers show it: the request, completed.
  definition jsonb not null,
  -- Imported into, or exported.
  segment_id text,
  -- Whether an import gives another version to a segment that was there before.
  updates_segment boolean not null,
  -- Which version an export shows, whatever becomes of the segment meanwhile.
  segment_version integer,
  -- Where an import lists the members of its segment, until and after the segment shows them.
  membership bigint,
  -- When the request came, by the clock of the server.
  created_at timestamptz not null,
  -- The same by the clock of the database, which knows when endpoints were deleted.
  begun_at timestamptz not null default clock_timestamp(),
  completed_at timestamptz,
  -- Rises with every run: what a former one still writes is refused.
  epoch integer not null default 0,
  -- Why the job as a whole failed.
  fault text,
  primary key (project_number, id)
);

-- GetImportJobs and GetExportJobs: newest first.
create index transfer_jobs_by_creation on transfer_jobs (project_number, kind, created_at desc, id);

-- GetSegmentImportJobs and GetSegmentExportJobs.
create index transfer_jobs_by_segment on transfer_jobs (project_number, segment_id, kind, created_at desc, id)
  where segment_id is not null;

-- How many jobs an account has under way.
create index transfer_jobs_unfinished on transfer_jobs (account_id, kind) where completed_at is null;

-- Written by domains/transfers. A file of an import, or a range of buckets of an export.
create table transfer_pieces (
  project_number bigint not null,
  job_id text not null,
  piece integer not null,
  url text not null,
  -- Of the file of an import as it was found: any other content is refused.
  bytes bigint,
  version text,
  -- Of an export.
  first_bucket integer,
  end_bucket integer,
  -- Lines of an import that are dealt with, moved in the transaction that deals with them. Several batches are under
  -- way at once, so there may be gaps for a moment.
  done int8multirange not null default '{}',
  processed bigint not null default 0,
  failed bigint not null default 0,
  -- The first hundred: [[line, reason], …].
  failures jsonb not null default '[]',
  fault text,
  finished_at timestamptz,
  primary key (project_number, job_id, piece),
  foreign key (project_number, job_id) references transfer_jobs (project_number, id) on delete cascade
) with (fillfactor = 50);

-- Written by domains/transfers. What was read and written where: erasure looks for people there too. A file stands here
-- before it is written.
create table transfer_files (
  project_number bigint not null,
  job_id text not null,
  url text not null,
  direction text not null check (direction in ('read', 'written')),
  -- Known once it was read or written to its end.
  bytes bigint,
  -- SHA-256 of the file as it lies there.
  checksum text,
  recorded_at timestamptz not null,
  primary key (project_number, job_id, url),
  foreign key (project_number, job_id) references transfer_jobs (project_number, id) on delete cascade
);

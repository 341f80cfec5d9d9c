-- Files that people upload to import them.

-- Written by domains/transfers. An upload is a transfer that is over as soon as it began; its parts are its files, so that
-- whoever looks for people in files, or for the files of a project, finds them like those of imports.
alter table transfer_jobs drop constraint transfer_jobs_kind_check;
alter table transfer_jobs add constraint transfer_jobs_kind_check check (kind in ('IMPORT', 'EXPORT', 'UPLOAD'));

/** The transfers domain's part of the personal-data inventory. The people themselves are in the files. */
import type { PersonalData } from '../../kernel/personal-data.ts';

export const transfersPersonalData: PersonalData = {
  domain: 'transfers',
  tables: [
    {
      table: 'transfer_jobs',
      columns: {
        project_number: 'none',
        id: 'none',
        kind: 'none',
        account_id: 'none',
        status: 'none',
        definition: 'free text',
        segment_id: 'none',
        updates_segment: 'none',
        segment_version: 'none',
        membership: 'none',
        created_at: 'none',
        begun_at: 'none',
        completed_at: 'none',
        epoch: 'none',
        fault: 'none',
      },
      erasure: 'Removed with the erasure of the project.',
    },
    {
      table: 'transfer_pieces',
      columns: {
        project_number: 'none',
        job_id: 'none',
        piece: 'none',
        url: 'free text',
        bytes: 'none',
        version: 'none',
        first_bucket: 'none',
        end_bucket: 'none',
        done: 'none',
        processed: 'none',
        failed: 'none',
        // Numbers of lines and our own sentences; they name columns and never quote values.
        failures: 'free text',
        fault: 'none',
        finished_at: 'none',
      },
      erasure: 'Removed with the job.',
    },
    {
      table: 'transfer_files',
      columns: {
        project_number: 'none',
        job_id: 'none',
        url: 'free text',
        direction: 'none',
        bytes: 'none',
        checksum: 'none',
        recorded_at: 'none',
        removed_at: 'none',
      },
      erasure: 'Removed with the job: until then it says where files with people in them lie.',
    },
  ],
  files: [
    {
      files: 'buckets in the data directory, or objects in S3: files that imports read and exports write',
      holds: 'personal',
      erasure:
        'Rewritten without the rows of one person, former versions included; deleted by CreateFileErasure. transfer_files names every one.',
    },
    {
      files: 'buckets/.unfinished in the data directory, and unfinished multipart uploads in S3',
      holds: 'personal',
      erasure: 'Removed when the export ends, or when one that was interrupted is run again.',
      unreached: 'Erasure waits until they are files, which have a location.',
    },
  ],
};

/** Writes an archive into an object store in the background: again from the beginning when it was interrupted. */
import { defineJob, handleJob, type JobHandler } from '../../../jobs/index.ts';
import { type ObjectStore, ObjectStoreError, parsePlace } from '../../../object-store/index.ts';
import { type ArchiveRun, beginRun, endRun } from './store.ts';
import { type ArchiveParts, writeArchive } from './write-archive.ts';

export interface ArchiveJobParts extends ArchiveParts {
  readonly objectStore: ObjectStore;
}

const attempts = 10;

export const archiveJob = defineJob('erasure/archive project', (payload) => {
  const { projectNumber, id } = payload as Record<string, unknown>;
  if (typeof projectNumber !== 'number' || typeof id !== 'string') throw new TypeError('Not the key of an archive.');
  return { projectNumber, id };
});

export const archiveAttempts = { attempts };

export function archiveJobs(parts: ArchiveJobParts): JobHandler[] {
  const { database, clock } = parts;
  return [
    handleJob(archiveJob, async (key, { signal, attempt }) => {
      const run = await beginRun(database.query, key);
      if (run === undefined) return;
      try {
        await endRun(database.query, run, await writeTo(parts, run, signal), clock.now());
      } catch (error) {
        const fault = faultOf(error);
        if (fault === undefined && attempt < attempts) throw error;
        await endRun(database.query, run, { fault: fault ?? 'The server could not finish the archive' }, clock.now());
        if (fault === undefined) throw error;
      }
    }),
  ];
}

async function writeTo(parts: ArchiveJobParts, run: ArchiveRun, signal: AbortSignal) {
  const place = parsePlace(run.url);
  if (place === undefined) throw new ObjectStoreError('missing', 'Url is not the name of an object');
  const written = { bytes: 0, rows: 0 };
  const { accountId, region, projectId, projectNumber } = run;
  const archive = writeArchive(
    parts,
    { scope: 'PROJECT', accountId, region, projectId, projectNumber },
    {
      signal,
      ended: (rows) => {
        written.rows = rows;
      },
    },
  );
  async function* measured(): AsyncGenerator<Buffer> {
    for await (const piece of archive) {
      written.bytes += piece.length;
      yield piece;
    }
  }
  try {
    await parts.objectStore.write(place, measured());
    return written;
  } finally {
    // A store that refuses has not read it: its transaction must not stay.
    archive.destroy();
  }
}

/** What only whoever asked for it can mend. */
function faultOf(error: unknown): string | undefined {
  if (!(error instanceof ObjectStoreError) || error.fault === 'unavailable') return undefined;
  return error.message;
}

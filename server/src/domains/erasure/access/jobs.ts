/** Archives in the background: written, and removed when their time is over. */
import { type Cron, handleJob, type JobHandler } from '../../../jobs/index.ts';
import { formatPlace, type ObjectStore, ObjectStoreError, type Place } from '../../../object-store/index.ts';
import { removeArchive } from './files.ts';
import { accessAttempts, accessJob, keepArchives } from './job-definition.ts';
import { type AccessParts, runAccess } from './run.ts';
import { findWanted, listExpired, noteExpired } from './store.ts';

const atOnce = 100;

export function accessJobs(parts: AccessParts): JobHandler[] {
  return [
    handleJob(accessJob, (key, { signal, attempt }) => runAccess(parts, key, attempt >= accessAttempts, signal)),
    handleJob(keepArchives, async (_payload, { signal }) => {
      await removeExpired(parts, signal);
      await removeUnknown(parts, signal);
    }),
  ];
}

export const accessCrons: readonly Cron[] = [{ job: keepArchives, match: '*/10 * * * *' }];

async function removeExpired({ erasure, objectStore }: AccessParts, signal: AbortSignal): Promise<void> {
  const { database, clock, logger } = erasure;
  for (;;) {
    const expired = await listExpired(database.query, clock.now(), atOnce);
    for (const request of expired) {
      signal.throwIfAborted();
      const kept = await removeArchive(objectStore, request.url);
      if (kept.length > 0)
        logger.warn({ accessRequestId: request.id, kept }, 'the store keeps an archive that expired');
      await noteExpired(database.query, request);
    }
    if (expired.length < atOnce) return;
  }
}

/** Of projects that were erased, and of runs that were killed before they could see that nobody wants their archive. */
async function removeUnknown({ erasure, objectStore, folder }: AccessParts, signal: AbortSignal): Promise<void> {
  const { database } = erasure;
  for await (const urls of pagesOf(objectStore, folder)) {
    signal.throwIfAborted();
    const wanted = await findWanted(database.query, urls);
    for (const url of urls) if (!wanted.has(url)) await removeArchive(objectStore, url);
  }
}

async function* pagesOf(store: ObjectStore, folder: Place): AsyncGenerator<string[]> {
  let urls: string[] = [];
  try {
    for await (const object of store.list(folder)) {
      if (urls.push(formatPlace(object)) < atOnce) continue;
      yield urls;
      urls = [];
    }
  } catch (error) {
    // Nobody asked yet: there is no bucket.
    if (!(error instanceof ObjectStoreError) || error.fault !== 'missing') throw error;
  }
  if (urls.length > 0) yield urls;
}

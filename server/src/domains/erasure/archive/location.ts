/**
 * Archives of a project hold everybody who was in it, and nobody is taken out of them: they are whole, or they cannot be
 * read back. An erasure tells how many there are (E13): whoever wants them gone deletes them where they lie.
 */
import type { Executor, FileLocation } from '../../../database/index.ts';
import { type ObjectStore, ObjectStoreError, parsePlace } from '../../../object-store/index.ts';
import { isBeingArchived, listArchiveUrls } from './store.ts';

export function projectArchiveLocation({
  database: { query },
  objectStore,
}: {
  readonly database: { readonly query: Executor };
  readonly objectStore: Pick<ObjectStore, 'find'>;
}): FileLocation {
  return {
    name: 'project archives',
    files: ['archives of projects, in the data directory or in an object store'],
    find: async () => 0,
    hasAny: async (projectNumber) => (await listArchiveUrls(query, projectNumber)).length > 0,
    // It sees everybody who was there when it began.
    async isBeingWritten([subject]) {
      return subject !== undefined && isBeingArchived(query, subject.projectNumber, subject.through?.at ?? null);
    },
    async forget(requests) {
      const subject = requests[0]?.[0];
      if (subject === undefined) return { skipped: [] };
      let kept = 0;
      for (const url of await listArchiveUrls(query, subject.projectNumber)) {
        if (await isThere(objectStore, url)) kept += 1;
      }
      return { skipped: [], kept };
    },
    async *read() {},
  };
}

/** @throws ObjectStoreError when nobody can say */
async function isThere(store: Pick<ObjectStore, 'find'>, url: string): Promise<boolean> {
  const place = parsePlace(url);
  if (place === undefined) return false;
  try {
    return (await store.find(place)) !== undefined;
  } catch (error) {
    if (error instanceof ObjectStoreError && error.fault === 'missing') return false;
    throw error;
  }
}

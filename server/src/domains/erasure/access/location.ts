/** Archives of access requests as a place that holds people: erasing somebody removes theirs, wherever they are. */
import type { Database, FileLocation, FilesForgotten, LocatedRow, Subject } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import type { ObjectStore } from '../../../object-store/index.ts';
import type { IdentityHashes } from '../../audience/index.ts';
import { hashesOfSubject } from '../identities/hashes.ts';
import { removeArchive } from './files.ts';
import { deleteAccess, listAccessOf } from './store.ts';

export interface ArchiveLocationParts {
  readonly database: Database;
  readonly objectStore: ObjectStore;
  readonly audience: { readonly identities: IdentityHashes };
}

export function archiveLocation({ database, objectStore, audience }: ArchiveLocationParts): FileLocation {
  const of = (subject: Subject) =>
    listAccessOf(
      database.query,
      subject.projectNumber,
      hashesOfSubject(audience.identities, subject),
      subject.through?.at,
    );
  return {
    name: 'archives of access requests',
    files: ['archives of access requests, in the data directory or in an object store'],
    find: async (subject) => (await of(subject)).length,

    async forget(subject): Promise<FilesForgotten> {
      const skipped: FilesForgotten['skipped'][number][] = [];
      let erased = 0;
      for (const request of await of(subject)) {
        // First the row: whoever is still writing the archive sees that nobody wants it, and removes it.
        await deleteAccess(database.query, request);
        for (const why of await removeArchive(objectStore, request.url)) skipped.push({ what: request.url, why });
        erased += 1;
      }
      return { erased, skipped };
    },

    /** That somebody asked: what they got, they have. */
    async *read(subject): AsyncGenerator<LocatedRow> {
      for (const { id, state, createdAt, expiresAt } of await of(subject)) {
        const expires = expiresAt && toTimestamp(expiresAt);
        yield { access_request: id, state, created_at: toTimestamp(createdAt), expires_at: expires };
      }
    },
  };
}

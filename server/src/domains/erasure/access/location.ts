/** Archives of access requests as a place that holds people: erasing somebody removes theirs, wherever they are. */
import type { Database, FileLocation, FilesForgotten, LocatedRow, Subject } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import type { ObjectStore } from '../../../object-store/index.ts';
import type { IdentityHashes } from '../../audience/index.ts';
import { hashesOfSubject } from '../identities/hashes.ts';
import { removeArchive } from './files.ts';
import type { StoredAccess } from './request.ts';
import { deleteAccess, hasAccess, listAccessOf, revokeAccess } from './store.ts';

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
  /** One access request may be of several pieces. */
  const ofAll = async (subjects: readonly Subject[]) => {
    const found = new Map<string, StoredAccess>();
    for (const subject of subjects) for (const request of await of(subject)) found.set(request.id, request);
    return [...found.values()];
  };
  return {
    name: 'archives of access requests',
    files: ['archives of access requests, in the data directory or in an object store'],
    find: async (subjects) => (await ofAll(subjects)).length,
    hasAny: (projectNumber) => hasAccess(database.query, projectNumber),
    // Whoever writes an archive that nobody wants removes it.
    isBeingWritten: async () => false,

    async forget(requests, _signal, erased): Promise<FilesForgotten> {
      const skipped: FilesForgotten['skipped'][number][] = [];
      for (const [position, subjects] of requests.entries()) {
        for (const { url, ...request } of await ofAll(subjects)) {
          // Whoever is writing it sees that nobody wants it, and no link leads to it any more.
          await revokeAccess(database.query, request);
          const kept = await removeArchive(objectStore, url);
          for (const why of kept) skipped.push({ what: url, why });
          // What a store keeps is found again, and tried again.
          if (kept.length > 0) continue;
          await deleteAccess(database.query, request);
          await erased(position, 1);
        }
      }
      return { skipped };
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

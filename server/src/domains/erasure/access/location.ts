/** Archives of access requests as a place that holds people: erasing somebody removes theirs, wherever they are. */
import type { Database, FileLocation, FilesForgotten, LocatedRow, Subject } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import type { ObjectStore } from '../../../object-store/index.ts';
import type { IdentityHashes } from '../../audience/index.ts';
import { hashesOfSubject } from '../identities/hashes.ts';
import { removeArchive } from './files.ts';
import type { StoredAccess } from './request.ts';
import { deleteAccess, hasAccess, listAccessOf } from './store.ts';

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
    // Whoever writes an archive whose row is gone removes it.
    isBeingWritten: async () => false,

    async forget(requests, _signal, erased): Promise<FilesForgotten> {
      const skipped: FilesForgotten['skipped'][number][] = [];
      for (const [position, subjects] of requests.entries()) {
        for (const { url, ...request } of await ofAll(subjects)) {
          await deleteAccess(database.query, request);
          for (const why of await removeArchive(objectStore, url)) skipped.push({ what: url, why });
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

/** Archives as whoever has the link gets them. */
import { Readable } from 'node:stream';
import type { Database } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { type ObjectStore, ObjectStoreError, parsePlace } from '../../../object-store/index.ts';
import type { PublicRoute } from '../../../operations/public-route.ts';
import { type ArchiveLinks, archivePath } from './links.ts';
import { findAccess, noteDownload } from './store.ts';

export interface ArchiveRouteParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly objectStore: ObjectStore;
  readonly links: ArchiveLinks;
}

export function archiveRoutes({ database, clock, objectStore, links }: ArchiveRouteParts): PublicRoute[] {
  return [
    {
      prefix: archivePath,
      methods: ['GET', 'HEAD'],
      async answer({ method, rest }) {
        const now = clock.now();
        const key = links.read(rest, now);
        const request = key && (await findAccess(database.query, key));
        if (request?.state !== 'COMPLETED' || request.expiresAt === null || request.expiresAt <= now) {
          return { status: 404 };
        }
        const place = parsePlace(request.url);
        const object = place && (await objectStore.find(place).catch(missing));
        if (object === undefined) return { status: 404 };
        const headers = {
          'content-type': 'application/gzip',
          'content-length': String(object.bytes),
          'content-disposition': 'attachment; filename="personal-data.tar.gz"',
        };
        if (method === 'HEAD') return { status: 200, headers };
        await noteDownload(database.query, request);
        const { signal } = new AbortController();
        return { status: 200, headers, body: Readable.from(objectStore.read(object, signal)) };
      },
    },
  ];
}

function missing(error: unknown): undefined {
  if (error instanceof ObjectStoreError && error.fault === 'missing') return undefined;
  throw error;
}

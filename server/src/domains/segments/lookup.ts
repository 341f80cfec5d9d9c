/**
 * Segments for those who ask about one endpoint at a time: with everything they are based on, in memory, and forgotten
 * at once when a segment of the project is changed or deleted on any node (docs/decisions/0011).
 */
import { type Database, NewsCache, type Notifications } from '../../database/index.ts';
import { ServiceError } from '../../kernel/errors.ts';
import type { Source } from './compile.ts';
import { resolveVersion } from './resolve.ts';
import { findVersion, segmentsTopic } from './store.ts';

/** One that is not there, or is based on one that is not, has nobody in it. */
type Known = Source | 'gone';

export class SegmentLookup {
  readonly #database: Database;
  /** By project, segment and version. */
  readonly #known: NewsCache<Known>;

  constructor({ database, notifications }: { readonly database: Database; readonly notifications: Notifications }) {
    this.#database = database;
    this.#known = new NewsCache<Known>({
      notifications,
      topic: segmentsTopic,
      // One may be based on any other of its project.
      concerns: (projectNumber, key) => key.startsWith(`${projectNumber}/`),
    });
  }

  /** Synchronous when it is known. */
  find(projectNumber: number, segmentId: string, version: number): Known | Promise<Known> {
    const key = `${projectNumber}/${segmentId}/${version}`;
    return this.#known.get(key) ?? this.#known.load(key, () => this.#read(projectNumber, segmentId, version));
  }

  async #read(projectNumber: number, segmentId: string, version: number): Promise<Known> {
    const { query } = this.#database;
    const stored = await findVersion(query, projectNumber, segmentId, version);
    if (stored === undefined) return 'gone';
    try {
      return await resolveVersion(query, projectNumber, stored);
    } catch (error) {
      if (error instanceof ServiceError) return 'gone';
      throw error;
    }
  }
}

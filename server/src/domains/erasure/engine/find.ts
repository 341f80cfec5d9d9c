/** The search before anything goes (E4): whom a request stands for, and what every place holds of them. */
import type { Executor, Location, Subject } from '../../../database/index.ts';
import type { NamedIdentity } from '../identities/identity.ts';
import { type Resolved, resolve, toSubjects } from '../identities/resolve.ts';
import type { ErasureParts } from '../parts.ts';
import type { RequestKey } from '../requests/request.ts';

export interface Found {
  readonly resolved: Resolved;
  readonly subjects: readonly Subject[];
  /** By location, those with nothing among them. */
  readonly counts: ReadonlyMap<string, number>;
  /** Locations that were not searched to their end; only with a limit. */
  readonly unfinished: ReadonlySet<string>;
}

export interface Search {
  readonly signal: AbortSignal;
  /** For all files together. Without it they are read to their end, however long that takes. */
  readonly filesMilliseconds?: number;
}

/** @throws whatever any place throws: then nothing is known, and nothing may be erased */
export async function find(
  { database, locations }: Pick<ErasureParts, 'database' | 'locations'>,
  project: { readonly accountId: string; readonly projectNumber: RequestKey['projectNumber'] },
  identities: readonly NamedIdentity[],
  { signal, filesMilliseconds }: Search,
): Promise<Found> {
  const resolved = await resolve(database.keyedQuery, project.projectNumber, identities);
  const subjects = toSubjects(project, resolved);
  const counts = await countRowsOf(database.keyedQuery, locations.rows, subjects, signal);
  const limit = filesMilliseconds === undefined ? undefined : AbortSignal.timeout(filesMilliseconds);
  const either = limit === undefined ? signal : AbortSignal.any([signal, limit]);
  const unfinished = new Set<string>();
  for (const location of locations.files) {
    try {
      counts.set(location.name, await location.find(subjects, either));
    } catch (error) {
      if (limit?.aborted !== true || signal.aborted) throw error;
      unfinished.add(location.name);
    }
  }
  return { resolved, subjects, counts, unfinished };
}

export async function countRowsOf(
  query: Executor,
  locations: readonly Location[],
  subjects: readonly Subject[],
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const together = gather(subjects);
  for (const location of locations) {
    let found = 0;
    for (const subject of together) {
      signal.throwIfAborted();
      found += await location.find(query, subject);
    }
    counts.set(location.name, found);
  }
  return counts;
}

const piecesTogether = 5;

/** Pieces are small so that what changes them holds its locks for moments; looking holds none. Of one moment, or of none. */
function gather(subjects: readonly Subject[]): Subject[] {
  const gathered: Subject[] = [];
  for (let from = 0; from < subjects.length; from += piecesTogether) {
    const some = subjects.slice(from, from + piecesTogether);
    const [first] = some as [Subject];
    if (some.some(({ through }) => through !== undefined)) gathered.push(...some);
    else {
      gathered.push({
        ...first,
        endpoints: some.flatMap(({ endpoints }) => endpoints),
        users: some.flatMap(({ users }) => users),
        addresses: some.flatMap(({ addresses }) => addresses),
      });
    }
  }
  return gathered;
}

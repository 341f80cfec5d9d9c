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
}

/** @throws whatever any place throws: then nothing is known, and nothing may be erased */
export async function find(
  { database, locations }: Pick<ErasureParts, 'database' | 'locations'>,
  project: { readonly accountId: string; readonly projectNumber: RequestKey['projectNumber'] },
  identities: readonly NamedIdentity[],
  signal: AbortSignal,
): Promise<Found> {
  const resolved = await resolve(database.keyedQuery, project.projectNumber, identities);
  const subjects = toSubjects(project, resolved);
  const counts = await countRowsOf(database.keyedQuery, locations.rows, subjects, signal);
  for (const location of locations.files) {
    counts.set(location.name, await location.find(subjects, signal));
  }
  return { resolved, subjects, counts };
}

export async function countRowsOf(
  query: Executor,
  locations: readonly Location[],
  subjects: readonly Subject[],
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const location of locations) {
    let found = 0;
    for (const subject of subjects) {
      signal.throwIfAborted();
      found += await location.find(query, subject);
    }
    counts.set(location.name, found);
  }
  return counts;
}

/** Looks up what a definition refers to, however deep, and refuses circles (dossier/audience §8.4). */
import type { Executor } from '../../database/index.ts';
import { badRequest, ServiceError } from '../../kernel/errors.ts';
import type { ResolvedDefinition, ResolvedGroup, Source } from './compile.ts';
import { type Definition, type Group, readDefinition, type SourceReference } from './definition.ts';
import { describeList } from './listed.ts';
import { findVersion, type SegmentVersion } from './store.ts';

/** Far beyond what people build; a guard for the stack and for the planner. */
const deepest = 16;

/**
 * @param path the segments that lead here, as `id` or `id@version`; a definition about to become the latest version of
 *   a segment begins with that segment's id
 * @throws BadRequestException for a segment that is not there, a circle, or sources that do not go together
 */
export async function resolveDefinition(
  query: Executor,
  projectNumber: number,
  definition: Definition,
  path: readonly string[] = [],
): Promise<ResolvedDefinition> {
  const groups: ResolvedGroup[] = [];
  for (const group of definition.groups) {
    groups.push({ ...group, sources: await resolveSources(query, projectNumber, group, path) });
  }
  const imports = groups.filter(({ sources }) => sources.some(({ kind }) => kind === 'members'));
  if (imports.length > 0 && groups.length > 1) {
    throw badRequest('A segment based on an imported segment can have one group only');
  }
  return { ...definition, groups };
}

async function resolveSources(
  query: Executor,
  projectNumber: number,
  group: Group,
  path: readonly string[],
): Promise<Source[]> {
  const sources: Source[] = [];
  for (const reference of group.sources) sources.push(await resolveReference(query, projectNumber, reference, path));
  if (sources.length > 1 && sources.some(({ kind }) => kind === 'members')) {
    throw badRequest('A group is based on several dynamic segments or on exactly one imported segment');
  }
  return sources;
}

async function resolveReference(
  query: Executor,
  projectNumber: number,
  { id, version }: SourceReference,
  path: readonly string[],
): Promise<Source> {
  const step = version === undefined ? id : `${id}@${version}`;
  if (path.includes(step)) throw badRequest('A segment must not be based on itself, directly or through others');
  if (path.length >= deepest) throw badRequest(`Segments can be based on each other at most ${deepest} deep`);
  const found = await findVersion(query, projectNumber, id, version);
  if (found === undefined) throw badRequest('SourceSegments names a segment that is not there');
  return resolveVersion(query, projectNumber, found, [...path, step]);
}

/** A stored segment as something to ask. */
export async function resolveVersion(
  query: Executor,
  projectNumber: number,
  version: SegmentVersion,
  path: readonly string[] = [version.id],
): Promise<Source> {
  if (version.membership !== null) return { kind: 'members', list: await describeList(query, version.membership) };
  const definition = readDefinition(version.definition ?? {});
  return { kind: 'definition', definition: await resolveDefinition(query, projectNumber, definition, path) };
}

/** The same by its name, for work of its own that runs later: undefined when something of it was deleted meanwhile. */
export async function findSource(
  query: Executor,
  projectNumber: number,
  segmentId: string,
  version?: number,
): Promise<Source | undefined> {
  const found = await findVersion(query, projectNumber, segmentId, version);
  if (found === undefined) return undefined;
  try {
    return await resolveVersion(query, projectNumber, found);
  } catch (error) {
    // It was written when all that it is based on was there.
    if (error instanceof ServiceError && error.code === 'BadRequestException') return undefined;
    throw error;
  }
}

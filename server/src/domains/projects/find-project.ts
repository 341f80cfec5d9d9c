/** The look-up that every call with a project in its path makes: a coalesced read, current on every node. */
import { Coalescer, type Database } from '../../database/index.ts';
import type { Project } from '../../operations/call.ts';
import { parseArn } from './arn.ts';
import { findProjects, findTags, type ProjectKey } from './store.ts';
import type { Tags } from './tag-rules.ts';

export type FindProject = (accountId: string, region: string, id: string) => Promise<Project | undefined>;

export type ProjectLookup = Coalescer<ProjectKey, Project | undefined>;

/** Two connections are enough: while one batch is under way the next one fills. */
export function createProjectLookup(database: Database): ProjectLookup {
  return new Coalescer({
    name: 'project look-up',
    run: (keys) => findProjects(database.query, keys),
    maximumBatch: 200,
    maximumInFlight: 2,
    maximumWaiting: 20_000,
  });
}

/** Tags of whatever an ARN names, for policies; none for an ARN that is not of this service. */
export async function findResourceTags(database: Database, arn: string): Promise<Tags> {
  let name: ReturnType<typeof parseArn>;
  try {
    name = parseArn(arn);
  } catch {
    // The handler refuses it with a sentence; for the policy a malformed ARN is a resource without tags.
    return {};
  }
  return findTags(database.query, name);
}

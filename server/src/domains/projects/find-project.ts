/** The look-up that every call with a project in its path makes: a coalesced read, current on every node. */
import { CoalescedRead, type Database } from '../../database/index.ts';
import type { Project } from '../../operations/call.ts';
import { parseArn } from './arn.ts';
import { findProjects, findTags, type ProjectKey } from './store.ts';
import type { Tags } from './tag-rules.ts';

export type ProjectLookup = CoalescedRead<ProjectKey, Project | undefined>;

export function createProjectLookup(database: Database): ProjectLookup {
  return new CoalescedRead({
    name: 'project look-up',
    read: (keys) => findProjects(database.query, keys),
    identify: ({ accountId, region, id }) => `${accountId}/${region}/${id}`,
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

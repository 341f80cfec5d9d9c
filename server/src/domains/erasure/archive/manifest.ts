/** The first and the last file of an archive: what is in it, and that it is all there. */
import { sql } from 'kysely';
import type { Executor } from '../../../database/index.ts';
import type { Owner } from '../scope/ownership.ts';

export const archiveFormat = 'repoint-project';
export const archiveVersion = 1;
export const manifestName = 'manifest.json';
export const endName = 'end.json';

export interface Manifest {
  readonly format: typeof archiveFormat;
  readonly version: number;
  /** Number of the newest migration: an older server does not know what this archive holds. */
  readonly schema: number;
  readonly software: string;
  readonly createdAt: string;
  readonly project: {
    readonly id: string;
    readonly region: string;
    readonly name: string;
    readonly createdAt: string;
    /** By resource below the project: `` is the project itself, `/segments/…` what is in it. */
    readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
  /** Lists of imported segments, by the number they have here. */
  readonly memberships: readonly number[];
  /** What is not in it, and why. */
  readonly leftOut: Readonly<Record<string, string>>;
}

export interface End {
  readonly rows: Readonly<Record<string, number>>;
}

type ProjectOwner = Extract<Owner, { scope: 'PROJECT' }>;

interface ProjectFacts {
  readonly name: string;
  readonly createdAt: Date;
  readonly tags: Manifest['project']['tags'];
  readonly memberships: readonly number[];
  readonly schema: number;
}

/** What the manifest says of the project; undefined when it is not there. */
export async function readProjectFacts(query: Executor, owner: ProjectOwner): Promise<ProjectFacts | undefined> {
  const resource = `apps/${owner.projectId}`;
  const { rows } = await sql<ProjectFacts>`
    select name, created_at as "createdAt",
           (select coalesce(jsonb_object_agg(substr(resource, ${resource.length + 1}::int), tags), '{}') from tags
            where account_id = ${owner.accountId} and region = ${owner.region} and tags <> '{}'
              and (resource = ${resource} or resource like ${`${resource}/%`})) as tags,
           array(select distinct membership from segment_versions
                 where project_number = ${owner.projectNumber} and membership is not null) as memberships,
           (select max(number) from schema_migrations) as schema
    from projects where number = ${owner.projectNumber} and deleted_at is null`.execute(query);
  return rows[0];
}

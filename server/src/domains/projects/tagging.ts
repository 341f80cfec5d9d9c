/** TagResource, UntagResource and ListTagsForResource for every kind of resource that can carry tags. */
import type { Database, Executor } from '../../database/index.ts';
import { badRequest, notFound } from '../../kernel/errors.ts';
import type { Call, Handlers } from '../../operations/call.ts';
import { parseArn, type ResourceName } from './arn.ts';
import { forgetProject, type ProjectLookup, projectOf } from './find-project.ts';
import { changeTags, findProjects, findTags } from './store.ts';
import { checkTags, mergeTags, removeTags, type Tags } from './tag-rules.ts';

/**
 * One kind of taggable resource. Projects stand here; segments, campaigns and templates add theirs in `app.ts`, so
 * that this domain needs to know none of them.
 */
export interface TaggableKind {
  /** The form of the resource part of the ARN. */
  readonly pattern: RegExp;
  exists(query: Executor, name: ResourceName): Promise<boolean>;
}

export const taggableProjects: TaggableKind = {
  pattern: /^apps\/[^/]+$/,
  async exists(query, { accountId, region, resource }) {
    const [project] = await findProjects(query, [{ accountId, region, id: resource.slice('apps/'.length) }]);
    return project !== undefined;
  },
};

export function tagOperations(
  database: Database,
  kinds: readonly TaggableKind[],
  projects: ProjectLookup,
): Handlers<'TagResource' | 'UntagResource' | 'ListTagsForResource'> {
  /** The named resource, proven to be the caller's, taggable and there. */
  const resolve = async (query: Executor, arn: string, call: Call): Promise<ResourceName> => {
    const name = parseArn(arn);
    if (name.accountId !== call.caller.accountId || name.region !== call.region) {
      throw badRequest('ResourceArn names another account or Region');
    }
    const kind = kinds.find((candidate) => candidate.pattern.test(name.resource));
    if (kind === undefined) throw badRequest('ResourceArn names a resource that cannot be tagged');
    if (!(await kind.exists(query, name))) throw notFound();
    return name;
  };

  const change = async (arn: string, call: Call, to: (stored: Tags) => Tags) => {
    const project = await call.transaction(async (tx) => {
      const name = await resolve(tx, arn, call);
      await changeTags(tx, name, to);
      const tagged = projectOf(name);
      if (tagged !== undefined) await forgetProject(tx, tagged);
      return tagged;
    });
    if (project !== undefined) projects.forget(project);
  };

  return {
    async TagResource({ ResourceArn, TagsModel }, call) {
      checkTags(TagsModel.tags);
      await change(ResourceArn, call, (stored) => mergeTags(stored, TagsModel.tags));
    },

    async UntagResource({ ResourceArn, TagKeys }, call) {
      await change(ResourceArn, call, (stored) => removeTags(stored, TagKeys));
    },

    async ListTagsForResource({ ResourceArn }, call) {
      const name = await resolve(database.query, ResourceArn, call);
      return { tags: await findTags(database.query, name) };
    },
  };
}

/** Projects through the Pinpoint API: what the pages ask and what they change, with the caches each change touches. */
import {
  type ApplicationResponse,
  CreateAppCommand,
  DeleteAppCommand,
  GetAppCommand,
  GetApplicationSettingsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApplicationSettingsCommand,
  type WriteApplicationSettingsRequest,
} from '@aws-sdk/client-pinpoint';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../app/session.tsx';
import type { Tags } from '../../ui/tag-fields.tsx';

/** A project as the API answers it: id, name and ARN are always there, though the SDK's type cannot say so. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly createdAt: string | undefined;
  readonly tags: Tags;
}

export function toProject(answer: ApplicationResponse | undefined): Project {
  const { Id, Name, Arn, CreationDate, tags } = answer ?? {};
  if (Id === undefined || Name === undefined || Arn === undefined)
    throw new Error('The server answered without a project');
  return { id: Id, name: Name, arn: Arn, createdAt: CreationDate, tags: tags ?? {} };
}

export function useProject(id: string) {
  const { pinpoint, scope } = useApi();
  return useQuery({
    queryKey: [...scope, 'project', id],
    queryFn: async () => {
      const answer = await pinpoint.send(new GetAppCommand({ ApplicationId: id }));
      return toProject(answer.ApplicationResponse);
    },
  });
}

export function useCreateProject() {
  const { pinpoint } = useApi();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (request: { name: string; tags: Tags }) => {
      const input = { Name: request.name, tags: { ...request.tags } };
      const answer = await pinpoint.send(new CreateAppCommand({ CreateApplicationRequest: input }));
      return toProject(answer.ApplicationResponse);
    },
    onSuccess: refresh,
  });
}

export function useDeleteProject() {
  const { pinpoint, scope } = useApi();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => pinpoint.send(new DeleteAppCommand({ ApplicationId: id })),
    onSuccess: async (_answer, id) => {
      // Its own page may still be open: what it shows is old now, but asking again would only find nothing.
      for (const kind of ['project', 'settings']) {
        await cache.invalidateQueries({ queryKey: [...scope, kind, id], refetchType: 'none' });
      }
      await cache.invalidateQueries({ queryKey: [...scope, 'projects'] });
    },
  });
}

/** Makes the tags of a project the wanted ones: takes away what is gone, then sets what is new or different. */
export function useChangeTags(project: Project) {
  const { pinpoint } = useApi();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (wanted: Tags) => {
      const gone = Object.keys(project.tags).filter((key) => !Object.hasOwn(wanted, key));
      const changed = Object.entries(wanted).filter(([key, value]) => project.tags[key] !== value);
      if (gone.length > 0) await pinpoint.send(new UntagResourceCommand({ ResourceArn: project.arn, TagKeys: gone }));
      if (changed.length > 0) {
        const TagsModel = { tags: Object.fromEntries(changed) };
        await pinpoint.send(new TagResourceCommand({ ResourceArn: project.arn, TagsModel }));
      }
    },
    // Also after a failure: the first of the two calls may have gone through.
    onSettled: refresh,
  });
}

export function useSettings(id: string) {
  const { pinpoint, scope } = useApi();
  return useQuery({
    queryKey: [...scope, 'settings', id],
    queryFn: async () => {
      const answer = await pinpoint.send(new GetApplicationSettingsCommand({ ApplicationId: id }));
      return answer.ApplicationSettingsResource ?? { ApplicationId: id };
    },
  });
}

/** Replaces the blocks that are given; the others stay as they are. */
export function useChangeSettings(id: string) {
  const { pinpoint } = useApi();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (request: WriteApplicationSettingsRequest) =>
      pinpoint.send(
        new UpdateApplicationSettingsCommand({ ApplicationId: id, WriteApplicationSettingsRequest: request }),
      ),
    onSuccess: refresh,
  });
}

/** Everything shown of projects in this account and region is asked anew. */
function useRefresh(): () => Promise<void> {
  const { scope } = useApi();
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: scope });
}

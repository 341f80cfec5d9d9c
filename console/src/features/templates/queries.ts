/** What pages about templates ask and change. */
import { ListTemplateVersionsCommand, type TemplateVersionResponse } from '@aws-sdk/client-pinpoint';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import type { TemplatePreviewRequest } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import type { Content } from './content.ts';
import type { TemplateKind } from './kinds.ts';

/** Without a version: the active one. */
export function useTemplate(kind: TemplateKind | undefined, name: string, version?: string) {
  const { pinpoint, scope } = useApi();
  return useQuery({
    queryKey: [...scope, 'template', kind?.type, name, version],
    queryFn: async (): Promise<Content> => {
      const content = await kind?.get(pinpoint, name, version);
      if (content === undefined) throw new Error('The server answered without a template');
      return content;
    },
    enabled: kind !== undefined,
    placeholderData: keepPreviousData,
  });
}

export function useTemplateVersions(type: string, name: string) {
  const { pinpoint, scope } = useApi();
  return useQuery({
    queryKey: [...scope, 'template-versions', type, name],
    queryFn: async (): Promise<readonly TemplateVersionResponse[]> => {
      const command = new ListTemplateVersionsCommand({ TemplateName: name, TemplateType: type, PageSize: '100' });
      return (await pinpoint.send(command)).TemplateVersionsResponse?.Item ?? [];
    },
  });
}

export type PreviewQuestion = TemplatePreviewRequest;

/** As one endpoint would receive it; nobody is asked while there is nothing to show. */
export function useTemplatePreview(question: PreviewQuestion | undefined) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  return useQuery({
    queryKey: [...scope, 'template-preview', projectId, question],
    queryFn: () =>
      repoint.send('PreviewTemplate', {
        ApplicationId: projectId,
        TemplatePreviewRequest: question as PreviewQuestion,
      }),
    enabled: question !== undefined,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}

/** After a change of a template, all that was asked of templates is old. */
export function useForgetTemplates(): () => Promise<void> {
  const { scope } = useApi();
  const cache = useQueryClient();
  return async () => {
    for (const what of ['template', 'template-versions', 'templates']) {
      await cache.invalidateQueries({ queryKey: [...scope, what] });
    }
  };
}

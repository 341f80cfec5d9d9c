/** A template as one endpoint would receive it (ours). */
import type { TemplatePreviewRequest } from '../../../contract/repoint-types.ts';
import { badRequest, notFound } from '../../../kernel/errors.ts';
import type { Handlers, ProjectCall } from '../../../operations/call.ts';
import { type Audience, endpointKey } from '../../audience/index.ts';
import {
  compileText,
  RenderFault,
  readDefaults,
  TemplateFault,
  type TemplateLike,
  type TemplateLookup,
  textsOf,
  variablesOf,
} from '../../templates/index.ts';
import { Rendering } from '../compose/rendering.ts';
import { toRecipientEndpoint } from '../direct/public-endpoint.ts';

interface Parts {
  readonly audience: Audience;
  readonly templates: TemplateLookup;
}

export function previewOperations({ audience, templates }: Parts): Handlers<'PreviewTemplate'> {
  return {
    async PreviewTemplate({ TemplatePreviewRequest: request }, call) {
      const template = await readTemplate(templates, request, call);
      const endpoint =
        request.EndpointId === undefined
          ? undefined
          : await audience.find(endpointKey(call.project.number, request.EndpointId));
      if (request.EndpointId !== undefined && endpoint === undefined) throw notFound();
      const variables = variablesOf({
        ...(endpoint && { endpoint: toRecipientEndpoint(endpoint) }),
        substitutions: [request.Substitutions, undefined, undefined],
        defaults: readDefaults(template.content),
      });
      const rendering = new Rendering({ variables, now: call.now, missingVariables: 'OMIT' });
      const used = new Set<string>();
      const texts = textsOf(template).map(({ member, text, escape: escaping }) => {
        try {
          for (const name of compileText(text, escaping).variables) used.add(name);
          return { Member: member, Text: rendering.render(text, escaping) };
        } catch (error) {
          if (!(error instanceof TemplateFault || error instanceof RenderFault)) throw error;
          throw badRequest(`${member}: ${error.message}`);
        }
      });
      const { missing, warnings } = rendering;
      return { Texts: texts, Variables: [...used], Missing: [...missing], Warnings: warnings };
    },
  };
}

async function readTemplate(
  templates: TemplateLookup,
  request: TemplatePreviewRequest,
  { caller, region }: ProjectCall,
): Promise<TemplateLike> {
  const { TemplateType: type, Name: name, Version: version } = request;
  const inline = { EMAIL: request.Email, PUSH: request.Push, SMS: request.Sms, VOICE: request.Voice }[type];
  if ((name === undefined) === (inline === undefined)) {
    throw badRequest('Either Name or the content of a template must be given');
  }
  if (inline !== undefined) return { type, content: inline } as TemplateLike;
  const found = await templates.find({ accountId: caller.accountId, region }, { type, name: name as string, version });
  if (found === undefined) throw notFound();
  return found;
}

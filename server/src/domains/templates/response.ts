/** Templates as the API shows them (dossier/messaging §2.3). */
import type { TemplateResponse, TemplateVersionResponse } from '../../contract/pinpoint-types.ts';
import { toTimestamp } from '../../kernel/clock.ts';
import { formatArn, type ResourceName, type Tags } from '../projects/index.ts';
import type { TemplateContents, TemplateType } from './kinds.ts';
import type { StoredTemplate, TemplateHead, TemplateKey, TemplateVersion } from './store.ts';

export function templateName({ accountId, region, name, type }: TemplateKey): ResourceName {
  return { accountId, region, resource: `templates/${name}/${type}` };
}

/** What stands in the answer beside the content, the same for every kind. */
export interface Described<Type extends TemplateType> {
  readonly Arn: string;
  readonly CreationDate: string;
  readonly LastModifiedDate: string;
  readonly TemplateName: string;
  readonly TemplateType: Type;
  readonly Version: string;
  readonly tags: Tags;
}

export function toTemplate<Type extends TemplateType>(
  key: TemplateKey & { readonly type: Type },
  { content, createdAt, lastModifiedAt, version }: StoredTemplate,
  tags: Tags,
): TemplateContents[Type] & Described<Type> {
  return {
    ...(content as TemplateContents[Type]),
    Arn: formatArn(templateName(key)),
    CreationDate: toTimestamp(createdAt),
    LastModifiedDate: toTimestamp(lastModifiedAt),
    TemplateName: key.name,
    TemplateType: key.type,
    Version: String(version),
    tags,
  };
}

/** An element of ListTemplates: ARN, description, defaults and tags are in its shape, and never in it. */
export function toListed({ createdAt, lastModifiedAt, name, type, activeVersion }: TemplateHead): TemplateResponse {
  return {
    CreationDate: toTimestamp(createdAt),
    LastModifiedDate: toTimestamp(lastModifiedAt),
    TemplateName: name,
    TemplateType: type,
    Version: String(activeVersion),
  };
}

export function toListedVersion(head: TemplateHead, stored: TemplateVersion): TemplateVersionResponse {
  const { TemplateDescription, ...content } = stored.content;
  const defaults = 'DefaultSubstitutions' in content ? content.DefaultSubstitutions : undefined;
  return {
    CreationDate: toTimestamp(stored.createdAt),
    LastModifiedDate: toTimestamp(stored.lastModifiedAt),
    ...(defaults !== undefined && { DefaultSubstitutions: defaults }),
    ...(TemplateDescription !== undefined && { TemplateDescription }),
    TemplateName: head.name,
    TemplateType: head.type,
    Version: String(stored.version),
  };
}

/** Templates as a kind of resource that carries tags. */
import type { TaggableKind } from '../projects/index.ts';
import { type TemplateType, templateTypes } from './kinds.ts';
import { findHead } from './store.ts';

const pattern = new RegExp(`^templates/([^/]+)/(${templateTypes.join('|')})$`);

export const taggableTemplates: TaggableKind = {
  pattern,
  async exists(query, { accountId, region, resource }) {
    const [, name = '', type] = pattern.exec(resource) ?? [];
    return (await findHead(query, { accountId, region, name, type: type as TemplateType })) !== undefined;
  },
};

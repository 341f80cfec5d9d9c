/** What a campaign names and must be there: its segment, its templates, and whoever answers at its custom channel. */
import type { TemplateConfiguration } from '../../../contract/pinpoint-types.ts';
import type { Executor, Transaction } from '../../../database/index.ts';
import { badRequest } from '../../../kernel/errors.ts';
import type { OutgoingHttp } from '../../../outgoing/http.ts';
import { checkWebhookOwner, isWebhookUri } from '../../channels/index.ts';
import { findVersion, holdSegment } from '../../segments/index.ts';
import { type FoundTemplate, findTemplate, type TemplateReference, type TemplateType } from '../../templates/index.ts';
import type { CampaignDefinition } from '../campaign.ts';
import { kindOf } from './kind.ts';
import type { Draft } from './merge.ts';
import { templateMembers } from './messages.ts';

/** Members of an imported segment (dossier/messaging §17). */
const maximumImported = 100_000_000;

/**
 * Looks up the segment, which cannot be deleted then until the transaction ends.
 * @throws BadRequestException when it is not there, or not of the kind that the campaign needs
 */
export async function resolveSegment(
  tx: Transaction,
  projectNumber: number,
  draft: Draft,
): Promise<CampaignDefinition> {
  const { SegmentId, SegmentVersion } = draft;
  const held = await holdSegment(tx, projectNumber, SegmentId);
  const segment = held ? await findVersion(tx, projectNumber, SegmentId, SegmentVersion) : undefined;
  if (segment === undefined) {
    throw badRequest(
      held ? 'SegmentVersion names a version that is not there' : 'SegmentId names a segment that is not there',
    );
  }
  if (segment.kind === 'IMPORT') {
    if (kindOf(draft.Schedule) === 'EVENT') {
      throw badRequest('SegmentId: a campaign that waits for events needs a dynamic segment, not an imported one');
    }
    const { Size = 0 } = (segment.importDefinition ?? {}) as { readonly Size?: number };
    if (Size > maximumImported) {
      throw badRequest(`SegmentId: an imported segment may have at most ${maximumImported} endpoints for a campaign`);
    }
  }
  return { ...draft, SegmentVersion: segment.version };
}

/** A template as a campaign names it. */
export interface NamedTemplate {
  readonly place: string;
  readonly reference: TemplateReference<TemplateType>;
}

/** Each once, where it is named first. */
export function templatesOf(definition: Omit<CampaignDefinition, 'SegmentVersion'>): NamedTemplate[] {
  const named = new Map<string, NamedTemplate>();
  for (const [index, part] of [definition, ...(definition.AdditionalTreatments ?? [])].entries()) {
    const place = index === 0 ? 'TemplateConfiguration' : `AdditionalTreatments[${index - 1}].TemplateConfiguration`;
    for (const template of templatesIn(part.TemplateConfiguration ?? {}, place)) {
      const text = textOf(template.reference);
      if (!named.has(text)) named.set(text, template);
    }
  }
  return [...named.values()];
}

function templatesIn(templates: TemplateConfiguration, place: string): NamedTemplate[] {
  return Object.entries(templateMembers).flatMap(([member, type]) => {
    const template = templates[member as keyof typeof templateMembers];
    if (template?.Name === undefined) return [];
    const { Name: name, Version: version } = template;
    return [{ place: `${place}.${member}`, reference: { type, name, ...(version !== undefined && { version }) } }];
  });
}

function textOf({ type, name, version = '' }: TemplateReference<TemplateType>): string {
  return `${type} ${name} ${version}`;
}

/** One that was there, with what it says at this moment. */
export interface KeptTemplate {
  readonly reference: TemplateReference<TemplateType>;
  readonly found: FoundTemplate<TemplateType>;
}

/**
 * @param before templates that the campaign names already may have been deleted since (dossier/messaging, case 43)
 * @returns those that are there
 * @throws BadRequestException that names the member
 */
export async function findTemplates(
  query: Executor,
  scope: { readonly accountId: string; readonly region: string },
  definition: CampaignDefinition,
  before?: CampaignDefinition,
): Promise<KeptTemplate[]> {
  const known = new Set((before === undefined ? [] : templatesOf(before)).map(({ reference }) => textOf(reference)));
  const kept: KeptTemplate[] = [];
  for (const { place, reference } of templatesOf(definition)) {
    const found = await findTemplate(query, scope, reference);
    if (found !== undefined) kept.push({ reference, found });
    else if (!known.has(textOf(reference))) throw badRequest(`${place} names a template or version that is not there`);
  }
  return kept;
}

/**
 * Asks the URLs of custom channels whose they are, those that the campaign did not have before.
 * @throws BadRequestException when one does not answer with the number of this account
 */
export async function checkOwners(
  http: OutgoingHttp,
  accountId: string,
  definition: Draft,
  before?: CampaignDefinition,
): Promise<void> {
  const known = before === undefined ? [] : urlsOf(before);
  const urls = new Set(urlsOf(definition).filter((url) => !known.includes(url)));
  await Promise.all([...urls].map((url) => checkWebhookOwner(http, url, accountId)));
}

function urlsOf(definition: Omit<CampaignDefinition, 'SegmentVersion'>): string[] {
  return [definition, ...(definition.AdditionalTreatments ?? [])].flatMap(({ CustomDeliveryConfiguration: custom }) =>
    custom !== undefined && isWebhookUri(custom.DeliveryUri) ? [custom.DeliveryUri] : [],
  );
}

/**
 * The hidden copies of templates that campaigns name: deleting a template does not touch messages that are scheduled
 * (dossier/messaging §2.4, case 43). As the campaign was written last, the texts are these.
 */
import { sql } from 'kysely';
import { type Executor, jsonbArray, type Transaction } from '../../database/index.ts';
import { type FoundTemplate, readDefaults, type TemplateReference, type TemplateType } from '../templates/index.ts';
import type { CampaignKey } from './campaign.ts';
import type { KeptTemplate } from './definition/references.ts';

/** Replaces the copies that are named again; others stay with the campaign. */
export async function keepTemplates(
  tx: Transaction,
  { projectNumber, id }: CampaignKey,
  templates: readonly KeptTemplate[],
): Promise<void> {
  if (templates.length === 0) return;
  await sql`
    insert into campaign_templates (project_number, campaign_id, type, name, wanted, version, content)
    select ${projectNumber}, ${id}, given.*
    from unnest(${templates.map(({ reference }) => reference.type)}::text[],
                ${templates.map(({ reference }) => reference.name)}::text[],
                ${templates.map(({ reference }) => reference.version ?? '')}::text[],
                ${templates.map(({ found }) => found.version)}::int[],
                ${jsonbArray(templates.map(({ found }) => JSON.stringify(found.content)))}::jsonb[]) as given
    on conflict (project_number, campaign_id, type, name, wanted) do update set
      version = excluded.version, content = excluded.content`.execute(tx);
}

export async function forgetKeptTemplates(tx: Transaction, { projectNumber, id }: CampaignKey): Promise<void> {
  await tx
    .deleteFrom('campaign_templates')
    .where('project_number', '=', projectNumber)
    .where('campaign_id', '=', id)
    .execute();
}

/** @returns undefined when the campaign has never named it, or it was not there then */
export async function findKeptTemplate<Type extends TemplateType>(
  query: Executor,
  { projectNumber, id }: CampaignKey,
  { type, name, version }: TemplateReference<Type>,
): Promise<FoundTemplate<Type> | undefined> {
  const row = await query
    .selectFrom('campaign_templates')
    .select(['version', 'content'])
    .where('project_number', '=', projectNumber)
    .where('campaign_id', '=', id)
    .where('type', '=', type)
    .where('name', '=', name)
    .where('wanted', '=', version ?? '')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const content = row.content as FoundTemplate<Type>['content'];
  return { type, name, version: row.version, content, defaults: readDefaults(content) };
}

/**
 * GetInAppMessages (dossier/messaging §13): what an endpoint may be shown at this moment. Clients look at events, caps
 * and priority; they look at neither quiet time, nor segments, nor when a campaign begins, so that we do.
 */
import type { InAppMessage, InAppMessageCampaign } from '../../../contract/pinpoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { notFound } from '../../../kernel/errors.ts';
import type { Handlers, ProjectCall } from '../../../operations/call.ts';
import { type Audience, endpointKey, type StoredEndpoint, type WholeEndpoint } from '../../audience/index.ts';
import type { TemplateLookup } from '../../templates/index.ts';
import { treatmentOf } from '../cohort.ts';
import { findKeptTemplate } from '../kept-templates.ts';
import { isQuiet } from '../schedule/quiet-time.ts';
import { type InAppCampaign, type InAppTreatment, toInAppMessage } from './in-app-campaign.ts';
import type { InAppCampaigns } from './in-app-campaigns.ts';
import type { Memberships } from './memberships.ts';

export interface InAppParts {
  readonly database: Database;
  readonly audience: Audience;
  readonly templates: TemplateLookup;
  readonly inAppCampaigns: InAppCampaigns;
  readonly memberships: Memberships;
}

export function inAppOperations(parts: InAppParts): Handlers<'GetInAppMessages'> {
  const { audience, inAppCampaigns } = parts;
  return {
    async GetInAppMessages({ EndpointId }, call) {
      const [endpoint, campaigns] = await Promise.all([
        audience.find(endpointKey(call.project.number, EndpointId)),
        inAppCampaigns.find(call.project.number),
      ]);
      if (endpoint === undefined) throw notFound();
      const shown = isReachable(endpoint)
        ? await Promise.all(campaigns.map((campaign) => showTo(endpoint, campaign, call, parts)))
        : [];
      return { InAppMessageCampaigns: shown.filter((campaign) => campaign !== undefined) };
    },
  };
}

function isReachable({ channelType, status, optOut }: StoredEndpoint): boolean {
  return channelType === 'IN_APP' && status === 'ACTIVE' && optOut !== 'ALL';
}

/** What costs nothing is asked first. */
async function showTo(
  endpoint: WholeEndpoint,
  campaign: InAppCampaign,
  call: ProjectCall,
  parts: InAppParts,
): Promise<InAppMessageCampaign | undefined> {
  const treatment = campaign.treatments.get(treatmentOf(campaign.id, endpoint.id, campaign.shares));
  if (treatment === undefined || !isOpen(treatment, endpoint, call.now)) return undefined;
  if (!(await parts.memberships.has(campaign, endpoint, call.now))) return undefined;
  const message = await messageOf(treatment, campaign, call, parts);
  return message && { ...treatment.frame, InAppMessage: message };
}

function isOpen({ from, to, quietTime }: InAppTreatment, { demographic }: StoredEndpoint, now: Date): boolean {
  const at = now.getTime();
  return from <= at && at < to && !isQuiet(quietTime, demographic.Timezone, now);
}

/** One whose template is gone says what it said when the campaign was written. */
async function messageOf(
  { template, message }: InAppTreatment,
  { id }: InAppCampaign,
  { project }: ProjectCall,
  { database, templates }: InAppParts,
): Promise<InAppMessage | undefined> {
  if (template === undefined) return message;
  const found = templates.find(project, template);
  const known = found instanceof Promise ? await found : found;
  const kept = known ?? (await findKeptTemplate(database.query, { projectNumber: project.number, id }, template));
  return kept === undefined ? message : toInAppMessage(kept.content);
}

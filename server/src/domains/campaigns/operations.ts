/** Campaigns as Pinpoint has them: read here, written in `change.ts` (dossier/messaging §1). */
import type { Database, Executor } from '../../database/index.ts';
import { toTimestamp } from '../../kernel/clock.ts';
import { notFound } from '../../kernel/errors.ts';
import { type PagingTokens, readPage } from '../../kernel/paging.ts';
import { readVersionNumber } from '../../kernel/version-number.ts';
import type { Handlers, ProjectCall } from '../../operations/call.ts';
import { listActivities, toActivityResponse } from './activities.ts';
import type { Campaign } from './campaign.ts';
import { type ChangeParts, changeOperations } from './change.ts';
import { type InAppParts, inAppOperations } from './in-app/operations.ts';
import { showCampaign, showCampaigns } from './show.ts';
import { findCampaign, findCampaignVersion, listCampaigns, listCampaignVersions } from './store.ts';

type ReadOperation =
  | 'GetCampaign'
  | 'GetCampaigns'
  | 'GetCampaignVersion'
  | 'GetCampaignVersions'
  | 'GetCampaignActivities';

interface Parts extends ChangeParts, InAppParts {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
}

export function campaignOperations(parts: Parts) {
  return { ...readOperations(parts), ...changeOperations(parts), ...inAppOperations(parts) };
}

function readOperations({
  database: { query },
  pagingTokens,
}: Pick<Parts, 'database' | 'pagingTokens'>): Handlers<ReadOperation> {
  return {
    async GetCampaign({ CampaignId }, call) {
      return showCampaign(query, await requireCampaign(query, call, CampaignId));
    },

    async GetCampaigns(page, call) {
      const { items, NextToken } = await readPage(
        pagingTokens,
        listingOf(call, 'campaigns'),
        page,
        (after, limit) => listCampaigns(query, call.project.number, after, limit),
        (last) => [toTimestamp(last.createdAt), last.id],
      );
      return { Item: await showCampaigns(query, items), NextToken };
    },

    async GetCampaignVersion({ CampaignId, Version }, call) {
      const version = readVersionNumber(Version);
      const latest = await requireCampaign(query, call, CampaignId);
      if (version === latest.version) return showCampaign(query, latest);
      const former = await findCampaignVersion(query, latest, version);
      if (former === undefined) throw notFound();
      const [shown] = await showCampaigns(query, [former], () => false);
      if (shown === undefined) throw notFound();
      return shown;
    },

    async GetCampaignVersions({ CampaignId, ...page }, call) {
      const latest = await requireCampaign(query, call, CampaignId);
      const { items, NextToken } = await readPage(
        pagingTokens,
        listingOf(call, `campaigns/${CampaignId}/versions`),
        page,
        (after, limit) => listCampaignVersions(query, latest, after, limit),
        (last) => [last.version],
      );
      return { Item: await showCampaigns(query, items, ({ version }) => version === latest.version), NextToken };
    },

    async GetCampaignActivities({ CampaignId, ...page }, call) {
      const campaign = await requireCampaign(query, call, CampaignId);
      const { items, NextToken } = await readPage(
        pagingTokens,
        listingOf(call, `campaigns/${CampaignId}/activities`),
        page,
        (after, limit) => listActivities(query, campaign, after, limit),
        (last) => [toTimestamp(last.scheduledStart), last.runId, last.treatmentId],
      );
      return { Item: items.map((activity) => toActivityResponse(campaign, activity)), NextToken };
    },
  };
}

function listingOf({ project }: ProjectCall, listing: string): string {
  return `${project.accountId}/${project.region}/${project.id}/${listing}`;
}

/** @throws NotFoundException */
async function requireCampaign(query: Executor, call: ProjectCall, id: string): Promise<Campaign> {
  const campaign = await findCampaign(query, { projectNumber: call.project.number, id });
  if (campaign === undefined) throw notFound();
  return campaign;
}

/** Campaigns for the API, with what stands apart from them: tags, and the states of treatments. */
import type { CampaignResponse, CampaignStatus } from '../../contract/pinpoint-types.ts';
import type { Executor } from '../../database/index.ts';
import { findTagsOf } from '../projects/index.ts';
import type { Campaign } from './campaign.ts';
import { campaignName, toCampaignResponse } from './response.ts';
import { treatmentStates } from './schedule/schedules.ts';

/**
 * All of one project.
 * @param isLatest false for a version that was superseded: its treatments are in the state the campaign was in then
 */
export async function showCampaigns(
  query: Executor,
  campaigns: readonly Campaign[],
  isLatest: (campaign: Campaign) => boolean = () => true,
): Promise<CampaignResponse[]> {
  const [first] = campaigns;
  if (first === undefined) return [];
  const names = new Set(campaigns.map((campaign) => campaignName(campaign).resource));
  const tags = await findTagsOf(query, first, [...names]);
  const split = campaigns.filter((campaign) => isLatest(campaign) && campaign.definition.AdditionalTreatments);
  const states = split.length === 0 ? noStates : await treatmentStates(query, split);
  return campaigns.map((campaign) => {
    // Whoever has no schedule of its own shares that of the default treatment, and its state.
    const ofTreatments = isLatest(campaign) ? states.get(campaign.id) : undefined;
    return toCampaignResponse(
      campaign,
      tags.get(campaignName(campaign).resource) ?? {},
      (id) => ofTreatments?.get(id) ?? ofTreatments?.get('0'),
    );
  });
}

const noStates: ReadonlyMap<string, ReadonlyMap<string, CampaignStatus>> = new Map();

export async function showCampaign(query: Executor, campaign: Campaign): Promise<CampaignResponse> {
  const [shown] = await showCampaigns(query, [campaign]);
  return shown as CampaignResponse;
}

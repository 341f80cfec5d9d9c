/** A campaign and its treatments as the API shows them (dossier/messaging §1.2). */
import type { CampaignResponse, CampaignStatus, TreatmentResource } from '../../contract/pinpoint-types.ts';
import { toTimestamp } from '../../kernel/clock.ts';
import { formatArn, type ResourceName, type Tags } from '../projects/index.ts';
import type { Campaign } from './campaign.ts';

export function campaignName({
  accountId,
  region,
  applicationId,
  id,
}: Pick<Campaign, 'accountId' | 'region' | 'applicationId' | 'id'>): ResourceName {
  return { accountId, region, resource: `apps/${applicationId}/campaigns/${id}` };
}

/** @param treatmentState of one treatment; the campaign's own where nothing else is known of it */
export function toCampaignResponse(
  campaign: Campaign,
  tags: Tags,
  treatmentState: (treatmentId: string) => CampaignStatus | undefined,
): CampaignResponse {
  const { AdditionalTreatments: others = [], ...definition } = campaign.definition;
  const stateOf = (treatmentId: string) => ({ CampaignStatus: treatmentState(treatmentId) ?? campaign.state });
  return {
    HoldoutPercent: 0,
    ...definition,
    ApplicationId: campaign.applicationId,
    Arn: formatArn(campaignName(campaign)),
    CreationDate: toTimestamp(campaign.createdAt),
    Id: campaign.id,
    IsPaused: campaign.isPaused,
    LastModifiedDate: toTimestamp(campaign.lastModifiedAt),
    State: { CampaignStatus: campaign.state },
    Version: campaign.version,
    ...(others.length > 0 && {
      AdditionalTreatments: others.map(
        (treatment, index): TreatmentResource => ({
          ...treatment,
          Id: String(index + 1),
          State: stateOf(String(index + 1)),
        }),
      ),
      DefaultState: stateOf('0'),
    }),
    tags,
  };
}

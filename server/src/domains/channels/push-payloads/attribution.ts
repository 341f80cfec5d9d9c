/** What a device sends back with its events, and what a caller put beside the message (dossier/messaging §11.1, §11.3). */
import type { PushCircumstances, PushOrigin } from './push-message.ts';

/** Campaign id of direct sends. Events that carry it belong to no campaign. */
const directCampaignId = '_DIRECT';

/** The object `campaign` or `journey` below `pinpoint`. */
export function attributionOf(origin: PushOrigin): Readonly<Record<string, Readonly<Record<string, string>>>> {
  switch (origin.kind) {
    case 'direct':
      return { campaign: { campaign_id: directCampaignId } };
    case 'campaign':
      return {
        campaign: {
          campaign_id: origin.campaignId,
          campaign_activity_id: origin.activityId,
          treatment_id: origin.treatmentId,
        },
      };
    case 'journey':
      return {
        journey: {
          journey_id: origin.journeyId,
          journey_run_id: origin.runId,
          journey_activity_id: origin.activityId,
        },
      };
  }
}

/** Endpoint, trace and context. A context cannot take the place of ours. */
export function surroundingsOf({ endpointId, traceId, context }: PushCircumstances): Record<string, string> {
  return {
    ...context,
    ...(endpointId === undefined ? {} : { endpointId }),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

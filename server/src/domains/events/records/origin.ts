/** Whence a message came, as the attributes of its events say it. */

export interface CampaignOrigin {
  readonly kind: 'campaign';
  readonly campaignId: string;
  /** Of the run. */
  readonly activityId: string;
  /** `0` is the standard treatment. */
  readonly treatmentId: string;
}

export interface JourneyOrigin {
  readonly kind: 'journey';
  readonly journeyId: string;
  readonly runId: string;
  readonly activityId: string;
}

export interface DirectOrigin {
  readonly kind: 'direct';
  /** Of the request, which comes back with everything about the message (dossier/messaging §5.1). */
  readonly context?: Readonly<Record<string, string>>;
}

export type MessageOrigin = CampaignOrigin | JourneyOrigin | DirectOrigin;

export function originAttributes(origin: MessageOrigin): Readonly<Record<string, string>> {
  switch (origin.kind) {
    case 'campaign':
      return {
        campaign_id: origin.campaignId,
        campaign_activity_id: origin.activityId,
        treatment_id: origin.treatmentId,
      };
    case 'journey':
      return { journey_id: origin.journeyId, journey_run_id: origin.runId, journey_activity_id: origin.activityId };
    case 'direct':
      return { ...origin.context, treatment_id: '0' };
  }
}

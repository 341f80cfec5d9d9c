/** An event that made a campaign want to send (dossier/messaging §1.7). */
import type { CampaignKey } from '../campaign.ts';

/** What cannot be delivered until then is dropped (§1.5). */
export const lifetimeMilliseconds = 5 * 60_000;

export interface Trigger {
  /** 32 hex characters: the claim's run id, so that each event has a message of its own. */
  readonly id: string;
  readonly projectNumber: number;
  readonly bucket: number;
  /** Folded. */
  readonly endpointId: string;
  readonly campaignId: string;
  /** Of the schedule whose window it is: `0` for all treatments that share the campaign's. */
  readonly treatmentId: string;
  /** The claim's start. */
  readonly arrivedAt: Date;
}

/** What triggers of one window have in common. */
export interface WindowKey extends CampaignKey {
  readonly treatmentId: string;
}

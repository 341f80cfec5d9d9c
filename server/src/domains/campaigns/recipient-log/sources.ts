/** What the log of sends shows of a campaign's message besides what it keeps: the campaign's name, and in words why nothing left. */
import type { RunSendStatus, SendResult, SendSources } from '../../messaging/index.ts';
import { findCampaignNames } from '../store.ts';

/** By the status in the log (dossier/messaging §1.9): all that a run gives besides those of a claim or a provider. */
const reasons: Readonly<Record<Exclude<RunSendStatus, SendResult['status']>, string>> = {
  ENDPOINT_OPT_OUT: 'The endpoint has opted out of all messages.',
  ENDPOINT_INACTIVE: 'The endpoint is inactive.',
  ENDPOINT_MISSING_ADDRESS: 'The endpoint has no address.',
  ENDPOINT_MISSING_CHANNEL: 'The endpoint has no channel.',
  ENDPOINT_MISSING_TIMEZONE: 'The campaign goes by local time, and the endpoint has no valid time zone.',
  ENDPOINT_TIMEZONE_MISMATCH: 'The hour of the campaign was over in the time zone of the endpoint.',
  ENDPOINT_CHANNEL_MISMATCH: 'The campaign has no message for the channel of the endpoint.',
  UNSUPPORTED_CHANNEL: 'The channel of the endpoint is not set up, or is switched off.',
  DUPLICATE_ADDRESS: 'Another endpoint of the same run has the same address.',
  HOLDOUT: 'The endpoint is one of those that the campaign holds out.',
  QUIET_TIME: 'It was quiet time for the endpoint.',
  DAILY_CAP: 'The endpoint had as many messages as it may get in 24 hours.',
  CAMPAIGN_CAP: 'The campaign had written to the endpoint as often as it may.',
  EXPIRED: 'The time in which the run may send was over.',
  HOOK_FAILURE: 'The hook of the campaign gave no usable answer.',
  FILTERED_OUT_BY_HOOK: 'The hook of the campaign left the endpoint out.',
  RECOMMENDATION_FAILURE: 'There was no recommendation for the endpoint.',
  CANCELLED: 'The run was cancelled before the message left.',
};

export const campaignSendSources: SendSources = {
  nameCampaigns: findCampaignNames,
  reasonOf: (status) => (isReason(status) ? reasons[status] : undefined),
};

function isReason(status: string): status is keyof typeof reasons {
  return Object.hasOwn(reasons, status);
}

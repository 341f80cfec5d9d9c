/**
 * Whether a campaign sends to an endpoint, or why not, in Pinpoint's order (dossier/messaging §1.9). Pure, so that a
 * rehearsal judges as the run does.
 */
import type { ChannelType } from '../../channels/index.ts';
import type { SkipReason } from '../../messaging/index.ts';
import { holdout } from '../cohort.ts';

export type Judgement = 'SEND' | SkipReason;

/** What is known of an endpoint. */
export interface EndpointFacts {
  readonly channelType: string | null;
  readonly address: string | null;
  readonly optOut: 'ALL' | 'NONE';
  readonly status: 'ACTIVE' | 'INACTIVE';
  /** `Demographic.Timezone`, whatever it says. */
  readonly timeZone: string | undefined;
  /** Zero where no cap applies. */
  readonly received: Received;
}

/** What an endpoint had of campaigns before. */
export interface Received {
  /** How often this campaign targeted it, in all of its runs. */
  readonly targeted: number;
  /** Of this campaign, in the last 24 hours. */
  readonly lastDay: number;
  /** Of all campaigns of the project, in the last 24 hours. */
  readonly lastDayOfAll: number;
}

export const nothingReceived: Received = { targeted: 0, lastDay: 0, lastDayOfAll: 0 };

/** What holds for all endpoints of a run, at one moment. */
export interface JudgeContext {
  /** The treatment's way to a channel: as what it leaves, or why it cannot. */
  reach(treatmentId: string, channelType: ChannelType): Reach;
  /** With local time only: whether the endpoint's moment is now. */
  zone?(timeZone: string | undefined): 'DUE' | 'ENDPOINT_MISSING_TIMEZONE' | 'ENDPOINT_TIMEZONE_MISMATCH';
  /** Where there is a quiet time. Without a valid zone it is never quiet (dossier/messaging §1.6). */
  isQuiet?(timeZone: string): boolean;
  readonly caps: Caps;
  /** The time in which sending may be attempted is over. */
  readonly isExpired: boolean;
}

export type Reach = 'MESSAGE' | 'CUSTOM' | 'ENDPOINT_CHANNEL_MISMATCH' | 'UNSUPPORTED_CHANNEL';

/** Undefined: no such cap. */
export interface Caps {
  readonly daily: number | undefined;
  readonly total: number | undefined;
  /** Of the project: over all campaigns together. */
  readonly dailyOfAll: number | undefined;
}

/** `0` to `4`, or `HOLDOUT`: see `treatmentOf`. */
export type Cohort = string;

/** @param isDuplicate another endpoint of the run has the same address */
export function judge(facts: EndpointFacts, cohort: Cohort, context: JudgeContext, isDuplicate: boolean): Judgement {
  const before = judgeEndpoint(facts, cohort, context);
  if (before !== 'SEND') return before;
  return isDuplicate ? 'DUPLICATE_ADDRESS' : judgeMoment(facts, cohort, context);
}

/** What comes before the question for duplicates: an endpoint that is out here takes its address from nobody. */
export function judgeEndpoint(facts: EndpointFacts, cohort: Cohort, context: JudgeContext): Judgement {
  if (facts.optOut === 'ALL') return 'ENDPOINT_OPT_OUT';
  if (facts.status === 'INACTIVE') return 'ENDPOINT_INACTIVE';
  if (facts.channelType === null) return 'ENDPOINT_MISSING_CHANNEL';
  if (facts.address === null || facts.address === '') return 'ENDPOINT_MISSING_ADDRESS';
  const zone = context.zone?.(facts.timeZone) ?? 'DUE';
  if (zone !== 'DUE') return zone;
  // Those who are held out would have had the default treatment as well as any other.
  const reach = context.reach(cohort === holdout ? '0' : cohort, facts.channelType as ChannelType);
  return reach === 'MESSAGE' || reach === 'CUSTOM' ? 'SEND' : reach;
}

/** What comes after it. */
export function judgeMoment(
  { timeZone, received }: Pick<EndpointFacts, 'timeZone' | 'received'>,
  cohort: Cohort,
  { isQuiet, caps, isExpired }: JudgeContext,
): Judgement {
  if (cohort === holdout) return 'HOLDOUT';
  // A campaign that has targeted it often enough says so at night as well: that skip does not count once more.
  if (caps.total !== undefined && received.targeted >= caps.total) return 'CAMPAIGN_CAP';
  if (isQuiet !== undefined && timeZone !== undefined && isQuiet(timeZone)) return 'QUIET_TIME';
  if (caps.daily !== undefined && received.lastDay >= caps.daily) return 'DAILY_CAP';
  if (caps.dailyOfAll !== undefined && received.lastDayOfAll >= caps.dailyOfAll) return 'DAILY_CAP';
  return isExpired ? 'EXPIRED' : 'SEND';
}

/** Skips that use up one of `Limits.Total`: the endpoint was targeted, though nothing left (dossier/messaging §1.10). */
export function isTargeted(judgement: Judgement): boolean {
  return judgement === 'SEND' || judgement === 'QUIET_TIME';
}

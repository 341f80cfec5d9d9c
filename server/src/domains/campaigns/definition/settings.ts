/** Limits of a campaign, and what it takes over of its project (dossier/messaging §1.6, §1.10). */
import type { CampaignLimits, QuietTime, Schedule } from '../../../contract/pinpoint-types.ts';
import { badRequest } from '../../../kernel/errors.ts';
import type { Settings } from '../../projects/index.ts';
import type { Campaign, Inherited } from '../campaign.ts';
import { isHook } from './hook.ts';
import { isQuietTime } from './schedule.ts';

/** Smallest and largest value. For how often, 0 is no limit (the console's own meaning). */
const limitRanges = {
  Daily: [0, 100],
  Total: [0, 100],
  Session: [0, Number.MAX_SAFE_INTEGER],
  MessagesPerSecond: [1, 20_000],
  MaximumDuration: [60, Number.MAX_SAFE_INTEGER],
} as const satisfies Record<keyof CampaignLimits, readonly [number, number]>;

/** @throws BadRequestException that names the member */
export function checkLimits(limits: CampaignLimits = {}): void {
  for (const [name, [least, most]] of Object.entries(limitRanges)) {
    const value = limits[name as keyof CampaignLimits];
    if (value === undefined || (value >= least && value <= most)) continue;
    const range = most === Number.MAX_SAFE_INTEGER ? `at least ${least}` : `from ${least} to ${most}`;
    throw badRequest(`Limits.${name} must be ${range}`);
  }
}

/** What a new campaign takes over: settings of the project that say something. 0 says nothing there. */
export function inheritedFrom(
  settings: Pick<Settings, 'Limits' | 'QuietTime' | 'CampaignHook'> | undefined,
): Inherited {
  const { Limits, QuietTime, CampaignHook } = settings ?? {};
  const limits = Object.fromEntries(Object.entries(Limits ?? {}).filter(([, value]) => value !== 0));
  return {
    limits,
    ...(QuietTime != null && isQuietTime(QuietTime) && { quietTime: QuietTime }),
    ...(CampaignHook != null && isHook(CampaignHook) && { hook: CampaignHook }),
  };
}

/** Of a treatment's schedule, or else the project's (dossier/messaging §1.6). */
export function quietTimeOf(
  { inherited }: Pick<Campaign, 'inherited'>,
  { QuietTime: own }: Pick<Schedule, 'QuietTime'>,
): QuietTime | undefined {
  return own !== undefined && isQuietTime(own) ? own : inherited.quietTime;
}

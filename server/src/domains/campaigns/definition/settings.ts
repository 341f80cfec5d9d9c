/** Limits, hook and quiet time of a campaign, and what it takes over of its project (dossier/messaging §1.6, §1.10, §1.12). */
import type { CampaignHook, CampaignLimits, QuietTime, Schedule } from '../../../contract/pinpoint-types.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { namesFunction } from '../../../outgoing/lambda.ts';
import type { Settings } from '../../projects/index.ts';
import type { Campaign, Inherited } from '../campaign.ts';
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

/** @throws BadRequestException that names the member */
export function checkHook(hook: CampaignHook = {}): void {
  const { LambdaFunctionName: name = '', WebUrl: url = '', Mode } = hook;
  if (Mode === 'DELIVERY')
    throw badRequest('Hook.Mode DELIVERY does not work any more: use CustomDeliveryConfiguration');
  if (name !== '' && url !== '') throw badRequest('Hook has either LambdaFunctionName or WebUrl');
  if (name !== '' && !namesFunction(name)) {
    throw badRequest('Hook.LambdaFunctionName must be the name or ARN of a Lambda function');
  }
  if (url !== '' && URL.parse(url)?.protocol !== 'https:') throw badRequest('Hook.WebUrl must be an https URL');
}

/** It calls somebody: empty texts and a mode alone do not. */
function isHook({ LambdaFunctionName = '', WebUrl = '' }: CampaignHook): boolean {
  return LambdaFunctionName !== '' || WebUrl !== '';
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

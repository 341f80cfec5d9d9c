/** Rules for application settings (dossier/audience §6): four blocks, each kept or replaced as a whole. */
import type { ApplicationSettingsResource, WriteApplicationSettingsRequest } from '../../contract/pinpoint-types.ts';
import { toTimestamp } from '../../kernel/clock.ts';
import { badRequest } from '../../kernel/errors.ts';
import type { Project } from '../../operations/call.ts';

/** Settings as they are stored; a block that was never sent is null. */
export interface Settings {
  readonly CampaignHook: WriteApplicationSettingsRequest['CampaignHook'] | null;
  readonly Limits: WriteApplicationSettingsRequest['Limits'] | null;
  readonly QuietTime: WriteApplicationSettingsRequest['QuietTime'] | null;
  readonly JourneyLimits: WriteApplicationSettingsRequest['JourneyLimits'] | null;
  readonly lastModified: Date;
}

/** Smallest and largest value that means something. Zero always passes and means "not set": Terraform sends it. */
const limitRanges = {
  Daily: [1, 100],
  Total: [1, 100],
  MessagesPerSecond: [1, 20_000],
  MaximumDuration: [60, Number.MAX_SAFE_INTEGER],
  Session: [1, Number.MAX_SAFE_INTEGER],
} as const;

const journeyCapRange = [1, 100] as const;
const journeyDaysRange = [1, 30] as const;

/** @throws BadRequestException naming the member that is out of range */
export function checkSettings(request: WriteApplicationSettingsRequest): void {
  for (const [name, range] of Object.entries(limitRanges)) {
    checkRange(`Limits.${name}`, request.Limits?.[name as keyof typeof limitRanges], range);
  }
  const journey = request.JourneyLimits;
  checkRange('JourneyLimits.DailyCap', journey?.DailyCap, journeyCapRange);
  checkRange('JourneyLimits.TotalCap', journey?.TotalCap, journeyCapRange);
  checkRange('JourneyLimits.TimeframeCap.Cap', journey?.TimeframeCap?.Cap, journeyCapRange);
  checkRange('JourneyLimits.TimeframeCap.Days', journey?.TimeframeCap?.Days, journeyDaysRange);
  checkTimeOfDay('QuietTime.Start', request.QuietTime?.Start);
  checkTimeOfDay('QuietTime.End', request.QuietTime?.End);
  checkWebUrl(request.CampaignHook?.WebUrl);
}

/**
 * What GetApplicationSettings answers. The four blocks are always objects: Terraform's provider reads their members
 * without looking whether they exist (dossier/audience §6.2).
 */
export function toSettingsResource(project: Project, settings: Settings | undefined): ApplicationSettingsResource {
  return {
    ApplicationId: project.id,
    CampaignHook: settings?.CampaignHook ?? {},
    JourneyLimits: settings?.JourneyLimits ?? {},
    LastModifiedDate: toTimestamp(settings?.lastModified ?? project.createdAt),
    Limits: settings?.Limits ?? {},
    QuietTime: settings?.QuietTime ?? {},
  };
}

function checkRange(member: string, value: number | undefined, [least, most]: readonly [number, number]): void {
  if (value === undefined || value === 0) return;
  if (value < least || value > most) {
    const limit = most === Number.MAX_SAFE_INTEGER ? `at least ${least}` : `from ${least} to ${most}`;
    throw badRequest(`${member} must be ${limit}, or 0 for none`);
  }
}

/** Empty for none. @throws BadRequestException naming the member */
export function checkTimeOfDay(member: string, value: string | undefined): void {
  if (value === undefined || value === '') return;
  if (!/^([01][0-9]|2[0-3]):[0-5][0-9]$/.test(value)) throw badRequest(`${member} must be a time of day such as 07:30`);
}

function checkWebUrl(value: string | undefined): void {
  if (value === undefined || value === '') return;
  if (URL.parse(value)?.protocol !== 'https:') throw badRequest('CampaignHook.WebUrl must be an https URL');
}

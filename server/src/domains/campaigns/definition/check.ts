/** Everything of a definition that is right or wrong in itself, without a look at anything else. */
import { badRequest } from '../../../kernel/errors.ts';
import type { CampaignDefinition } from '../campaign.ts';
import { checkHook } from './hook.ts';
import { type Draft, schedulesOf } from './merge.ts';
import { checkSchedule } from './schedule.ts';
import { checkLimits } from './settings.ts';
import { checkTreatments } from './treatments.ts';

/** @param before what an update is about @throws BadRequestException that names the member */
export function checkDefinition(
  definition: Draft,
  { now, before }: { readonly now: Date; readonly before?: CampaignDefinition },
): void {
  const known = new Set(
    before === undefined
      ? []
      : schedulesOf(before).flatMap(([, { StartTime, EndTime }]) => [
          StartTime,
          ...(EndTime === undefined ? [] : [EndTime]),
        ]),
  );
  for (const [place, schedule] of schedulesOf(definition)) checkSchedule(schedule, { place, now, known });
  checkTreatments(definition);
  checkLimits(definition.Limits);
  checkHook(definition.Hook);
  const { Priority } = definition;
  if (Priority !== undefined && (Priority < 1 || Priority > 5)) throw badRequest('Priority must be from 1 to 5');
}

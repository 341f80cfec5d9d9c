/** What a campaign becomes by a request: member by member, nested objects as a whole (dossier/messaging §1.2). */
import type { Schedule, WriteCampaignRequest } from '../../../contract/pinpoint-types.ts';
import { badRequest } from '../../../kernel/errors.ts';
import type { CampaignDefinition } from '../campaign.ts';
import { isHook } from './hook.ts';

/** A definition whose segment is not looked up yet. */
export interface Draft extends Omit<CampaignDefinition, 'SegmentVersion'> {
  /** The newest where there is none. */
  readonly SegmentVersion?: number;
}

/**
 * @param before what an update is about: what the request does not say stays, what it says with null is taken away, as
 *   is an object or list without a member
 * @throws BadRequestException for a campaign without what it must have
 */
export function mergeRequest(
  { tags: _tags, IsPaused: _paused, ...request }: WriteCampaignRequest,
  before?: CampaignDefinition,
  nullMembers: readonly string[] = [],
): Draft {
  const { SegmentVersion: version, ...kept } = before ?? {};
  const sameSegment = request.SegmentId === undefined || request.SegmentId === before?.SegmentId;
  const merged: Partial<Draft> = {
    ...kept,
    ...(sameSegment && version !== undefined && { SegmentVersion: version }),
    ...request,
  };
  const members = Object.entries(merged).filter(([name, value]) => !nullMembers.includes(name) && !isEmpty(value));
  return withoutNothings(requireMembers(Object.fromEntries(members)));
}

/** Empty texts are how consoles say none: a hook without anybody to call and a quiet time without bounds are not there. */
function withoutNothings({ Hook, Schedule: schedule, ...draft }: Draft): Draft {
  const treatments = draft.AdditionalTreatments?.map((treatment) =>
    treatment.Schedule === undefined
      ? treatment
      : { ...treatment, Schedule: withoutEmptyQuietTime(treatment.Schedule) },
  );
  return {
    ...draft,
    ...(Hook !== undefined && isHook(Hook) && { Hook }),
    Schedule: withoutEmptyQuietTime(schedule),
    ...(treatments !== undefined && { AdditionalTreatments: treatments }),
  };
}

function withoutEmptyQuietTime({ QuietTime, ...schedule }: Schedule): Schedule {
  const { Start = '', End = '' } = QuietTime ?? {};
  return { ...schedule, ...(QuietTime !== undefined && (Start !== '' || End !== '') && { QuietTime }) };
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function requireMembers(draft: Partial<Draft>): Draft {
  const { Name, SegmentId, Schedule } = draft;
  if (Name === undefined || Name === '') throw missing('Name');
  if (SegmentId === undefined || SegmentId === '') throw missing('SegmentId');
  if (Schedule === undefined) throw missing('Schedule.StartTime');
  return { ...draft, Name, SegmentId, Schedule };
}

function missing(member: string) {
  return badRequest(`${member} is required`);
}

/** All schedules of a definition, with where they stand. */
export function schedulesOf(definition: Pick<Draft, 'Schedule' | 'AdditionalTreatments'>): [string, Schedule][] {
  const treatments = (definition.AdditionalTreatments ?? []).flatMap(({ Schedule: schedule }, index) =>
    schedule === undefined ? [] : [[`AdditionalTreatments[${index}].Schedule`, schedule] as [string, Schedule]],
  );
  return [['Schedule', definition.Schedule], ...treatments];
}

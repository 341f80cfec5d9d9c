/** When the runs of a campaign would be: its next slot, or the moment that is rehearsed; by local time an hour for each zone. Pure. */
import { remembering } from '../../../kernel/remembering.ts';
import { type CampaignDefinition, type Treatment, treatmentsOf } from '../campaign.ts';
import { isLocalTime, isTimeZone, type LocalSlot, sliceZones } from '../schedule/local-time.ts';
import { type PlannedSchedule, planDue, planSchedule } from '../schedule/plan.ts';
import { isWindow, type Timing, wallClockOf } from '../schedule/slots.ts';

/** Treatments that share a schedule, and so a run. */
export interface RehearsedRun {
  readonly treatments: readonly Treatment[];
  readonly at: Date;
  readonly local: LocalSlot | undefined;
}

export interface Wanted {
  readonly now: Date;
  /** The moment that is rehearsed, where one is named. */
  readonly at: Date | undefined;
  /** Of a campaign that is stored as it is rehearsed. */
  readonly schedules: readonly PlannedSchedule[];
}

export function rehearsedRuns(definition: CampaignDefinition, wanted: Wanted): RehearsedRun[] {
  const treatments = treatmentsOf(definition);
  const shared = treatments.filter(({ hasOwnSchedule }) => !hasOwnSchedule);
  const own = treatments.filter(({ hasOwnSchedule }) => hasOwnSchedule);
  const { MaximumDuration: maximumDuration } = definition.Limits ?? {};
  return [shared, ...own.map((each) => [each])].map((group) => {
    const { id, schedule } = group[0] as Treatment;
    return { treatments: group, ...momentOf(id, schedule, maximumDuration, wanted) };
  });
}

function momentOf(
  treatmentId: string,
  schedule: Timing,
  maximumDuration: number | undefined,
  { now, at, schedules }: Wanted,
): Pick<RehearsedRun, 'at' | 'local'> {
  if (at !== undefined) return momentAt(schedule, at, now);
  const known = schedules.find((each) => each.treatmentId === treatmentId);
  const planned = known ?? planSchedule(treatmentId, schedule, undefined, now);
  if (isWindow(schedule)) return { at: latest(planned.anchor, now), local: undefined };
  if (planned.nextRunAt === null) return momentAt(schedule, now, now);
  const made = latest(planned.nextRunAt, now);
  const { run } = planDue(planned, made, { isPaused: false, maximumDuration });
  if (run === undefined) return momentAt(schedule, now, now);
  return { at: latest(run.slot, now), local: run.local };
}

/** As if this were a slot, of a campaign that is made now. */
function momentAt(schedule: Timing, at: Date, now: Date): Pick<RehearsedRun, 'at' | 'local'> {
  if (!isLocalTime(schedule)) return { at, local: undefined };
  return { at, local: { wallClock: wallClockOf(schedule, at), from: now, madeAt: now } };
}

function latest(one: Date, other: Date): Date {
  return one > other ? one : other;
}

export type ZoneMoment = Date | 'ENDPOINT_MISSING_TIMEZONE' | 'ENDPOINT_TIMEZONE_MISMATCH';

/** When the run comes to an endpoint of this zone, or why it never does. */
export function zoneMoments({
  at,
  local,
}: Pick<RehearsedRun, 'at' | 'local'>): (zone: string | undefined) => ZoneMoment {
  if (local === undefined) return () => at;
  const of = remembering<ZoneMoment>(2_000, (zone) => {
    const [slice] = sliceZones([zone], local).slices;
    if (slice !== undefined) return slice.at;
    return isTimeZone(zone) ? 'ENDPOINT_TIMEZONE_MISMATCH' : 'ENDPOINT_MISSING_TIMEZONE';
  });
  return (zone) => (zone === undefined ? 'ENDPOINT_MISSING_TIMEZONE' : of(zone));
}

/** Quiet time (dossier/messaging §1.6): when a recipient is left alone. Pure. */
import type { QuietTime } from '../../../contract/pinpoint-types.ts';
import { remembering } from '../../../kernel/remembering.ts';
import { minuteOfDayIn } from './local-time.ts';

/**
 * Both bounds belong to it, to the minute; Start behind End is over midnight; equal ones are none. Who has no valid time
 * zone is never left alone (§1.6).
 */
export function isQuiet(quietTime: QuietTime | undefined, timeZone: string | undefined, now: Date): boolean {
  if (quietTime?.Start === undefined || quietTime.End === undefined || timeZone === undefined) return false;
  const [start, end] = [minuteOf(quietTime.Start), minuteOf(quietTime.End)];
  if (start === end || Number.isNaN(start) || Number.isNaN(end)) return false;
  const shown = minuteOfDayIn(timeZone, now);
  if (shown === undefined) return false;
  return start < end ? shown >= start && shown <= end : shown >= start || shown <= end;
}

/** `HH:MM`, 24 hours; NaN for what is none. */
const minuteOf = remembering(2_000, (text) => {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return Number(hours) * 60 + Number(minutes);
});

/** When an endpoint's own clock shows a moment. Pure. */
import { DateTime, IANAZone } from 'luxon';

const zones = new Map<string, boolean>();
const mostZones = 1_000;

/** Day of the week (1 is Monday) and hour, such as `1 17`; in UTC where nobody knows the zone. @param at milliseconds */
export function localHour(at: number, zone: string): string {
  let valid = zones.get(zone);
  if (valid === undefined) {
    valid = IANAZone.isValidZone(zone);
    if (zones.size < mostZones) zones.set(zone, valid);
  }
  const local = DateTime.fromMillis(at, { zone: valid ? zone : 'UTC' });
  return `${local.weekday} ${local.hour}`;
}

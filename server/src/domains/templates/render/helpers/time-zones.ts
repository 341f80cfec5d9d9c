/** Names of time zones → zones. */
import { FixedOffsetZone, type Zone } from 'luxon';
import { findTimeZone } from '../../../../kernel/time-zone.ts';

const mostKnown = 1_000;
/** Names come from data too, so what is remembered of them is bounded. */
const known = new Map<string, Zone | undefined>();

/** `America/Los_Angeles`, `utc`, `GMT+2`, `UTC+05:45`; undefined for what is no zone. */
export function zoneOf(name: string): Zone | undefined {
  if (known.has(name)) return known.get(name);
  if (name.length > 64) return undefined;
  const zone = findZone(name);
  if (known.size >= mostKnown) known.clear();
  known.set(name, zone);
  return zone;
}

function findZone(name: string): Zone | undefined {
  const offset = /^(?:UTC|GMT)([+-]\d{1,2}(?::?\d{2})?)$/i.exec(name)?.[1];
  if (offset !== undefined) {
    const [, sign, hours, minutes = '0'] = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(offset) as RegExpExecArray;
    const total = Number(hours) * 60 + Number(minutes);
    return total > 18 * 60 ? undefined : FixedOffsetZone.instance(sign === '-' ? -total : total);
  }
  if (/^(?:utc|gmt|z)$/i.test(name)) return FixedOffsetZone.utcInstance;
  return findTimeZone(name);
}

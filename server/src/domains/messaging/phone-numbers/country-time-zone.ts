/** The time zone of a country, where it has one time. */
import { DateTime, IANAZone } from 'luxon';

/** Part of ECMA-402 that TypeScript's library does not declare yet. */
interface LocaleWithTimeZones extends Intl.Locale {
  getTimeZones(): string[] | undefined;
}

/** Undefined for a country whose zones differ in January or in July: a number does not tell which of them it is in. */
export function timeZoneOfCountry(country: string, now: Date): string | undefined {
  const zones = (new Intl.Locale(`und-${country}`) as LocaleWithTimeZones).getTimeZones() ?? [];
  const year = DateTime.fromJSDate(now, { zone: 'utc' }).year;
  const times = new Set(zones.map((zone) => `${offset(zone, year, 1)} ${offset(zone, year, 7)}`));
  return times.size === 1 ? zones[0] : undefined;
}

function offset(zone: string, year: number, month: number): number {
  return IANAZone.create(zone).offset(DateTime.utc(year, month, 1).toMillis());
}

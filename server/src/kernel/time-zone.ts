/** Names of the tz database → zones. Names come from data too, so what is remembered of them is bounded. */
import { IANAZone } from 'luxon';

/**
 * In one spelling, because luxon remembers every spelling that it is asked for.
 * @returns undefined for what the tz database does not know; offsets (`+02:00`) are no names
 */
export function findTimeZone(name: string): IANAZone | undefined {
  if (!/^[A-Za-z]/.test(name) || name.length > longestName) return undefined;
  try {
    return IANAZone.create(new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone);
  } catch {
    // Intl has no other way to say that it does not know a zone.
    return undefined;
  }
}

/** Far beyond the longest that there is. */
const longestName = 64;

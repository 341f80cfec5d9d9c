/** Phone numbers and sender ids of SMS and voice. The full metadata of the library: 2 MB of memory, loaded once. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { remembering } from '../../../kernel/remembering.ts';

/**
 * The number in E.164, `+4915112345678`, however it was spelt. A missing `+` is forgiven where the digits are a number in
 * use; a missing country code is not. Undefined when no telephone network could have such a number.
 */
export function toE164(number: string): string | undefined {
  return read(number).number;
}

/** ISO 3166-1 alpha-2: `iso_country_code` of events. Undefined for numbers of no country (satellites) and unknown ones. */
export function countryOfNumber(number: string): string | undefined {
  return read(number).country;
}

interface ReadNumber {
  readonly number?: string;
  readonly country?: string | undefined;
}

/** A message asks for number and country, and for the number that it comes from, which is that of others as well. */
const read = remembering(20_000, (number: string): ReadNumber => {
  const trimmed = number.trim();
  const hasPlus = trimmed.startsWith('+');
  const parsed = parsePhoneNumberFromString(hasPlus ? trimmed : `+${trimmed}`);
  if (parsed === undefined || parsed.ext !== undefined) return {};
  return (hasPlus ? parsed.isPossible() : parsed.isValid()) ? { number: parsed.number, country: parsed.country } : {};
});

/** Short codes have 3 to 8 digits and no country code. */
export function isShortCode(number: string): boolean {
  return /^[0-9]{3,8}$/.test(number);
}

/** 1 to 11 letters and digits with at least one letter, no spaces (dossier/messaging §9.1). */
export function isSenderId(text: string): boolean {
  return /^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/.test(text);
}

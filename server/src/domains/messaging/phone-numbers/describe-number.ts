/** A phone number in Pinpoint's words, out of the numbering plans of libphonenumber. */
import { isSupportedCountry, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { NumberValidateResponse } from '../../../contract/pinpoint-types.ts';
import { timeZoneOfCountry } from './country-time-zone.ts';

const phoneTypes = { MOBILE: 0, LANDLINE: 1, VOIP: 2, INVALID: 3, OTHER: 4, PREPAID: 5 } as const;
type PhoneType = keyof typeof phoneTypes;

/**
 * @param country where a number without country code belongs to; one that libphonenumber does not know is passed over
 * @param now which offsets of time zones are compared
 */
export function describeNumber(text: string, country: string | undefined, now: Date): NumberValidateResponse {
  const number = parse(text, country);
  const type = number === undefined ? 'INVALID' : typeOf(number);
  return {
    PhoneType: type,
    PhoneTypeCode: phoneTypes[type],
    ...(number !== undefined && describeParsed(number)),
    ...(number?.country !== undefined && type !== 'INVALID' && { Timezone: timeZoneOfCountry(number.country, now) }),
  };
}

function parse(text: string, country: string | undefined): PhoneNumber | undefined {
  const trimmed = text.trim();
  const hasCountry = country !== undefined && isSupportedCountry(country);
  const national = hasCountry ? parsePhoneNumberFromString(trimmed, country) : undefined;
  if (national?.isValid() === true || trimmed.startsWith('+')) return national ?? parsePhoneNumberFromString(trimmed);
  // Pinpoint's own examples write numbers with the country code and without the plus.
  const international = parsePhoneNumberFromString(`+${trimmed}`);
  return international?.isValid() === true || national === undefined ? international : national;
}

function describeParsed(number: PhoneNumber): NumberValidateResponse {
  return {
    CleansedPhoneNumberE164: number.number,
    CleansedPhoneNumberNational: number.nationalNumber,
    CountryCodeNumeric: number.countryCallingCode,
    ...(number.country !== undefined && {
      Country: new Intl.DisplayNames(['en'], { type: 'region' }).of(number.country),
      CountryCodeIso2: number.country,
    }),
  };
}

function typeOf(number: PhoneNumber): PhoneType {
  if (isReserved(number)) return 'OTHER';
  if (!number.isValid()) return 'INVALID';
  switch (number.getType()) {
    // North America does not tell them apart; those who ask want to know whether an SMS can be sent.
    case 'MOBILE':
    case 'FIXED_LINE_OR_MOBILE':
      return 'MOBILE';
    case 'FIXED_LINE':
      return 'LANDLINE';
    case 'VOIP':
      return 'VOIP';
    default:
      return 'OTHER';
  }
}

/** North America: the fictional exchange 555, and what has the form of a number in an area code nobody has. */
function isReserved(number: PhoneNumber): boolean {
  if (number.countryCallingCode !== '1') return false;
  const [, exchange] = /^[2-9][0-9]{2}([2-9][0-9]{2})[0-9]{4}$/.exec(number.nationalNumber) ?? [];
  return exchange === '555' || (exchange !== undefined && !number.isValid());
}

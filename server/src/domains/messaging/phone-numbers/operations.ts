/**
 * PhoneNumberValidate (dossier/messaging §7): what numbering plans tell of a number. Nothing is asked of a carrier, so
 * what only a carrier knows (Carrier, City, County, ZipCode, whether it is prepaid) is left out.
 */
import { badRequest } from '../../../kernel/errors.ts';
import type { Handlers } from '../../../operations/call.ts';
import { describeNumber } from './describe-number.ts';

export const phoneNumberOperations: Handlers<'PhoneNumberValidate'> = {
  async PhoneNumberValidate({ NumberValidateRequest: { PhoneNumber = '', IsoCountryCode } }, { now }) {
    if (PhoneNumber.trim() === '') throw badRequest('PhoneNumber is required');
    if (IsoCountryCode !== undefined && !/^[A-Za-z]{2}$/.test(IsoCountryCode)) {
      throw badRequest('IsoCountryCode must be a country code of two letters (ISO 3166-1 alpha-2)');
    }
    return {
      ...describeNumber(PhoneNumber, IsoCountryCode?.toUpperCase(), now),
      OriginalPhoneNumber: PhoneNumber,
      ...(IsoCountryCode !== undefined && { OriginalCountryCodeIso2: IsoCountryCode }),
    };
  },
};

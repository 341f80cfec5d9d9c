/** What may be asked of SendOTPMessage: limits and defaults of dossier/messaging §6. */
import type { SendOTPMessageRequestParameters } from '../../../contract/pinpoint-types.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { type OtpLanguage, otpLanguages } from './texts.ts';

export interface OtpRequest {
  readonly destination: string;
  /** E.164 number, short code or sender id. */
  readonly origination: string;
  readonly referenceId: string;
  readonly brandName: string;
  readonly codeLength: number;
  readonly validMinutes: number;
  readonly attempts: number;
  readonly language: OtpLanguage;
  readonly entityId: string | undefined;
  readonly templateId: string | undefined;
}

/** @throws BadRequestException naming the member */
export function readOtpRequest(given: SendOTPMessageRequestParameters): OtpRequest {
  if (given.Channel !== 'SMS') throw badRequest('Channel must be SMS');
  if (!/^\+[1-9][0-9]{6,14}$/.test(given.DestinationIdentity)) {
    throw badRequest('DestinationIdentity must be a phone number in E.164 format');
  }
  if (given.OriginationIdentity === '') throw badRequest('OriginationIdentity is required');
  return {
    destination: given.DestinationIdentity,
    origination: given.OriginationIdentity,
    referenceId: text('ReferenceId', given.ReferenceId, 48),
    brandName: text('BrandName', given.BrandName, 20),
    codeLength: wholeNumber('CodeLength', given.CodeLength ?? 6, 5, 8),
    validMinutes: wholeNumber('ValidityPeriod', given.ValidityPeriod ?? 15, 5, 60),
    attempts: wholeNumber('AllowedAttempts', given.AllowedAttempts ?? 3, 1, 5),
    language: readLanguage(given.Language ?? 'en-US'),
    entityId: given.EntityId,
    templateId: given.TemplateId,
  };
}

function text(member: string, value: string, longest: number): string {
  if (value.length < 1 || value.length > longest) throw badRequest(`${member} must have 1 to ${longest} characters`);
  return value;
}

function wholeNumber(member: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw badRequest(`${member} must be a whole number from ${least} to ${most}`);
  }
  return value;
}

function readLanguage(value: string): OtpLanguage {
  if (!Object.hasOwn(otpLanguages, value)) {
    throw badRequest(`Language must be one of ${Object.keys(otpLanguages).join(', ')}`);
  }
  return value as OtpLanguage;
}

/** Headers that a caller adds to an e-mail (dossier/messaging §12): in templates, campaigns and direct sends alike. */
import type { MessageHeader } from '../../contract/pinpoint-types.ts';
import { badRequest } from '../../kernel/errors.ts';

const maximumHeaders = 15;
const maximumNameLength = 126;
/** Of a value as it leaves: with its variables filled in. */
export const maximumHeaderValueLength = 870;

/** Those that a mail has anyway, and those that say how it is to be read. */
const ownHeaders = new Set([
  'from',
  'to',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'dkim-signature',
  'return-path',
]);

/**
 * @param place of the list, for the refusal: `EmailMessage.SimpleEmail.Headers`
 * @throws BadRequestException
 */
export function checkEmailHeaders(headers: readonly MessageHeader[], place: string): void {
  if (headers.length > maximumHeaders) throw badRequest(`${place} may have at most ${maximumHeaders} elements`);
  for (const [index, { Name, Value }] of headers.entries()) {
    checkName(Name, `${place}[${index}].Name`);
    checkValue(Value, `${place}[${index}].Value`);
  }
}

function checkName(name: string | undefined, place: string): void {
  if (name === undefined || name === '') throw badRequest(`${place} is missing`);
  if (name.length > maximumNameLength) throw badRequest(`${place} must have at most ${maximumNameLength} characters`);
  // RFC 5322 §3.6.8: printable US-ASCII but the colon. It keeps line breaks out as well.
  if (!/^[!-9;-~]+$/.test(name)) throw badRequest(`${place} holds a character that the name of a header cannot have`);
  if (ownHeaders.has(name.toLowerCase())) throw badRequest(`${place} names a header that every message has already`);
}

function checkValue(value: string | undefined, place: string): void {
  if (value === undefined) throw badRequest(`${place} is missing`);
  if (/[\r\n]/.test(value)) throw badRequest(`${place} must not hold line breaks`);
  // With variables in it, only the send knows how long it becomes.
  if (value.length > maximumHeaderValueLength && !value.includes('{{')) {
    throw badRequest(`${place} must have at most ${maximumHeaderValueLength} characters`);
  }
}

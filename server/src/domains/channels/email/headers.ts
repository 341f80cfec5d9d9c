/** Headers of the caller (dossier/messaging §12): few, short, none that a mail has anyway, none that break a line. */
import type { EmailHeader } from '../message.ts';
import { refuseLineBreaks } from './addresses.ts';
import { formatHeader } from './encoded-words.ts';
import { EmailRefused } from './refused.ts';

const maximumHeaders = 15;
const maximumName = 126;
const maximumValue = 870;

/**
 * Those of dossier/messaging §12; with them the one that would make the body unreadable, and the one that tells
 * everybody who else was written to.
 */
const reserved = new Set([
  ...['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'content-type', 'dkim-signature', 'return-path'],
  ...['content-transfer-encoding', 'bcc'],
]);

/**
 * Lines with CRLF.
 * @param hasReplyTo the mail names its Reply-To elsewhere
 * @throws EmailRefused
 */
export function formatHeaders(headers: readonly EmailHeader[], hasReplyTo: boolean): string {
  if (headers.length > maximumHeaders) throw new EmailRefused(`Headers must be at most ${maximumHeaders}`);
  return headers
    .map((header) => {
      checkHeader(header, hasReplyTo);
      return `${formatHeader(header.name, header.value)}\r\n`;
    })
    .join('');
}

function checkHeader({ name, value }: EmailHeader, hasReplyTo: boolean): void {
  if (!/^[!-9;-~]+$/.test(name) || name.length > maximumName) {
    throw new EmailRefused(`Names of Headers must be 1 to ${maximumName} printable ASCII characters without colon`);
  }
  refuseLineBreaks(value, 'Values of Headers');
  if (value.includes('\0')) throw new EmailRefused('Values of Headers must not contain NUL');
  if (value.length > maximumValue)
    throw new EmailRefused(`Values of Headers must be at most ${maximumValue} characters`);
  const known = name.toLowerCase();
  if (reserved.has(known)) throw new EmailRefused('Headers must not name a header that the mail has anyway');
  if (known === 'reply-to' && hasReplyTo)
    throw new EmailRefused('Headers must not name Reply-To beside ReplyToAddresses');
}

/** A message as commands and bytes for one server: composed for what it offers, signed, dot-stuffed. */
import type { Clock } from '../../../../kernel/clock.ts';
import { type ComposeEmail, createComposer } from '../../email/compose.ts';
import type { ComposedEmail } from '../../email/composed.ts';
import { createSigner } from '../../email/dkim.ts';
import { EmailRefused } from '../../email/refused.ts';
import type { OutgoingMessage } from '../../message.ts';
import type { Extensions } from './session.ts';
import type { SmtpSettings } from './settings.ts';

export interface PreparedMail {
  readonly messageId: string;
  /** MAIL and RCPT, each with its line end. */
  readonly commands: readonly [string, string];
  /** With the final dot. */
  readonly content: readonly (Buffer | string)[];
}

/** @throws EmailRefused */
export type PrepareMail = (message: OutgoingMessage, extensions: Extensions) => Promise<PreparedMail>;

export function createPreparer(settings: SmtpSettings, clock: Clock): PrepareMail {
  const compose: ComposeEmail = createComposer();
  const sign = settings.dkim && createSigner(settings.dkim);
  return async (message, extensions) => {
    const now = clock.now();
    // A signature must survive servers that turn 8 bits into 7 on the way (RFC 6376 §5.3).
    const eightBit = extensions.eightBit && sign === undefined;
    const mail = compose(message, { now, eightBit, returnPath: settings.returnPath });
    const bytes = sign === undefined ? mail.bytes : await sign(mail.bytes, now);
    if (mail.international && !extensions.utf8) {
      throw new EmailRefused('The mail server does not take addresses that are not ASCII');
    }
    if (extensions.maximumSize !== undefined && bytes.length > extensions.maximumSize) {
      throw new EmailRefused(`The mail server takes mails up to ${extensions.maximumSize} bytes`, 413);
    }
    return {
      messageId: mail.messageId,
      commands: [
        `MAIL FROM:<${mail.envelope.from}>${parameters(mail, bytes.length, extensions)}\r\n`,
        `RCPT TO:<${mail.envelope.to}>\r\n`,
      ],
      content: [...stuffDots(bytes), '.\r\n'],
    };
  };
}

function parameters(mail: ComposedEmail, size: number, extensions: Extensions): string {
  const isUtf8 = extensions.utf8 && (mail.international || mail.headerIsUtf8);
  return [
    extensions.maximumSize === undefined ? '' : ` SIZE=${size}`,
    extensions.eightBit && (mail.eightBit || isUtf8) ? ' BODY=8BITMIME' : '',
    isUtf8 ? ' SMTPUTF8' : '',
  ].join('');
}

/** RFC 5321 §4.5.2. The pieces are views of the mail. */
export function stuffDots(mail: Buffer): (Buffer | string)[] {
  const pieces: (Buffer | string)[] = mail[0] === 0x2e ? ['.'] : [];
  let begin = 0;
  for (let found = mail.indexOf('\r\n.'); found !== -1; found = mail.indexOf('\r\n.', found + 2)) {
    pieces.push(mail.subarray(begin, found + 2), '.');
    begin = found + 2;
  }
  pieces.push(mail.subarray(begin));
  return pieces;
}

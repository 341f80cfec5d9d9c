/**
 * From a rendered message to the bytes of a mail. What is common to many recipients (sender, reply addresses, subject,
 * an unchanged body, the parts of a raw mail) is encoded once.
 */
import { remembering } from '../../../kernel/remembering.ts';
import type { OutgoingMessage } from '../message.ts';
import { formatMailbox, readAddress, readMailbox } from './addresses.ts';
import {
  type ComposedEmail,
  type ComposeOptions,
  type MailParts,
  maximumEmailBytes,
  mostRemembered,
  tooLarge,
} from './composed.ts';
import { createContentComposer } from './content.ts';
import { createRawComposer } from './raw.ts';
import { EmailRefused } from './refused.ts';

/** @throws EmailRefused */
export type ComposeEmail = (message: OutgoingMessage, options: ComposeOptions) => ComposedEmail;

/** One for each driver: it remembers what the last messages had in common. */
export function createComposer(): ComposeEmail {
  const readSender = remembering(mostRemembered, (text: string) => {
    const from = readMailbox(text, 'FromAddress');
    return { from, fromHeader: `From: ${formatMailbox(from)}\r\n` };
  });
  const readReturnPath = remembering(mostRemembered, (text: string) => readAddress(text, 'FeedbackForwardingAddress'));
  const composeContent = createContentComposer();
  const composeRaw = createRawComposer();
  return (message, options) => {
    const { content } = message;
    if (content.kind !== 'email' && content.kind !== 'raw email') {
      throw new EmailRefused('The message is not an e-mail');
    }
    const { from, fromHeader } = readSender(content.from);
    const to = readAddress(message.address, 'The address');
    const returnPath = content.returnPath ?? options.returnPath;
    const sender = returnPath === undefined ? from.address : readReturnPath(returnPath);
    const parts: MailParts = {
      ...{ key: message.key, from, fromHeader, to, envelope: { from: sender.text, to: to.text } },
      international: to.international || from.address.international || sender.international,
    };
    const mail =
      content.kind === 'email' ? composeContent(parts, content, options) : composeRaw(parts, content, options);
    if (mail.bytes.length > maximumEmailBytes) throw tooLarge();
    return mail;
  };
}

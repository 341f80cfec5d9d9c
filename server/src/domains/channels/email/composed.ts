/** What composing is asked for and what it gives, whatever the content. */
import type { Address, Mailbox } from './addresses.ts';
import { EmailRefused } from './refused.ts';

/** Of a mail as it leaves, attachments included (dossier/messaging §12). */
export const maximumEmailBytes = 10 * 1024 * 1024;

/** Senders, subjects, reply addresses that come again and again. */
export const mostRemembered = 256;

export interface ComposedEmail {
  /** Lines end with CRLF, the last one too. Not dot-stuffed. */
  readonly bytes: Buffer;
  /** Without angle brackets. */
  readonly messageId: string;
  readonly envelope: Envelope;
  /** Of From, as it stands in the mail. */
  readonly from: string;
  /** Bytes above 127 in the body: needs 8BITMIME. */
  readonly eightBit: boolean;
  /** Addresses that need SMTPUTF8. */
  readonly international: boolean;
  /** The caller's own header holds UTF-8: SMTPUTF8 is said where it is offered. */
  readonly headerIsUtf8: boolean;
}

export interface Envelope {
  readonly from: string;
  readonly to: string;
}

export interface ComposeOptions {
  /** Of the Date header. */
  readonly now: Date;
  /** The next server takes 8-bit bodies. */
  readonly eightBit: boolean;
  /** Envelope sender of messages that name none. */
  readonly returnPath?: string | undefined;
}

/** What a mail is made of besides its body: read from the message, checked. */
export interface MailParts {
  readonly key: string;
  readonly from: Mailbox;
  /** With its line end. */
  readonly fromHeader: string;
  readonly to: Address;
  readonly envelope: Envelope;
  readonly international: boolean;
}

/** @throws EmailRefused */
export type Compose<Content> = (parts: MailParts, content: Content, options: ComposeOptions) => ComposedEmail;

/** RFC 5322 §3.3; toUTCString writes the obsolete zone name. */
export function formatDate(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}

export function tooLarge(): EmailRefused {
  return new EmailRefused(`The mail is larger than ${maximumEmailBytes} bytes`, 413);
}

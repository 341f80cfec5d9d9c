/**
 * Addresses of e-mail as they stand in headers and envelopes (RFC 5322, 5321, 6531): IDN domains become punycode, local
 * parts stay as they were written.
 */
import { domainToASCII } from 'node:url';
import parseAddressList from 'nodemailer/lib/addressparser';
import { encodePhrase } from './encoded-words.ts';
import { EmailRefused } from './refused.ts';

export interface Address {
  /** `local@domain`; the domain in ASCII. */
  readonly text: string;
  readonly domain: string;
  /** The local part is not ASCII: only servers with SMTPUTF8 take it. */
  readonly international: boolean;
}

export interface Mailbox {
  readonly name: string;
  readonly address: Address;
}

/** Dots more freely than RFC 5321 has them: Japanese carriers gave out addresses with two in a row. */
const dotAtom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\u0080-\u{10ffff}-]+$/u;
const quotedString = /^"(?:[^"\\\p{C}]|\\[ -~])*"$/u;
const hostName = /^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)*$/;
const addressLiteral = /^\[(?:IPv6:)?[0-9A-Fa-f:.]+\]$/;
/** Controls, separators and lone surrogates: no address holds them, and `domainToASCII` silently drops some. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}\u00a0\u3000]/u;

/**
 * An address without a name.
 * @param member whose it is, for the refusal
 * @throws EmailRefused
 */
export function readAddress(text: string, member: string): Address {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const domain = asciiDomain(text.slice(at + 1));
  const isLocal = (dotAtom.test(local) || quotedString.test(local)) && !unprintable.test(text);
  if (!isLocal || domain === undefined || Buffer.byteLength(local) > 64 || local.length + domain.length > 253) {
    throw new EmailRefused(`${member} is not a valid e-mail address`);
  }
  return { text: `${local}@${domain}`, domain, international: /[^ -~]/.test(local) };
}

/**
 * `address` or `Name <address>`.
 * @throws EmailRefused
 */
export function readMailbox(text: string, member: string): Mailbox {
  refuseLineBreaks(text, member);
  const [first, ...others] = parseAddressList(text);
  if (first === undefined || others.length > 0 || first.address === undefined) {
    throw new EmailRefused(`${member} is not a single e-mail address`);
  }
  return { name: first.name, address: readAddress(first.address, member) };
}

/** As it stands in From and Reply-To. */
export function formatMailbox({ name, address }: Mailbox): string {
  if (name === '') return address.text;
  const phrase = encodePhrase(name);
  // Lines with encoded words are short (RFC 2047 §2).
  return `${phrase}${phrase.includes('=?') ? '\r\n' : ''} <${address.text}>`;
}

/** A line break that reached a header would let the caller write headers of their own. @throws EmailRefused */
export function refuseLineBreaks(text: string, member: string): void {
  if (/[\r\n]/.test(text)) throw new EmailRefused(`${member} must not contain line breaks`);
}

function asciiDomain(domain: string): string | undefined {
  const ascii = /[^ -~]/.test(domain) ? domainToASCII(domain) : domain;
  return hostName.test(ascii) || addressLiteral.test(ascii) ? ascii : undefined;
}

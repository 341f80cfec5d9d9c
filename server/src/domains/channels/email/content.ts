/** A mail from its rendered parts: header, and text, HTML or both as alternatives. */
import { remembering } from '../../../kernel/remembering.ts';
import type { EmailContent } from '../message.ts';
import { formatMailbox, readMailbox, refuseLineBreaks } from './addresses.ts';
import { type Compose, formatDate, maximumEmailBytes, mostRemembered, tooLarge } from './composed.ts';
import { formatHeader } from './encoded-words.ts';
import { formatHeaders } from './headers.ts';
import { type EncodedBody, encodeBody } from './transfer-encoding.ts';

export function createContentComposer(): Compose<EmailContent> {
  const formatReplyTo = remembering(mostRemembered, replyToHeader);
  const formatSubject = remembering(mostRemembered, subjectHeader);
  const encodeText = createBodyEncoder();
  const encodeHtml = createBodyEncoder();
  return (parts, content, { now, eightBit }) => {
    const { text, html, replyTo } = content;
    if ((text?.length ?? 0) + (html?.length ?? 0) > maximumEmailBytes) throw tooLarge();
    const bodies: Part[] = [];
    if (text !== undefined || html === undefined) bodies.push(toPart('plain', encodeText(text ?? '', eightBit)));
    if (html !== undefined) bodies.push(toPart('html', encodeHtml(html, eightBit)));
    const messageId = `${parts.key}@${parts.from.address.domain}`;
    const header = [
      parts.fromHeader,
      `To: ${parts.to.text}\r\n`,
      replyTo.length === 0
        ? ''
        : formatReplyTo(replyTo.map((address) => withoutBreaks(address, 'ReplyToAddresses')).join('\n')),
      formatSubject(content.subject),
      `Date: ${formatDate(now)}\r\nMessage-ID: <${messageId}>\r\nMIME-Version: 1.0\r\n`,
      formatHeaders(content.headers, replyTo.length > 0),
    ].join('');
    return {
      ...{ messageId, envelope: parts.envelope, from: parts.from.address.text },
      bytes: joinParts(header, bodies, `=_${parts.key}`),
      eightBit: bodies.some(({ body }) => body.encoding === '8bit'),
      headerIsUtf8: false,
      // An address of Reply-To may be international as well.
      international: parts.international || /[^ -~\r\n]/.test(header),
    };
  };
}

interface Part {
  readonly header: string;
  readonly body: EncodedBody;
}

function toPart(subtype: 'plain' | 'html', body: EncodedBody): Part {
  const type = `Content-Type: text/${subtype}; charset=utf-8\r\n`;
  return { header: `${type}Content-Transfer-Encoding: ${body.encoding}\r\n\r\n`, body };
}

/** The boundary holds a key that nobody could know when the body was written. */
function joinParts(header: string, bodies: readonly Part[], boundary: string): Buffer {
  const [first, second] = bodies as readonly [Part, Part?];
  const line = Buffer.from('\r\n');
  if (second === undefined) return Buffer.concat([Buffer.from(`${header}${first.header}`), first.body.bytes, line]);
  const type = `Content-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n`;
  return Buffer.concat([
    Buffer.from(`${header}${type}--${boundary}\r\n${first.header}`),
    first.body.bytes,
    Buffer.from(`\r\n--${boundary}\r\n${second.header}`),
    second.body.bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
}

/** The body of the last message is often the body of the next one. */
function createBodyEncoder(): (text: string, eightBit: boolean) => EncodedBody {
  let last: { readonly text: string; readonly eightBit: boolean; readonly body: EncodedBody } | undefined;
  return (text, eightBit) => {
    if (last === undefined || last.eightBit !== eightBit || last.text !== text) {
      last = { text, eightBit, body: encodeBody(text, eightBit) };
    }
    return last.body;
  };
}

/** @param list addresses, one a line */
function replyToHeader(list: string): string {
  const mailboxes = list.split('\n').map((address) => formatMailbox(readMailbox(address, 'ReplyToAddresses')));
  return `Reply-To: ${mailboxes.join(',\r\n ')}\r\n`;
}

function subjectHeader(subject: string): string {
  return `${formatHeader('Subject', withoutBreaks(subject, 'Subject'))}\r\n`;
}

function withoutBreaks(text: string, member: string): string {
  refuseLineBreaks(text, member);
  return text;
}

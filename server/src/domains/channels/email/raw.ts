/**
 * A whole MIME message of the caller (dossier/messaging §5.3): To is rewritten, Bcc removed, what a mail must have is
 * added where it is missing, all else stays byte for byte. Lone CR and LF become CRLF: SMTP knows no other line end, and
 * servers that disagree about them can be made to see a second mail.
 */
import type { RawEmailContent } from '../message.ts';
import { type Compose, formatDate, maximumEmailBytes, tooLarge } from './composed.ts';
import { fieldValue, type HeaderField, readHeaderBlock } from './header-block.ts';
import { EmailRefused } from './refused.ts';

/** The parts of a raw mail that every recipient gets. */
interface RawMail {
  readonly before: Buffer;
  /** Begins where To stands, ends with the body. */
  readonly after: Buffer;
  readonly names: ReadonlySet<string>;
  readonly messageId: string | undefined;
  readonly eightBit: boolean;
  readonly headerIsUtf8: boolean;
}

export function createRawComposer(): Compose<RawEmailContent> {
  const known = new WeakMap<Buffer, RawMail>();
  return (parts, { mime }, { now }) => {
    let raw = known.get(mime);
    if (raw === undefined) {
      if (mime.length > maximumEmailBytes) throw tooLarge();
      raw = readRawMail(mime);
      known.set(mime, raw);
    }
    const ownId = `${parts.key}@${parts.from.address.domain}`;
    const added = [
      `To: ${parts.to.text}\r\n`,
      raw.names.has('from') ? '' : parts.fromHeader,
      raw.names.has('date') ? '' : `Date: ${formatDate(now)}\r\n`,
      raw.names.has('message-id') ? '' : `Message-ID: <${ownId}>\r\n`,
    ].join('');
    return {
      bytes: Buffer.concat([raw.before, Buffer.from(added), raw.after]),
      messageId: raw.messageId ?? ownId,
      ...{ envelope: parts.envelope, from: parts.from.address.text, eightBit: raw.eightBit },
      ...{ international: parts.international, headerIsUtf8: raw.headerIsUtf8 },
    };
  };
}

function readRawMail(given: Buffer): RawMail {
  const block = readHeaderBlock(withCrlf(given));
  if (block === undefined) throw new EmailRefused('RawEmail does not begin with header fields');
  const { fields, body } = block;
  const place = fields.findIndex(({ name }) => name === 'to');
  const split = place === -1 ? fields.length : place;
  const kept = (list: readonly HeaderField[]) =>
    Buffer.concat(list.filter(({ name }) => name !== 'to' && name !== 'bcc').map(({ bytes }) => bytes));
  const header = [kept(fields.slice(0, split)), kept(fields.slice(split))] as const;
  const messageId = fields.find(({ name }) => name === 'message-id');
  const end = body.subarray(-2).equals(Buffer.from('\r\n')) ? '' : '\r\n';
  return {
    before: header[0],
    after: Buffer.concat([header[1], Buffer.from('\r\n'), body, Buffer.from(end)]),
    names: new Set(fields.map(({ name }) => name)),
    messageId: messageId === undefined ? undefined : /<([^<>\s]+)>/.exec(fieldValue(messageId))?.[1],
    eightBit: holdsHigh(body),
    headerIsUtf8: header.some(holdsHigh),
  };
}

function withCrlf(mime: Buffer): Buffer {
  const text = mime.toString('latin1');
  const ended = text.endsWith('\n') || text.endsWith('\r') ? text : `${text}\r\n`;
  return /\r(?!\n)|(?<!\r)\n/.test(ended) || ended !== text
    ? Buffer.from(ended.replace(/\r\n|\r|\n/g, '\r\n'), 'latin1')
    : mime;
}

function holdsHigh(bytes: Buffer): boolean {
  return bytes.some((byte) => byte > 127);
}

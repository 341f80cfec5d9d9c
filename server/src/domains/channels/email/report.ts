/**
 * Reports about mails that come as mails: delivery status (RFC 3464) and abuse (RFC 5965). Both are a multipart/report
 * (RFC 6522) of words for people, fields for machines, and the mail that it is about or its header.
 */
import type { EmailFeedback } from '../driver.ts';
import { fieldValue, type HeaderBlock, readHeaderBlock } from './header-block.ts';

/** Of each recipient that the report says has bounced or complained; nothing for what is no report. */
export function readReport(mail: Buffer, now: Date): EmailFeedback[] {
  const parts = readParts(mail);
  const machine = parts.find(({ type }) =>
    /^message\/(?:delivery-status|global-delivery-status|feedback-report)$/.test(type),
  );
  if (machine === undefined) return [];
  const messageId = messageIdOf(parts);
  const about = { ...(messageId !== undefined && { messageId }) };
  const groups = readGroups(machine.body);
  return machine.type === 'message/feedback-report'
    ? complaints(groups, parts, about, now)
    : bounces(groups.slice(1), about, now);
}

type Fields = ReadonlyMap<string, readonly string[]>;
type About = Pick<EmailFeedback, 'messageId'>;

interface Part {
  /** Lower case. */
  readonly type: string;
  /** Decoded. */
  readonly body: Buffer;
}

function bounces(recipients: readonly Fields[], about: About, now: Date): EmailFeedback[] {
  return recipients.flatMap((fields): EmailFeedback[] => {
    const first = (name: string) => fields.get(name)?.[0];
    const action = first('action')?.toLowerCase();
    // Delayed is no failure yet; delivered, relayed and expanded are none.
    if (action !== 'failed') return [];
    // The original is what we sent to; the final one is where a forwarding led.
    const address = addressOf(first('original-recipient') ?? first('final-recipient'));
    if (address === undefined) return [];
    const status = /^[245]\.[0-9]{1,3}\.[0-9]{1,3}/.exec(first('status') ?? '')?.[0];
    const diagnostic = first('diagnostic-code')?.replace(/^[^;]*;\s*/, '');
    return [
      {
        ...{ type: 'bounce', ...about, address, permanent: isPermanent(status) },
        ...{ detail: (diagnostic ?? status ?? '').slice(0, 1000), at: timeOf(first('last-attempt-date'), now) },
      },
    ];
  });
}

/** `failed` after days of trying has a 4.x.x, a full mailbox 5.2.2: another mail may arrive. */
function isPermanent(status: string | undefined): boolean {
  return status === undefined || (status.startsWith('5.') && !['5.2.2', '5.7.1', '5.7.0'].includes(status));
}

function complaints(groups: readonly Fields[], parts: readonly Part[], about: About, now: Date): EmailFeedback[] {
  const fields = groups[0] ?? new Map<string, readonly string[]>();
  const kind = fields.get('feedback-type')?.[0]?.toLowerCase() ?? '';
  // `not-spam` and `auth-failure` (RFC 6591) are no complaints of recipients.
  if (!['abuse', 'fraud', 'virus', 'other', 'opt-out'].includes(kind)) return [];
  const named = fields.get('original-rcpt-to') ?? [];
  const to = named.length > 0 ? named : [originalHeader(parts, 'to') ?? ''];
  const at = timeOf(fields.get('arrival-date')?.[0] ?? fields.get('received-date')?.[0], now);
  return to.flatMap((text): EmailFeedback[] => {
    const address = addressOf(text);
    return address === undefined ? [] : [{ type: 'complaint', ...about, address, permanent: false, detail: kind, at }];
  });
}

function messageIdOf(parts: readonly Part[]): string | undefined {
  return /<([^<>\s]+)>/.exec(originalHeader(parts, 'message-id') ?? '')?.[1];
}

/** Of the mail that the report is about. */
function originalHeader(parts: readonly Part[], name: string): string | undefined {
  const original = parts.find(({ type }) =>
    /^(?:message\/(?:rfc822|global)|text\/rfc822-headers|message\/global-headers)$/.test(type),
  );
  const field = original && readHeaderBlock(original.body)?.fields.find((found) => found.name === name);
  return field && fieldValue(field);
}

/** `rfc822;ana@example.org`, `Name <ana@example.org>`, with or without angle brackets. */
function addressOf(text: string | undefined): string | undefined {
  return /([^\s<>;,:"]+@[^\s<>;,:"]+)/.exec(text?.replace(/^[A-Za-z0-9-]+;\s*/, '') ?? '')?.[1];
}

function timeOf(text: string | undefined, now: Date): Date {
  const time = new Date(text ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? now : time;
}

/** Groups of fields with empty lines between them. */
function readGroups(body: Buffer): Fields[] {
  return body
    .toString('utf8')
    .split(/(?:\r?\n){2,}/)
    .flatMap((group) => {
      const block = readHeaderBlock(Buffer.from(`${group.trim()}\r\n\r\n`));
      return block === undefined ? [] : [toFields(block)];
    });
}

function toFields({ fields }: HeaderBlock): Fields {
  const found = new Map<string, string[]>();
  for (const field of fields) found.set(field.name, [...(found.get(field.name) ?? []), fieldValue(field)]);
  return found;
}

const maximumParts = 20;

/** The parts of the outermost multipart. */
function readParts(mail: Buffer): Part[] {
  const block = readHeaderBlock(mail);
  const type = block && contentType(block);
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type ?? '');
  if (block === undefined || boundary === null) return [];
  return split(block.body, boundary[1] ?? boundary[2] ?? '').flatMap((bytes) => {
    // A part may have no header of its own (RFC 2046 §5.1).
    const part = /^\r?\n/.test(bytes.toString('latin1', 0, 2)) ? undefined : readHeaderBlock(bytes);
    return part === undefined
      ? []
      : [{ type: (contentType(part) ?? '').replace(/;.*$/s, '').trim().toLowerCase(), body: decode(part) }];
  });
}

function contentType(block: HeaderBlock): string | undefined {
  return toFields(block).get('content-type')?.[0];
}

function split(body: Buffer, boundary: string): Buffer[] {
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  let begin: number | undefined;
  for (
    let at = body.indexOf(delimiter);
    at !== -1 && parts.length < maximumParts;
    at = body.indexOf(delimiter, at + 1)
  ) {
    if (at > 0 && body[at - 1] !== 0x0a) continue;
    if (begin !== undefined) parts.push(body.subarray(begin, at));
    const end = body.indexOf(0x0a, at);
    const isLast = body.toString('latin1', at + delimiter.length, at + delimiter.length + 2) === '--';
    if (isLast || end === -1) break;
    begin = end + 1;
  }
  return parts;
}

function decode(part: HeaderBlock): Buffer {
  const encoding = toFields(part).get('content-transfer-encoding')?.[0]?.toLowerCase();
  if (encoding === 'base64') return Buffer.from(part.body.toString('latin1'), 'base64');
  if (encoding !== 'quoted-printable') return part.body;
  const text = part.body.toString('latin1').replace(/=\r?\n/g, '');
  return Buffer.from(
    text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

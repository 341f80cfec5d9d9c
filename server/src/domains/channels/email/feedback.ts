/**
 * News of mails for deployments whose mail server tells nothing by itself: a small JSON form that any script can post,
 * and reports that arrive as mails at the return path (bounces: RFC 3464, complaints: RFC 5965).
 */
import { badRequest } from '../../../kernel/errors.ts';
import type { EmailFeedback, Receipt } from '../driver.ts';
import { required, type SettingsReader, settingsReader } from '../settings-reader.ts';
import { readAddress } from './addresses.ts';
import { EmailRefused } from './refused.ts';

export { readReport } from './report.ts';

const kinds = ['bounce', 'complaint', 'delivery'] as const;
const members = ['Type', 'Address', 'MessageId', 'Permanent', 'Detail', 'Timestamp'] as const;
const maximumEvents = 1000;

/**
 * `{"Events": [{"Type": "bounce", "Address": "…", "MessageId": "…", "Permanent": true, "Detail": "550 5.1.1", "Timestamp":
 * "2026-11-26T01:29:08Z"}]}`: Type and Address are required, MessageId for `delivery` as well. A bounce is permanent
 * unless it says otherwise.
 * @param now of events that carry no time
 * @throws BadRequestException that names the member and never quotes a value
 */
export function readFeedbackForm(body: Buffer, now: Date): (EmailFeedback | Receipt)[] {
  const { Events: events } = parse(body);
  if (!Array.isArray(events) || events.length === 0 || events.length > maximumEvents) {
    throw badRequest(`Events must be a list of 1 to ${maximumEvents}`);
  }
  return events.map((event: unknown, index) => {
    const path = `Events[${index}]`;
    if (typeof event !== 'object' || event === null) throw badRequest(`${path} must be an object`);
    const given = event as Readonly<Record<string, unknown>>;
    return readEvent(settingsReader(given, members, { path: `${path}.` }), path, now);
  });
}

function readEvent(read: SettingsReader<(typeof members)[number]>, path: string, now: Date): EmailFeedback | Receipt {
  const type = required(read.choice('Type', kinds), `${path}.Type`);
  const address = checkAddress(read.requiredText('Address'), `${path}.Address`);
  const messageId = read.text('MessageId')?.replace(/^<(.*)>$/, '$1');
  const permanent = read.flag('Permanent');
  const at = readTime(read.text('Timestamp'), `${path}.Timestamp`) ?? now;
  if (type === 'delivery') {
    const id = required(messageId, `${path}.MessageId`);
    return {
      type: 'receipt',
      channel: 'EMAIL',
      messageId: id,
      recordStatus: 'DELIVERED',
      delivered: true,
      final: true,
      at,
    };
  }
  return {
    ...{ type, address, at, detail: read.text('Detail') ?? '', ...(messageId !== undefined && { messageId }) },
    permanent: type === 'bounce' && permanent !== false,
  };
}

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badRequest('The body must be a JSON object');
}

function checkAddress(address: string, member: string): string {
  try {
    readAddress(address, member);
    return address;
  } catch (error) {
    if (error instanceof EmailRefused) throw badRequest(`${error.message}`);
    throw error;
  }
}

function readTime(text: string | undefined, member: string): Date | undefined {
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw badRequest(`${member} must be an ISO 8601 time`);
  return time;
}

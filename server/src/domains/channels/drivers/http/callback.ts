/**
 * What a gateway tells: receipts and inbound messages, in a form of ours, since a gateway of no known kind has none.
 *
 *     POST <callback address>
 *     <SignatureHeader>: hex of HMAC-SHA256 of the body under CallbackSecret (`sha256=` before it is allowed)
 *
 *     {"receipts": [{"id": "…", "status": "DELIVERED", "at": "2026-11-01T10:00:00Z", "channel": "SMS"}],
 *      "messages": [{"id": "…", "from": "+4915112345678", "to": "+12065550199", "body": "STOP", "at": "…"}]}
 *
 * `id` of a receipt is what stood at MessageIdPath, or else `{id}` of the request; `status` is a record_status of
 * Pinpoint's SMS events. `at` and `channel` may be left out, as may either list. 204 says that everything was stored, 400
 * that the form is wrong and nothing was taken; anything else: send it again.
 */
import type { CallbackAnswer, CallbackRequest, InboundMessage, ProviderNews, Receipt } from '../../driver.ts';
import { checkSignedBody } from '../../signed-body.ts';
import { isShortCode, toE164 } from '../../sms/numbers.ts';
import { isRecordStatus, meaningOf } from '../../sms/record-status.ts';
import type { HttpSettings } from './settings.ts';

/** Names what is wrong with the form, and quotes nothing. */
class WrongForm extends Error {}

const mostNews = 1_000;
const longestText = 10_000;

/** @throws CallbackRefused */
export function readHttpCallback(settings: HttpSettings, request: CallbackRequest, now: Date): CallbackAnswer {
  checkSignedBody(settings.CallbackSecret, request.headers[settings.SignatureHeader], request.body);
  try {
    return { news: readNews(request.body, now), status: 204 };
  } catch (error) {
    if (!(error instanceof WrongForm)) throw error;
    const body = JSON.stringify({ message: error.message });
    return { news: [], status: 400, contentType: 'application/json', body };
  }
}

function readNews(body: Buffer, now: Date): ProviderNews[] {
  const { receipts, messages } = asObject(parse(body), 'The body');
  const news = [
    ...asList(receipts, 'receipts').map((each) => readReceipt(each, now)),
    ...asList(messages, 'messages').map((each) => readMessage(each, now)),
  ];
  if (news.length > mostNews) throw new WrongForm(`At most ${mostNews} receipts and messages at once`);
  return news;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new WrongForm('The body is no JSON');
  }
}

function readReceipt(given: unknown, now: Date): Receipt {
  const receipt = asObject(given, 'A receipt');
  const { status, channel = 'SMS' } = receipt;
  if (typeof status !== 'string' || !isRecordStatus(status)) {
    throw new WrongForm('status of a receipt is no record_status');
  }
  if (channel !== 'SMS' && channel !== 'VOICE') throw new WrongForm('channel of a receipt is neither SMS nor VOICE');
  const messageId = readText(receipt, 'id');
  return {
    type: 'receipt',
    messageId,
    channel,
    recordStatus: status,
    ...meaningOf(status),
    at: readTime(receipt, now),
  };
}

function readMessage(given: unknown, now: Date): InboundMessage {
  const message = asObject(given, 'A message');
  const { body } = message;
  if (typeof body !== 'string' || body.length > longestText) throw new WrongForm('body of a message is no text');
  return {
    type: 'inbound message',
    inboundMessageId: readText(message, 'id'),
    from: readParty(message, 'from'),
    to: readParty(message, 'to'),
    body,
    at: readTime(message, now),
  };
}

function readParty(given: Readonly<Record<string, unknown>>, name: string): string {
  const text = readText(given, name);
  if (isShortCode(text)) return text;
  const number = toE164(text);
  if (number === undefined) throw new WrongForm(`${name} is no phone number`);
  return number;
}

function readText(given: Readonly<Record<string, unknown>>, name: string): string {
  const value = given[name];
  if (typeof value !== 'string' || value === '' || value.length > 200 || value.includes('\0')) {
    throw new WrongForm(`${name} must be text of 1 to 200 characters`);
  }
  return value;
}

function readTime({ at }: Readonly<Record<string, unknown>>, now: Date): Date {
  if (at === undefined || at === null) return now;
  const time = typeof at === 'string' && /^[0-9]{4}-[0-9]{2}-[0-9]{2}T/.test(at) ? new Date(at) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) throw new WrongForm('at must be a time in ISO 8601');
  return time;
}

function asObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new WrongForm(`${what} is no object`);
  return value as Readonly<Record<string, unknown>>;
}

function asList(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new WrongForm(`${name} is no list`);
  return value;
}

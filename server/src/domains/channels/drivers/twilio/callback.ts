/** What Twilio tells of its own accord: what became of a message or call, and messages that people wrote to us. */
import {
  type CallbackAnswer,
  CallbackRefused,
  type CallbackRequest,
  type InboundMessage,
  type ProviderNews,
  type Receipt,
} from '../../driver.ts';
import type { TwilioSettings } from './settings.ts';
import { hasTwilioSignature } from './signature.ts';

/** Nothing is to be answered to the sender by Twilio itself. */
const emptyTwiml = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

/** @throws CallbackRefused */
export function readTwilioCallback(settings: TwilioSettings, request: CallbackRequest, now: Date): CallbackAnswer {
  const form = new URLSearchParams(request.method === 'POST' ? request.body.toString('utf8') : '');
  const { authToken } = settings;
  const given = request.headers['x-twilio-signature'];
  if (authToken === undefined || !hasTwilioSignature(given, { url: request.url, form, authToken })) {
    throw new CallbackRefused('The signature of the callback is missing or wrong.');
  }
  const parameters = request.method === 'POST' ? form : new URLSearchParams(URL.parse(request.url)?.search ?? '');
  return { news: readNews(parameters, now), status: 200, contentType: 'text/xml', body: emptyTwiml };
}

function readNews(parameters: URLSearchParams, now: Date): ProviderNews[] {
  const callId = parameters.get('CallSid');
  const messageId = parameters.get('MessageSid') ?? parameters.get('SmsSid');
  if (callId !== null) return callReceipt(callId, parameters.get('CallStatus') ?? '', now);
  if (messageId === null) return [];
  // Only callbacks about our own messages carry MessageStatus.
  const status = parameters.get('MessageStatus');
  if (status !== null) return messageReceipt(messageId, { status, code: Number(parameters.get('ErrorCode')), now });
  return parameters.get('SmsStatus') === 'received' ? [inboundMessage(messageId, parameters, now)] : [];
}

function inboundMessage(inboundMessageId: string, parameters: URLSearchParams, at: Date): InboundMessage {
  const [from, to, body] = ['From', 'To', 'Body'].map((name) => parameters.get(name) ?? '') as [string, string, string];
  return { type: 'inbound message', inboundMessageId, from, to, body, at };
}

/** Twilio's codes in Pinpoint's words (dossier/events-journeys-console §2.7); UNKNOWN for all others. */
const recordStatusOfCode: Readonly<Record<number, string>> = {
  21211: 'INVALID',
  21610: 'OPTED_OUT',
  21614: 'INVALID',
  30003: 'UNREACHABLE',
  30004: 'BLOCKED',
  30005: 'INVALID',
  30006: 'CARRIER_UNREACHABLE',
  30007: 'SPAM',
  30010: 'MAX_PRICE_EXCEEDED',
  30017: 'CARRIER_UNREACHABLE',
  30019: 'INVALID_MESSAGE',
  30032: 'CARRIER_BLOCKED',
  30034: 'CARRIER_BLOCKED',
  30036: 'TTL_EXPIRED',
  30038: 'SPAM',
};

/** Queued, sending and the like say nothing that the answer to the request had not said. */
function messageReceipt(
  messageId: string,
  { status, code, now }: { status: string; code: number; now: Date },
): Receipt[] {
  const receipt = { type: 'receipt', channel: 'SMS', messageId, at: now } as const;
  if (status === 'sent') return [{ ...receipt, delivered: false, final: false, recordStatus: 'SUCCESSFUL' }];
  if (status === 'delivered' || status === 'read') {
    return [{ ...receipt, delivered: true, final: true, recordStatus: 'DELIVERED' }];
  }
  if (!['undelivered', 'failed', 'canceled'].includes(status)) return [];
  return [{ ...receipt, delivered: false, final: true, recordStatus: recordStatusOfCode[code] ?? 'UNKNOWN' }];
}

const recordStatusOfCall: Readonly<Record<string, string>> = {
  completed: 'DELIVERED',
  busy: 'UNREACHABLE',
  'no-answer': 'UNREACHABLE',
  failed: 'UNKNOWN',
  canceled: 'UNKNOWN',
};

function callReceipt(messageId: string, status: string, at: Date): Receipt[] {
  const recordStatus = Object.hasOwn(recordStatusOfCall, status) ? recordStatusOfCall[status] : undefined;
  if (recordStatus === undefined) return [];
  const delivered = status === 'completed';
  return [{ type: 'receipt', channel: 'VOICE', messageId, delivered, final: true, recordStatus, at }];
}

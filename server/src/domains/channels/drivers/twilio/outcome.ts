/** What Twilio's answer says of a message. Codes: Twilio's error dictionary. */
import type { Clock } from '../../../../kernel/clock.ts';
import type { OutgoingResponse } from '../../../../outgoing/http.ts';
import type { Outcome } from '../../driver.ts';
import { readRetryAfter, shorten } from '../delivery/http-outcomes.ts';

/** 21211: no valid number; 21614: a number that cannot receive SMS. */
const deadAddress = new Set([21211, 21614]);
/** 20429: too many requests; 21611: the queue of this sender is full; 14107: this sender is too fast. */
const throttled = new Set([20429, 21611, 14107]);
/** 20003: wrong credentials; 20005: the account is not active. */
const accountRefused = new Set([20003, 20005]);

export function twilioOutcome(answer: OutgoingResponse, clock: Clock): Outcome {
  const body = readBody(answer.text);
  const { status } = answer;
  if (status >= 200 && status < 300) {
    const messageId = body['sid'];
    return typeof messageId === 'string' && messageId !== ''
      ? { status: 'SUCCESSFUL', statusCode: 200, statusMessage: `MessageId: ${messageId}`, messageId }
      : { status: 'UNKNOWN_FAILURE', statusCode: 502, statusMessage: 'Twilio answered without the id of the message' };
  }
  const code = typeof body['code'] === 'number' ? body['code'] : 0;
  const words = typeof body['message'] === 'string' ? `${body['message']} (${code})` : `Twilio answered ${status}`;
  const refusal = { statusCode: status, statusMessage: shorten(words) };
  if (status === 429 || throttled.has(code)) {
    return { ...refusal, status: 'THROTTLED', statusCode: 429, ...readRetryAfter(answer, clock) };
  }
  if (status >= 500) {
    return { ...refusal, status: 'TEMPORARY_FAILURE', providerIsDown: true, ...readRetryAfter(answer, clock) };
  }
  // Neither one is about the message: no other one would fare better (404: there is no such account).
  if (status === 401 || status === 404 || status < 400 || accountRefused.has(code)) {
    return { ...refusal, status: 'PERMANENT_FAILURE', providerIsDown: true };
  }
  return { ...refusal, status: 'PERMANENT_FAILURE', ...(deadAddress.has(code) && { addressIsDead: true }) };
}

function readBody(text: string): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {}; // An answer of something in between: its status says enough.
  }
}

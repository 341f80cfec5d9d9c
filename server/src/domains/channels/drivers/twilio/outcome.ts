/** What Twilio's answer says of a message. Codes: Twilio's error dictionary. */
import type { OutgoingResponse } from '../../../../outgoing/http.ts';
import type { Outcome } from '../../driver.ts';
import { outcomeOfStatus } from '../delivery/http-outcomes.ts';
import { readAnswer, textOf } from '../delivery/json-answer.ts';
import { accepted, unreadable } from '../delivery/outcomes.ts';

/** 21211: no valid number; 21614: a number that cannot receive SMS. */
const deadAddress = new Set([21211, 21614]);
/** 20429: too many requests; 21611: the queue of this sender is full; 14107: this sender is too fast. */
const throttled = new Set([20429, 21611, 14107]);
/** 20003: wrong credentials; 20005: the account is not active. */
const accountRefused = new Set([20003, 20005]);

export function twilioOutcome(answer: OutgoingResponse, now: Date): Outcome {
  const body = readAnswer(answer.text);
  const { status } = answer;
  if (status >= 200 && status < 300) {
    const messageId = textOf(body['sid']);
    return messageId === undefined ? unreadable('Twilio answered without the id of the message') : accepted(messageId);
  }
  const code = typeof body['code'] === 'number' ? body['code'] : 0;
  const words = typeof body['message'] === 'string' ? `${body['message']} (${code})` : `Twilio answered ${status}`;
  const outcome = outcomeOfStatus({ ...answer, status: throttled.has(code) ? 429 : status }, words, now);
  // Neither one is about the message: no other one would fare better (404: there is no such account).
  const isOfAccount = status === 401 || status === 404 || accountRefused.has(code);
  if (isOfAccount) return { ...outcome, providerIsDown: true };
  return deadAddress.has(code) ? { ...outcome, addressIsDead: true } : outcome;
}

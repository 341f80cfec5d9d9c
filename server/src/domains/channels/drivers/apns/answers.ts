/** What Apple's statuses and reasons mean for a message (Apple: "Handling notification responses from APNs"). */
import type { OutgoingResponse } from '../../../../outgoing/http.ts';
import type { Outcome } from '../../driver.ts';
import { outcomeOfStatus } from '../delivery/http-outcomes.ts';
import { readAnswer, textOf } from '../delivery/json-answer.ts';
import { accepted } from '../delivery/outcomes.ts';

/** The device will never take a message of this app again. */
const deadReasons = new Set(['BadDeviceToken', 'Unregistered', 'ExpiredToken']);

export function reasonOf({ text }: OutgoingResponse): string | undefined {
  return textOf(readAnswer(text)['reason']);
}

export function outcomeOf(response: OutgoingResponse, now: Date): Outcome {
  const { status, headers } = response;
  if (status === 200) return accepted(headers['apns-id']);
  const reason = reasonOf(response);
  const outcome = outcomeOfStatus(response, reason, now);
  if (status === 403) return { ...outcome, providerIsDown: true };
  const isDead = status === 410 || (status === 400 && reason !== undefined && deadReasons.has(reason));
  return isDead ? { ...outcome, addressIsDead: true } : outcome;
}

/**
 * The legacy HTTP form of FCM, for gateways that still speak it: the same data, one message a request, canonical
 * registration ids in the answer (dossier/messaging §11.2).
 */
import type { OutgoingResponse } from '../../../../outgoing/http.ts';
import type { Outcome } from '../../driver.ts';
import { outcomeOfStatus } from '../delivery/http-outcomes.ts';
import { type JsonObject, readAnswer, textOf } from '../delivery/json-answer.ts';
import { accepted } from '../delivery/outcomes.ts';

/** From the `message` of v1. What the legacy form has no word for is left out. */
export function legacyBody(address: string, payload: string): string {
  const { data, notification, android } = JSON.parse(payload) as Readonly<Record<string, JsonObject | undefined>>;
  const { notification: shown, priority, ttl, collapse_key, restricted_package_name } = android ?? {};
  const { channel_id, ...androidNotification } = { ...(shown as JsonObject | undefined) };
  const whole = {
    ...notification,
    ...androidNotification,
    ...(channel_id === undefined ? {} : { android_channel_id: channel_id }),
  };
  return JSON.stringify({
    to: address,
    collapse_key,
    priority: typeof priority === 'string' ? priority.toLowerCase() : undefined,
    time_to_live: typeof ttl === 'string' ? Number.parseInt(ttl, 10) : undefined,
    restricted_package_name,
    notification: Object.keys(whole).length === 0 ? undefined : whole,
    data,
  });
}

const deadErrors = new Set(['NotRegistered', 'InvalidRegistration', 'MissingRegistration']);

/** Faults of a message come with status 200. */
export function legacyOutcome(response: OutgoingResponse, now: Date): Outcome {
  const answer = readAnswer(response.text);
  const [result] = Array.isArray(answer['results']) ? (answer['results'] as JsonObject[]) : [];
  if (response.status !== 200 || result === undefined) {
    const outcome = outcomeOfStatus(response, undefined, now);
    return [401, 403].includes(response.status) ? { ...outcome, providerIsDown: true } : outcome;
  }
  const error = textOf(result['error']);
  if (error === undefined) {
    const updatedAddress = textOf(result['registration_id']);
    const outcome = accepted(textOf(result['message_id']));
    return updatedAddress === undefined ? outcome : { ...outcome, updatedAddress };
  }
  if (deadErrors.has(error)) {
    return { status: 'PERMANENT_FAILURE', statusCode: 400, statusMessage: error, addressIsDead: true };
  }
  return outcomeOfStatus({ ...response, status: statusOf(error) }, error, now);
}

function statusOf(error: string): number {
  if (error === 'Unavailable') return 503;
  if (error === 'InternalServerError') return 500;
  return error.endsWith('RateExceeded') ? 429 : 400;
}

/** What FCM's statuses and error codes mean for a message (Google: "ErrorCode" of FCM v1; AIP-193 for the form). */
import type { OutgoingResponse } from '../../../../outgoing/http.ts';
import type { Outcome } from '../../driver.ts';
import { outcomeOfStatus } from '../delivery/http-outcomes.ts';
import { type JsonObject, objectOf, readAnswer, textOf } from '../delivery/json-answer.ts';
import { accepted } from '../delivery/outcomes.ts';

/** Google asks for a minute where it names no time. */
const quotaPause = 60_000;

export function outcomeOf(response: OutgoingResponse, now: Date): Outcome {
  const answer = readAnswer(response.text);
  if (response.status === 200) {
    const name = textOf(answer['name']);
    if (name !== undefined) return accepted(name);
    return outcomeOfStatus(response, 'FCM answered without the name of a message.', now);
  }
  const error = objectOf(answer['error']);
  const details = (Array.isArray(error['details']) ? error['details'] : []).map(objectOf);
  const code = details.map((detail) => textOf(detail['errorCode'])).find((found) => found !== undefined);
  const word = code ?? textOf(error['status']);
  const outcome = outcomeOfStatus(response, words(word, textOf(error['message'])), now);
  switch (word) {
    case 'UNREGISTERED':
      return { ...outcome, addressIsDead: true };
    case 'INVALID_ARGUMENT':
      return namesToken(details) ? { ...outcome, addressIsDead: true } : outcome;
    // One token of another project, or APNs and web push credentials of this one: FCM itself is well.
    case 'SENDER_ID_MISMATCH':
    case 'THIRD_PARTY_AUTH_ERROR':
      return outcome;
    case 'QUOTA_EXCEEDED':
    case 'RESOURCE_EXHAUSTED':
      return { ...outcome, retryAfterMilliseconds: outcome.retryAfterMilliseconds ?? quotaPause };
    default:
      return [401, 403, 404].includes(response.status) ? { ...outcome, providerIsDown: true } : outcome;
  }
}

/** The access token is no longer taken: a new one may be. */
export function isTokenRefusal({ status, text }: OutgoingResponse): boolean {
  return (
    status === 401 &&
    objectOf(readAnswer(text)['error'])['status'] === 'UNAUTHENTICATED' &&
    !text.includes('THIRD_PARTY')
  );
}

function words(code: string | undefined, message: string | undefined): string | undefined {
  return [code, message].filter((part) => part !== undefined).join(': ') || undefined;
}

function namesToken(details: readonly JsonObject[]): boolean {
  return details
    .flatMap((detail) => (Array.isArray(detail['fieldViolations']) ? detail['fieldViolations'] : []))
    .some((violation) => objectOf(violation)['field'] === 'message.token');
}

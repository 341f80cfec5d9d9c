/** What an answer of a gateway means to us. */
import type { OutgoingResponse } from '../../../../outgoing/http.ts';
import type { Outcome } from '../../driver.ts';
import { outcomeOfStatus, readRetryAfter } from '../delivery/http-outcomes.ts';
import { accepted, shorten, unreadable } from '../delivery/outcomes.ts';
import { readPath } from './json-path.ts';
import type { HttpSettings } from './settings.ts';

/** @param id ours, which the request carried */
export function ofResponse(response: OutgoingResponse, settings: HttpSettings, id: string, now: Date): Outcome {
  const { status } = response;
  if (settings.SuccessStatuses.includes(status)) return ofSuccess(response, settings, id);
  const outcome = outcomeOfStatus(response, words(response, settings), now);
  switch (status) {
    // A proxy that did not get the gateway's answer: the gateway may have sent the message.
    case 502:
    case 504:
      return { ...outcome, status: 'UNKNOWN_FAILURE' };
    case 408:
    case 425:
      return { ...outcome, ...readRetryAfter(response, now), status: 'TEMPORARY_FAILURE' };
    case 401:
    case 403:
      return { ...outcome, providerIsDown: true };
    default:
      // Another 2xx says that it is no success.
      return status < 300 ? { ...outcome, status: 'PERMANENT_FAILURE' } : outcome;
  }
}

function ofSuccess({ status, text }: OutgoingResponse, settings: HttpSettings, id: string): Outcome {
  const messageId = settings.MessageIdPath === undefined ? id : readPath(text, settings.MessageIdPath);
  if (messageId !== undefined) return accepted(messageId);
  return unreadable(`The gateway answered ${status}, without an id at MessageIdPath`, status);
}

const mostWords = 300;

/** Some gateways quote the request; what was secret in it stays so. */
function words({ status, text }: OutgoingResponse, { Headers }: HttpSettings): string {
  const safe = Object.values(Headers)
    .flatMap((value) => [value, ...value.split(' ')])
    .filter((secret) => secret.length >= 4)
    .reduce((said, secret) => said.replaceAll(secret, '***'), text.slice(0, 20_000));
  return `HTTP ${status}: ${shorten(safe, mostWords)}`;
}

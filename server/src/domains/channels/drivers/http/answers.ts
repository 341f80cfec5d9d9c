/** What an answer of a gateway, or none, means to us. */
import type { OutgoingFault, OutgoingResponse } from '../../../../outgoing/http.ts';
import type { Outcome } from '../../driver.ts';
import { readPath } from './json-path.ts';
import type { HttpSettings } from './settings.ts';

/** @param id ours, which the request carried */
export function ofResponse(response: OutgoingResponse, settings: HttpSettings, id: string, now: Date): Outcome {
  const { status, headers } = response;
  if (settings.SuccessStatuses.includes(status)) return ofSuccess(response, settings, id);
  const said = { statusCode: status, statusMessage: words(response, settings) };
  const wait = retryAfterMilliseconds(headers['retry-after'], now);
  const retry = wait !== undefined && { retryAfterMilliseconds: wait };
  if (status === 429) return { ...said, ...retry, status: 'THROTTLED' };
  // A proxy that did not get the gateway's answer: the gateway may have sent the message.
  if (status === 502 || status === 504) return { ...said, status: 'UNKNOWN_FAILURE', providerIsDown: true };
  if (status >= 500) return { ...said, ...retry, status: 'TEMPORARY_FAILURE', providerIsDown: true };
  if (status === 408 || status === 425) return { ...said, ...retry, status: 'TEMPORARY_FAILURE' };
  if (status === 401 || status === 403) return { ...said, status: 'PERMANENT_FAILURE', providerIsDown: true };
  // A redirect is not followed: where it leads was never configured. Another 2xx says that it is no success.
  return { ...said, status: 'PERMANENT_FAILURE', ...(status < 400 && status >= 300 && { providerIsDown: true }) };
}

function ofSuccess({ status, text }: OutgoingResponse, settings: HttpSettings, id: string): Outcome {
  const messageId = settings.MessageIdPath === undefined ? id : readPath(text, settings.MessageIdPath);
  if (messageId === undefined) {
    const statusMessage = `The gateway answered ${status}, without an id at MessageIdPath`;
    return { status: 'UNKNOWN_FAILURE', statusCode: status, statusMessage };
  }
  return { status: 'SUCCESSFUL', statusCode: 200, statusMessage: `MessageId: ${messageId}`, messageId };
}

const faults: Readonly<Record<OutgoingFault['kind'], Outcome>> = {
  'refused address': permanent('The address of the gateway lies in a network that is not allowed'),
  'invalid address': permanent('Url is no address'),
  unreachable: {
    ...{ status: 'TEMPORARY_FAILURE', statusCode: 503, providerIsDown: true },
    statusMessage: 'The gateway cannot be reached',
  },
  timeout: unknown('The gateway did not answer in time'),
  'broken off': unknown('The connection was lost before the gateway answered'),
  'answer too large': { ...unknown('The answer of the gateway is too large'), providerIsDown: false },
};

export function ofFault({ kind }: OutgoingFault): Outcome {
  return faults[kind];
}

export const stopped: Outcome = {
  status: 'TEMPORARY_FAILURE',
  statusCode: 503,
  statusMessage: 'Not sent: the server stops',
};

function permanent(statusMessage: string): Outcome {
  return { status: 'PERMANENT_FAILURE', statusCode: 400, statusMessage, providerIsDown: true };
}

function unknown(statusMessage: string): Outcome {
  return { status: 'UNKNOWN_FAILURE', statusCode: 504, statusMessage, providerIsDown: true };
}

const mostWords = 300;

/** Some gateways quote the request; what was secret in it stays so. */
function words({ status, text }: OutgoingResponse, { Headers }: HttpSettings): string {
  const safe = Object.values(Headers)
    .flatMap((value) => [value, ...value.split(' ')])
    .filter((secret) => secret.length >= 4)
    .reduce((said, secret) => said.replaceAll(secret, '***'), text.slice(0, 20_000));
  return `HTTP ${status}: ${safe.slice(0, mostWords)}`;
}

const longestWait = 24 * 3_600_000;

/** Seconds or a date (RFC 9110 §10.2.3). */
function retryAfterMilliseconds(text: string | undefined, now: Date): number | undefined {
  if (text === undefined) return undefined;
  const milliseconds = /^[0-9]+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime();
  if (Number.isNaN(milliseconds)) return undefined;
  return Math.min(longestWait, Math.max(0, milliseconds));
}

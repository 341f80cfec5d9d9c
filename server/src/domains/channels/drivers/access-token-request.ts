/** OAuth access tokens of push services: one POST of a form (RFC 6749 §4.4, §5), what its answers mean for messages. */
import type { OutgoingHttp, OutgoingResponse } from '../../../outgoing/http.ts';
import { OutgoingFault } from '../../../outgoing/http.ts';
import type { Outcome } from '../driver.ts';
import type { MadeToken } from './access-token.ts';
import { outcomeOfFault, outcomeOfStatus } from './delivery/http-outcomes.ts';
import { readAnswer, textOf } from './delivery/json-answer.ts';

/** The authorization server gave no token. No message was sent. */
export class TokenRefused extends Error {
  readonly response: OutgoingResponse | undefined;

  constructor(response: OutgoingResponse | undefined, options?: ErrorOptions) {
    super('No access token was given', options);
    this.name = 'TokenRefused';
    this.response = response;
  }
}

/** So much earlier than it ends a token is replaced: requests under way still use it. */
const margin = 5 * 60_000;
const defaultLifeSeconds = 3600;

/** @throws TokenRefused */
export async function requestToken(
  http: OutgoingHttp,
  url: string,
  grant: Readonly<Record<string, string>>,
): Promise<MadeToken> {
  const response = await post(http, url, grant);
  const answer = readAnswer(response.text);
  const value = textOf(answer['access_token']);
  if (response.status !== 200 || value === undefined || !/^[\x21-\x7e]+$/.test(value)) throw new TokenRefused(response);
  const seconds = Number(answer['expires_in'] ?? defaultLifeSeconds);
  const life = (Number.isFinite(seconds) ? seconds : defaultLifeSeconds) * 1000;
  return { value, usableForMilliseconds: Math.max(life - margin, life / 2) };
}

async function post(
  http: OutgoingHttp,
  url: string,
  grant: Readonly<Record<string, string>>,
): Promise<OutgoingResponse> {
  try {
    return await http.request({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8', accept: 'application/json' },
      body: new URLSearchParams(grant).toString(),
    });
  } catch (error) {
    if (error instanceof OutgoingFault) throw new TokenRefused(undefined, { cause: error });
    throw error;
  }
}

/** Wrong credentials stay wrong; an authorization server that does not answer may do so later. */
export function tokenOutcome({ response, cause }: TokenRefused, service: string, now: Date): Outcome {
  if (cause instanceof OutgoingFault && /address/.test(cause.kind)) return outcomeOfFault(cause, service);
  if (response === undefined || response.status < 400) {
    return {
      status: 'TEMPORARY_FAILURE',
      statusCode: 503,
      statusMessage: `The authorization server of ${service} gave no access token.`,
      providerIsDown: true,
    };
  }
  const { error, error_description: description } = readAnswer(response.text);
  const words = [textOf(error), textOf(description)].filter((part) => part !== undefined).join(': ');
  const message = words === '' ? `${service} refused the credentials.` : `${service} refused the credentials: ${words}`;
  return { ...outcomeOfStatus(response, message, now), providerIsDown: true };
}

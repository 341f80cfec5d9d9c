/** What the answers of HTTP providers have in common: no answer at all, what a status says, Retry-After. */
import { systemCode } from '../../../../kernel/file-system.ts';
import { OutgoingFault, type OutgoingResponse } from '../../../../outgoing/http.ts';
import type { Outcome } from '../../driver.ts';
import { refused, shorten } from './outcomes.ts';

/**
 * No answer: what was certainly not sent may be sent again, the rest may have been accepted.
 * @param service of whom there is no answer, for people
 * @throws what is no fault of the other side
 */
export function outcomeOfFault(error: unknown, service = 'The provider'): Outcome {
  if (!(error instanceof OutgoingFault)) throw error;
  const unanswered = { status: 'UNKNOWN_FAILURE', statusCode: 502 } as const;
  switch (error.kind) {
    case 'refused address': {
      const words = `${service} lies in a network that is not allowed (REPOINT_ALLOWED_NETWORKS).`;
      return { ...refused(words), providerIsDown: true };
    }
    case 'invalid address':
      return { ...refused(`The address of ${service} cannot be used.`), providerIsDown: true };
    case 'unreachable': {
      // `ECONNREFUSED`, `CERT_HAS_EXPIRED`: what an administrator has to know.
      const code = systemCode(error.cause);
      const statusMessage = `${service} cannot be reached${code === undefined ? '' : ` (${code})`}.`;
      return { status: 'TEMPORARY_FAILURE', statusCode: 503, statusMessage, providerIsDown: true };
    }
    case 'timeout':
    case 'broken off': {
      const statusMessage = `${service} did not answer: ${error.kind}.`;
      return {
        ...unanswered,
        statusMessage,
        ...(error.kind === 'timeout' && { statusCode: 504 }),
        providerIsDown: true,
      };
    }
    case 'answer too large':
      return { ...unanswered, statusMessage: `The answer of ${service} is too large.`, providerIsDown: false };
  }
}

/**
 * What a status alone says. Services add what their reasons mean.
 * @param words the provider's own, if it had any
 */
export function outcomeOfStatus(response: Answer, words: string | undefined, now: Date): Outcome {
  const { status } = response;
  const said = { statusCode: status, statusMessage: shorten(words ?? `HTTP ${status}`) };
  const pause = readRetryAfter(response, now);
  if (status === 429) return { ...said, status: 'THROTTLED', ...pause };
  if (status >= 500) return { ...said, status: 'TEMPORARY_FAILURE', ...pause, providerIsDown: true };
  if (status >= 400) return { ...said, status: 'PERMANENT_FAILURE' };
  // Whoever redirects has accepted nothing, and is not the service that was meant.
  if (status >= 300) return { ...said, status: 'PERMANENT_FAILURE', providerIsDown: true };
  return { ...said, status: 'UNKNOWN_FAILURE' };
}

type Answer = Pick<OutgoingResponse, 'status' | 'headers'>;

const longestWait = 24 * 3600 * 1000;

/** Seconds or a date (RFC 9110, 10.2.3). @returns nothing when there is none, or none that can be read */
export function readRetryAfter(
  { headers }: Pick<OutgoingResponse, 'headers'>,
  now: Date,
): { readonly retryAfterMilliseconds?: number } {
  const given = headers['retry-after']?.trim() ?? '';
  const milliseconds = /^\d+$/.test(given) ? Number(given) * 1000 : Date.parse(given) - now.getTime();
  return Number.isFinite(milliseconds)
    ? { retryAfterMilliseconds: Math.min(Math.max(milliseconds, 0), longestWait) }
    : {};
}

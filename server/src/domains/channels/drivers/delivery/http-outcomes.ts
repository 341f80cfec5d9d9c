/** What the answers of HTTP providers have in common: no answer at all, Retry-After, words of a bounded length. */
import type { Clock } from '../../../../kernel/clock.ts';
import { OutgoingFault, type OutgoingFaultKind, type OutgoingResponse } from '../../../../outgoing/http.ts';
import type { Outcome } from '../../driver.ts';

/** `timeout` and what breaks off may have been received, so they are UNKNOWN_FAILURE. */
const faults: Readonly<Record<OutgoingFaultKind, Outcome>> = {
  'refused address': {
    status: 'PERMANENT_FAILURE',
    statusCode: 403,
    statusMessage: 'The address lies in a network that is not allowed (REPOINT_ALLOWED_NETWORKS)',
  },
  'invalid address': { status: 'PERMANENT_FAILURE', statusCode: 400, statusMessage: 'The URL cannot be used' },
  unreachable: {
    status: 'TEMPORARY_FAILURE',
    statusCode: 503,
    statusMessage: 'The provider cannot be reached',
    providerIsDown: true,
  },
  timeout: {
    status: 'UNKNOWN_FAILURE',
    statusCode: 504,
    statusMessage: 'The provider did not answer in time',
    providerIsDown: true,
  },
  'broken off': {
    status: 'UNKNOWN_FAILURE',
    statusCode: 502,
    statusMessage: 'The provider broke off the connection',
    providerIsDown: true,
  },
  'answer too large': {
    status: 'UNKNOWN_FAILURE',
    statusCode: 502,
    statusMessage: 'The answer of the provider is too large',
  },
};

/** @throws what is no fault of the other side */
export function outcomeOfFault(error: unknown): Outcome {
  if (error instanceof OutgoingFault) return faults[error.kind];
  throw error;
}

const longestMessage = 500;

/** The provider's words: one line, bounded. */
export function shorten(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim();
  return line.length > longestMessage ? `${line.slice(0, longestMessage - 1)}…`.toWellFormed() : line.toWellFormed();
}

const longestWait = 24 * 3600 * 1000;

/** Seconds or a date (RFC 9110, 10.2.3). @returns nothing when there is none, or none that can be read */
export function readRetryAfter(
  { headers }: Pick<OutgoingResponse, 'headers'>,
  clock: Clock,
): { readonly retryAfterMilliseconds?: number } {
  const given = headers['retry-after']?.trim() ?? '';
  const milliseconds = /^\d+$/.test(given) ? Number(given) * 1000 : Date.parse(given) - clock.now().getTime();
  return Number.isFinite(milliseconds)
    ? { retryAfterMilliseconds: Math.min(Math.max(milliseconds, 0), longestWait) }
    : {};
}

/** What the push drivers share: one request a message, many at once, and an outcome for each whatever happens. */
import { describeFault } from '../../../kernel/logger.ts';
import { OutgoingFault, type OutgoingResponse } from '../../../outgoing/http.ts';
import type { Driver, DriverParts, Outcome } from '../driver.ts';
import type { OutgoingMessage, PushContent } from '../message.ts';

export interface PushSending {
  /** Of the service, for people: `APNs`. */
  readonly service: string;
  /** Most requests of one `deliver` under way at once. */
  readonly width: number;
  /** A fault of the network may be thrown. */
  send(message: OutgoingMessage & { readonly content: PushContent }, signal: AbortSignal): Promise<Outcome>;
  /** The process stops: what waits for a connection is given up. */
  stopWaiting?(signal: AbortSignal): void;
}

/** Answers of what has been sent are waited for so long once the process stops. */
const patience = 5_000;

export function deliverEach(sending: PushSending, { logger }: Pick<DriverParts, 'logger'>): Driver['deliver'] {
  return async (messages, report, signal) => {
    const stopping = stoppingOf(signal, () => sending.stopWaiting?.(signal));
    const outcomeOf = async (message: OutgoingMessage): Promise<Outcome> => {
      if (signal.aborted) return notSent;
      if (!isPush(message)) return refused(400, 'The message is no push notification.');
      try {
        return await sending.send(message, signal);
      } catch (error) {
        if (!(error instanceof OutgoingFault)) logger.error({ fault: describeFault(error) }, 'push: a message failed');
        return signal.aborted && isUnsent(error) ? notSent : outcomeOfFault(error, sending.service);
      }
    };
    let next = 0;
    const worker = async () => {
      for (let message = messages[next++]; message !== undefined; message = messages[next++]) {
        report(message, await Promise.race([outcomeOf(message), stopping.patienceIsOver]));
      }
    };
    await Promise.all(Array.from({ length: Math.min(sending.width, messages.length) }, worker));
    stopping.end();
  };
}

function isPush(message: OutgoingMessage): message is OutgoingMessage & { readonly content: PushContent } {
  return message.content.kind === 'push';
}

function stoppingOf(signal: AbortSignal, stopped: () => void): { patienceIsOver: Promise<Outcome>; end(): void } {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    stopped();
    timer = setTimeout(() => resolve(unanswered), patience);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    patienceIsOver: promise,
    end: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

const notSent: Outcome = {
  status: 'TEMPORARY_FAILURE',
  statusCode: 503,
  statusMessage: 'Not sent: the server was stopping.',
};

const unanswered: Outcome = {
  status: 'UNKNOWN_FAILURE',
  statusCode: 504,
  statusMessage: 'Sent, but the server stopped before the answer came.',
};

export function refused(statusCode: number, statusMessage: string): Outcome {
  return { status: 'PERMANENT_FAILURE', statusCode, statusMessage };
}

function isUnsent(error: unknown): boolean {
  return error instanceof OutgoingFault && error.kind === 'unreachable';
}

/** No answer: what was certainly not sent may be sent again, the rest may have been accepted. */
export function outcomeOfFault(error: unknown, service: string): Outcome {
  if (!(error instanceof OutgoingFault)) {
    return { status: 'UNKNOWN_FAILURE', statusCode: 500, statusMessage: `The request to ${service} failed.` };
  }
  switch (error.kind) {
    case 'refused address':
    case 'invalid address':
      return { ...refused(400, `The address of ${service} is not allowed.`), providerIsDown: true };
    case 'unreachable':
      return {
        status: 'TEMPORARY_FAILURE',
        statusCode: 503,
        statusMessage: `${service} cannot be reached${codeOf(error.cause)}.`,
        providerIsDown: true,
      };
    case 'timeout':
    case 'broken off':
    case 'answer too large':
      return {
        status: 'UNKNOWN_FAILURE',
        statusCode: error.kind === 'timeout' ? 504 : 502,
        statusMessage: `${service} did not answer: ${error.kind}.`,
        providerIsDown: true,
      };
  }
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED`: what an administrator has to know. */
function codeOf(cause: unknown): string {
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? ` (${code})` : '';
}

export function accepted(statusCode: number, messageId: string | undefined): Outcome {
  return {
    status: 'SUCCESSFUL',
    statusCode,
    statusMessage: messageId === undefined ? 'Accepted' : `MessageId: ${messageId}`,
    messageId,
  };
}

/**
 * What a status alone says. Services add what their reasons mean.
 * @param words the provider's own, if it had any
 */
export function outcomeOfStatus({ status, headers }: OutgoingResponse, words: string | undefined, now: Date): Outcome {
  const said = { statusCode: status, statusMessage: (words ?? `HTTP ${status}`).slice(0, 500) };
  const retryAfterMilliseconds = readRetryAfter(headers['retry-after'], now);
  if (status === 429) return { ...said, status: 'THROTTLED', retryAfterMilliseconds };
  if (status >= 500) return { ...said, status: 'TEMPORARY_FAILURE', retryAfterMilliseconds, providerIsDown: true };
  if (status >= 400) return { ...said, status: 'PERMANENT_FAILURE' };
  // Whoever redirects has accepted nothing, and is not the service that was meant.
  if (status >= 300) return { ...said, status: 'PERMANENT_FAILURE', providerIsDown: true };
  return { ...said, status: 'UNKNOWN_FAILURE' };
}

/** Seconds or a date (RFC 9110 §10.2.3). */
function readRetryAfter(given: string | undefined, now: Date): number | undefined {
  if (given === undefined) return undefined;
  if (/^[0-9]{1,9}$/.test(given)) return Number(given) * 1000;
  const date = Date.parse(given);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

/** The object that an answer is, if it is one: providers and what stands before them answer with anything. */
export function readAnswer(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

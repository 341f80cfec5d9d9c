/**
 * Questions to somebody else's code, a URL or a function, whose answer a message waits for: 15 seconds, three attempts,
 * 6 MB each way. Recommenders and campaign hooks have the same quotas (dossier/messaging §1.12, §15, §17).
 */
import { setTimeout as pause } from 'node:timers/promises';
import { OutgoingFault, type OutgoingHttp } from './http.ts';
import { LambdaFault, type LambdaFunctions } from './lambda.ts';

export interface CallParts {
  readonly http: OutgoingHttp;
  readonly lambda: LambdaFunctions;
  readonly pace?: Pace;
}

export interface Pace {
  /** Of one attempt. */
  readonly timeoutMilliseconds: number;
  /** Before the second attempt; twice as long before the third. */
  readonly pauseMilliseconds: number;
}

const attempts = 3;
const defaultPace: Pace = { timeoutMilliseconds: 15_000, pauseMilliseconds: 400 };
const maximumBytes = 6 * 1024 * 1024;

/** No usable answer came, after all attempts that were worth making. */
export class CallFailed extends Error {
  /** Nobody answered at all: whoever is asked next will not be answered either. */
  readonly silent: boolean;

  constructor(message: string, silent: boolean, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CallFailed';
    this.silent = silent;
  }
}

/** POSTs JSON. @returns the body of the answer @throws CallFailed, or the signal's reason */
export async function callUrl(
  url: string,
  payload: string,
  { http, pace = defaultPace }: CallParts,
  signal: AbortSignal,
): Promise<string> {
  const { timeoutMilliseconds } = pace;
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  return inAttempts(payload, pace, signal, async () => {
    const answer = await http.request({
      ...{ method: 'POST', url, headers, body: payload, timeoutMilliseconds, maximumBytes, signal },
    });
    if (answer.status >= 200 && answer.status < 300) return { text: answer.text };
    return { fault: `status ${answer.status}`, passing: answer.status >= 500 || answer.status === 429 };
  });
}

/** @returns the answer of the function @throws CallFailed, or the signal's reason */
export async function callFunction(
  functionName: string,
  payload: string,
  { lambda, pace = defaultPace }: CallParts,
  signal: AbortSignal,
): Promise<string> {
  const { timeoutMilliseconds } = pace;
  const call = { functionName, payload, timeoutMilliseconds, maximumBytes, signal };
  return inAttempts(payload, pace, signal, async () => ({ text: await lambda.invoke(call) }));
}

type Attempt = { readonly text: string } | Fault;

interface Fault {
  readonly fault: string;
  /** Another attempt may succeed. */
  readonly passing: boolean;
  readonly silent?: boolean;
  readonly cause?: unknown;
}

async function inAttempts(
  payload: string,
  { pauseMilliseconds }: Pace,
  signal: AbortSignal,
  attempt: () => Promise<Attempt>,
): Promise<string> {
  if (Buffer.byteLength(payload) > maximumBytes) throw new CallFailed('request too large', false);
  for (let made = 1; ; made += 1) {
    const outcome = await attempt().catch(faultOf);
    signal.throwIfAborted();
    if ('text' in outcome) return outcome.text;
    if (!outcome.passing || made === attempts) {
      throw new CallFailed(outcome.fault, outcome.silent ?? false, { cause: outcome.cause });
    }
    await pause(pauseMilliseconds * 2 ** (made - 1), undefined, { signal });
  }
}

const passingKinds = new Set(['timeout', 'unreachable', 'broken off', 'throttled', 'unavailable', 'function failed']);
const silentKinds = new Set(['timeout', 'unreachable', 'unavailable']);

function faultOf(error: unknown): Fault {
  if (!(error instanceof OutgoingFault) && !(error instanceof LambdaFault)) throw error;
  const { kind } = error;
  return { fault: kind, passing: passingKinds.has(kind), silent: silentKinds.has(kind), cause: error };
}

/** What went wrong with a call, in words for the person in front of the screen. */

/** An error answer of the server. `name` is the code (`x-amzn-errortype`), `message` what the server said. */
export class ApiError extends Error {
  readonly status: number;
  readonly requestId: string | undefined;

  constructor(name: string, message: string, status: number, requestId?: string) {
    super(message);
    this.name = name;
    this.status = status;
    this.requestId = requestId;
  }
}

export interface ErrorDescription {
  readonly title: string;
  readonly detail: string;
  readonly requestId?: string | undefined;
}

/** Codes that say: these credentials are no longer good. Signing in again helps, trying again does not. */
const endedCodes = new Set(['UnrecognizedClientException', 'InvalidClientTokenId', 'ExpiredTokenException']);

export function isSessionEnd(error: unknown): boolean {
  return error instanceof Error && endedCodes.has(error.name);
}

/** Title and advice for an error of either client. */
export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { title: 'Something went wrong', detail: 'Try again.' };
  const status = statusOf(error);
  if (status === undefined) return describeUnanswered(error);
  return { title: titleOf(error, status), detail: error.message, requestId: requestIdOf(error) };
}

function describeUnanswered(error: Error): ErrorDescription {
  const network = error instanceof TypeError || error.name === 'TimeoutError' || error.name === 'NetworkError';
  return network
    ? { title: 'The server does not answer', detail: 'Check that Repoint is running and reachable, then try again.' }
    : { title: 'The console failed', detail: error.message };
}

function titleOf(error: Error, status: number): string {
  if (error.name === 'RequestExpired') return 'The clock of this computer is wrong';
  if (status === 403) return 'You are not allowed to do this';
  if (status === 404) return 'Not found';
  if (status === 409) return 'This conflicts with something that exists';
  if (status === 429) return 'Too many requests: wait a moment and try again';
  if (status === 501) return 'This server does not offer this yet';
  return status >= 500 ? 'The server failed' : 'The server did not accept this';
}

interface SdkMetadata {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

function statusOf(error: Error): number | undefined {
  return error instanceof ApiError ? error.status : (error as SdkMetadata).$metadata?.httpStatusCode;
}

function requestIdOf(error: Error): string | undefined {
  return error instanceof ApiError ? error.requestId : (error as SdkMetadata).$metadata?.requestId;
}

/** What SES and its SDK say, in Pinpoint's words. */
import { systemCode } from '../../../../kernel/file-system.ts';
import { AddressRefused } from '../../../../outgoing/networks.ts';
import type { Outcome } from '../../driver.ts';

/** As far as the SDK threw it: Node, parsers and credential providers throw as well. */
interface SdkFault extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
}

const throttling = new Set([
  ...['TooManyRequestsException', 'LimitExceededException', 'ThrottlingException', 'Throttling'],
  'RequestLimitExceeded',
]);
/** No message of this account leaves, whoever the recipient is. */
const accountIsPaused = new Set(['SendingPausedException', 'AccountSuspendedException']);
const refusesCredentials = new Set([
  ...['UnrecognizedClientException', 'InvalidClientTokenId', 'SignatureDoesNotMatch', 'InvalidSignatureException'],
  ...['ExpiredToken', 'ExpiredTokenException', 'MissingAuthenticationToken', 'MissingAuthenticationTokenException'],
  ...['IncompleteSignature', 'OptInRequired', 'CredentialsProviderError'],
]);
const nothingWasSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);

export function outcomeOfFault(error: unknown): Outcome {
  const fault = error as SdkFault;
  const status = fault.$response?.statusCode ?? fault.$metadata?.httpStatusCode;
  if (refusesCredentials.has(fault.name) || fault.message === 'Region is missing') {
    return { status: 'PERMANENT_FAILURE', statusCode: 403, statusMessage: wordsOf(fault), providerIsDown: true };
  }
  if (status === undefined) return outcomeWithoutAnswer(fault);
  const answered = { statusCode: status, statusMessage: wordsOf(fault) };
  if (status === 429 || throttling.has(fault.name)) {
    return { ...answered, status: 'THROTTLED', statusCode: 429, ...pauseOf(fault) };
  }
  if (accountIsPaused.has(fault.name)) return { ...answered, status: 'TEMPORARY_FAILURE', providerIsDown: true };
  if (status >= 500) return { ...answered, status: 'TEMPORARY_FAILURE', providerIsDown: true, ...pauseOf(fault) };
  if (status >= 400) return { ...answered, status: 'PERMANENT_FAILURE' };
  return { status: 'UNKNOWN_FAILURE', statusCode: 500, statusMessage: 'The answer of SES cannot be read' };
}

function outcomeWithoutAnswer(fault: SdkFault): Outcome {
  const cause = fault.cause instanceof Error ? fault.cause : fault;
  if (fault instanceof AddressRefused || cause instanceof AddressRefused) {
    const statusMessage = 'SES lies in a network that is not allowed (REPOINT_ALLOWED_NETWORKS)';
    return { status: 'TEMPORARY_FAILURE', statusCode: 503, statusMessage, providerIsDown: true };
  }
  const code = systemCode(fault) ?? systemCode(cause);
  const isUnconnected = nothingWasSent.has(code ?? '') || /establish a connection/.test(fault.message);
  if (isUnconnected) {
    const statusMessage = code === undefined ? 'No connection to SES' : `No connection to SES: ${code}`;
    return { status: 'TEMPORARY_FAILURE', statusCode: 503, statusMessage, providerIsDown: true };
  }
  return {
    status: 'UNKNOWN_FAILURE',
    statusCode: 500,
    statusMessage: 'SES did not answer, and may have taken the mail',
  };
}

/** A parser quotes what it could not read, which is no word of SES. */
function wordsOf(fault: SdkFault): string {
  if (fault instanceof SyntaxError || fault.message === '') return `SES refused the mail (${fault.name})`;
  return `${fault.name}: ${fault.message}`.slice(0, 1000);
}

function pauseOf({ $response }: SdkFault): { retryAfterMilliseconds?: number } {
  const seconds = Number($response?.headers?.['retry-after']);
  return Number.isInteger(seconds) && seconds > 0 ? { retryAfterMilliseconds: seconds * 1000 } : {};
}

/** What a fault that the AWS SDK threw says of a message: what all services have in common. */
import { systemCode } from '../../../../kernel/file-system.ts';
import { OutgoingFault, type OutgoingFaultKind, outgoingFaultKind } from '../../../../outgoing/http.ts';
import { AddressRefused } from '../../../../outgoing/networks.ts';
import type { Outcome } from '../../driver.ts';
import { outcomeOfFault, outcomeOfStatus } from '../delivery/http-outcomes.ts';
import { refused, shorten, unreadable } from '../delivery/outcomes.ts';

/** As far as it is one: the SDK also throws what Node, parsers and credential providers throw. */
export interface AwsFault {
  readonly name: string;
  readonly message: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
}

const throttlingNames = new Set([
  ...['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded'],
]);

/** Nothing about the message: no other one would fare better. */
const accountRefusals = new Set([
  ...['UnrecognizedClientException', 'InvalidSignatureException', 'SignatureDoesNotMatch', 'IncompleteSignature'],
  ...['MissingAuthenticationTokenException', 'MissingAuthenticationToken', 'InvalidClientTokenId', 'NotAuthorized'],
  ...['ExpiredTokenException', 'ExpiredToken', 'RequestExpired', 'OptInRequired', 'CredentialsProviderError'],
]);

/** @param service of whom there may be no answer, for people */
export function awsOutcome(error: unknown, service: string, now: Date): Outcome {
  const fault = error as AwsFault;
  const answered = statusOf(fault);
  if (accountRefusals.has(fault.name) || fault.message === 'Region is missing') {
    return { ...refused(wordsOf(fault, service), answered ?? 403), providerIsDown: true };
  }
  if (answered === undefined) return outcomeOfFault(connectionFault(fault), service);
  const status = throttlingNames.has(fault.name) ? 429 : answered;
  if (status < 300) return unreadable(`The answer of ${service} cannot be read`);
  return outcomeOfStatus({ status, headers: fault.$response?.headers ?? {} }, wordsOf(fault, service), now);
}

/** A parser's words quote what it could not read, which is no answer of the service. */
export function wordsOf(fault: AwsFault, service: string): string {
  const isReadable = !(fault instanceof SyntaxError) && !/^(Error|Unknown|UnknownError)$/.test(fault.name);
  return isReadable
    ? shorten(`${fault.name}: ${fault.message}`)
    : `${service} answered ${statusOf(fault) ?? 'nothing'}`;
}

function statusOf({ $metadata, $response }: AwsFault): number | undefined {
  return $response?.statusCode ?? $metadata?.httpStatusCode;
}

/** The SDK's own timeouts have no code; that of the connection says that none was made. */
function connectionFault(fault: AwsFault): OutgoingFault {
  const inner = (fault as { readonly cause?: unknown }).cause;
  const [cause = fault] = [fault, inner].filter(
    (one) => one instanceof AddressRefused || systemCode(one) !== undefined,
  );
  return new OutgoingFault(faultKind(fault, cause), { cause });
}

function faultKind(fault: AwsFault, cause: unknown): OutgoingFaultKind {
  if (fault.name === 'AbortError') return 'timeout';
  // The SDK calls a connection that was reset a timeout as well.
  const isReset = systemCode(cause) === 'ECONNRESET';
  if (cause instanceof AddressRefused || isReset || fault.name !== 'TimeoutError') return outgoingFaultKind(cause);
  return /establish a connection|ETIMEDOUT/.test(fault.message) ? 'unreachable' : 'timeout';
}

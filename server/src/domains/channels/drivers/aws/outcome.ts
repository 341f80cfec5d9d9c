/** What a fault that the AWS SDK threw says of a message: what all services have in common. */
import type { Clock } from '../../../../kernel/clock.ts';
import { OutgoingFault, outgoingFaultKind } from '../../../../outgoing/http.ts';
import { AddressRefused } from '../../../../outgoing/networks.ts';
import type { Outcome } from '../../driver.ts';
import { outcomeOfFault, readRetryAfter, shorten } from '../delivery/http-outcomes.ts';

/** As far as it is one: the SDK also throws what Node, parsers and credential providers throw. */
export interface AwsFault {
  readonly name: string;
  readonly message: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
}

const throttlingNames = new Set(['ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded']);

/** Nothing about the message: no other one would fare better. */
const accountRefusals = new Set([
  ...['AccessDeniedException', 'UnrecognizedClientException', 'InvalidSignatureException', 'ExpiredTokenException'],
  ...['MissingAuthenticationTokenException', 'IncompleteSignature', 'InvalidClientTokenId', 'NotAuthorized'],
  ...['OptInRequired', 'SignatureDoesNotMatch', 'ExpiredToken', 'RequestExpired', 'CredentialsProviderError'],
]);

export function awsOutcome(error: unknown, clock: Clock): Outcome {
  const fault = error as AwsFault;
  if (accountRefusals.has(fault.name) || fault.message === 'Region is missing') {
    return { ...refusal(fault, statusOf(fault) ?? 403), status: 'PERMANENT_FAILURE', providerIsDown: true };
  }
  const status = statusOf(fault);
  if (status === undefined) return outcomeOfFault(new OutgoingFault(connectionFaultKind(fault)));
  const pause = readRetryAfter({ headers: fault.$response?.headers ?? {} }, clock);
  if (status === 429 || throttlingNames.has(fault.name)) {
    return { ...refusal(fault, 429), status: 'THROTTLED', ...pause };
  }
  if (status >= 500) return { ...refusal(fault, status), status: 'TEMPORARY_FAILURE', providerIsDown: true, ...pause };
  if (status >= 400) return { ...refusal(fault, status), status: 'PERMANENT_FAILURE' };
  if (status >= 300) return { ...refusal(fault, status), status: 'PERMANENT_FAILURE', providerIsDown: true };
  return { status: 'UNKNOWN_FAILURE', statusCode: 502, statusMessage: 'The answer of the provider cannot be read' };
}

/** A parser's words quote what it could not read, which is no answer of the service. */
export function refusal(fault: AwsFault, statusCode: number): Pick<Outcome, 'statusCode' | 'statusMessage'> {
  const readable = !(fault instanceof SyntaxError) && !/^(Error|Unknown|UnknownError)$/.test(fault.name);
  const words = readable ? `${fault.message} (${fault.name})` : `The provider answered ${statusCode}`;
  return { statusCode, statusMessage: shorten(words) };
}

function statusOf({ $metadata, $response }: AwsFault): number | undefined {
  return $response?.statusCode ?? $metadata?.httpStatusCode;
}

/** The SDK's own timeouts have no code; that of the connection says that none was made. */
function connectionFaultKind(fault: AwsFault) {
  const refused = [fault, (fault as { readonly cause?: unknown }).cause].find((one) => one instanceof AddressRefused);
  if (refused !== undefined) return 'refused address' as const;
  if (fault.name === 'AbortError') return 'timeout' as const;
  if (fault.name !== 'TimeoutError') return outgoingFaultKind(fault);
  return /establish a connection|ETIMEDOUT/.test(fault.message) ? ('unreachable' as const) : ('timeout' as const);
}

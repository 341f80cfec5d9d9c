/** What Kinesis and Firehose have in common: clients by Region, and what their faults mean. */
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { DestinationFault } from '../destination.ts';

const connectTimeout = 5_000;
const answerTimeout = 15_000;

/**
 * Whither, and with which credentials, the standard AWS variables say. Over HTTP/1.1, since servers that speak these
 * protocols elsewhere know no other.
 */
export function clientSettings(region: string) {
  return {
    region,
    // Whoever sends counts the attempts.
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: connectTimeout,
      requestTimeout: answerTimeout,
      throwOnRequestTimeout: true,
    }),
  };
}

/** Names of AWS's faults tell no secrets; without an answer, only that there was none. */
export function awsFault(error: unknown): DestinationFault {
  const { name, $metadata } = error as { readonly name?: unknown; readonly $metadata?: { httpStatusCode?: number } };
  const isNamed = typeof name === 'string' && /^[A-Za-z]{1,64}$/.test(name);
  const isAnswer = $metadata?.httpStatusCode !== undefined || name === 'CredentialsProviderError';
  return new DestinationFault(isNamed && isAnswer ? name : 'no answer', { cause: error });
}

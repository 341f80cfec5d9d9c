/**
 * Options of an AWS client that sends: one attempt a call, because the SDK would also repeat a message whose answer
 * was lost, and no way into closed networks for an address that somebody typed in. What the operator's environment
 * names (`AWS_ENDPOINT_URL_…`) is reached wherever it is.
 */
import type { OutgoingNetworks } from './networks.ts';

/** Whatever is left out comes from the standard environment. */
export interface AwsAccess {
  readonly region?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly baseUrl?: string;
}

const connectionsPerHost = 64;
const connectionTimeout = 5_000;
/** From the first byte sent to the last received. */
const answerTimeout = 15_000;

/** @param networks where a base URL may lead; undefined: the operator named it */
export function awsClientOptions({ region, credentials, baseUrl }: AwsAccess, networks: OutgoingNetworks | undefined) {
  const options = {
    ...{ keepAlive: true, maxSockets: connectionsPerHost },
    ...(baseUrl !== undefined && networks !== undefined && { lookup: networks.lookup }),
  };
  return {
    ...(region !== undefined && { region }),
    ...(credentials !== undefined && { credentials }),
    ...(baseUrl !== undefined && { endpoint: baseUrl }),
    maxAttempts: 1,
    // Options, not agents: the client ends only those that it made itself.
    requestHandler: { connectionTimeout, httpAgent: options, httpsAgent: options },
  };
}

/** A host that is an address is connected to without any look-up. @throws AddressRefused */
export function checkBaseUrl({ baseUrl }: AwsAccess, networks: OutgoingNetworks | undefined): void {
  if (baseUrl !== undefined) networks?.checkHost(new URL(baseUrl).hostname);
}

export function answerDeadline(ended: AbortSignal, milliseconds = answerTimeout): AbortSignal {
  return AbortSignal.any([ended, AbortSignal.timeout(milliseconds)]);
}

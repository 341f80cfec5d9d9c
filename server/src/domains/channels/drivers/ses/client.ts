/**
 * The SES client: one attempt a call, because the SDK would repeat a mail whose answer was lost and SES knows no
 * idempotency key; no way into closed networks for an address that a user typed in. What the operator's environment names
 * (`AWS_ENDPOINT_URL_SESV2`) is reached wherever it is.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import type { OutgoingNetworks } from '../../../../outgoing/networks.ts';
import type { SesSettings } from './settings.ts';

const connections = 64;
const timeouts = { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true };

export interface SesClient {
  /** @returns the id of the mail at SES. @throws what the SDK throws */
  send(input: SendEmailCommandInput, signal: AbortSignal): Promise<string | undefined>;
  close(): void;
}

/** The SDK is loaded at the first use: most installations do not need it, and it takes time and memory at the start. */
export async function openClient(
  { region, credentials, baseUrl }: SesSettings,
  networks: OutgoingNetworks,
): Promise<SesClient> {
  const { SendEmailCommand, SESv2Client } = await import('@aws-sdk/client-sesv2');
  const options = { keepAlive: true, maxSockets: connections, ...(baseUrl && { lookup: networks.lookup }) };
  const client = new SESv2Client({
    ...(region !== undefined && { region }),
    ...(credentials !== undefined && { credentials }),
    ...(baseUrl !== undefined && { endpoint: baseUrl }),
    maxAttempts: 1,
    requestHandler: { ...timeouts, httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) },
  });
  return {
    async send(input, abortSignal) {
      // A host that is an address is connected to without any look-up.
      if (baseUrl !== undefined) networks.checkHost(new URL(baseUrl).hostname);
      return (await client.send(new SendEmailCommand(input), { abortSignal })).MessageId;
    },
    close: () => client.destroy(),
  };
}

/**
 * Which URLs a custom channel may have, and the proof that whoever names one may do so: it answers HEAD with the number
 * of the account (dossier/messaging §14). For campaigns and journeys, when they are created and when the URL changes.
 */
import { badRequest } from '../../../../kernel/errors.ts';
import { OutgoingFault, type OutgoingHttp } from '../../../../outgoing/http.ts';

/** Alphanumerics and `- . _ ~ ? / # :` (so no `=`, `&`, `%`). */
const charset = /^https:\/\/[A-Za-z0-9\-._~?/#:]+$/;
const longest = 2_048;

/** Function names and ARNs have no `//`. */
export function isWebhookUri(deliveryUri: string): boolean {
  return deliveryUri.includes('//');
}

/** @throws BadRequestException */
export function readWebhookUrl(deliveryUri: string): URL {
  const url = charset.test(deliveryUri) && deliveryUri.length <= longest ? URL.parse(deliveryUri) : null;
  if (url === null) {
    throw badRequest('DeliveryUri must begin with https:// and may have letters, digits and - . _ ~ ? / # : only');
  }
  return url;
}

const ownerHeader = 'X-Amz-Pinpoint-AccountId';
const patience = 10_000;

/** @throws BadRequestException when the URL does not answer with the number of this account, or may not be asked */
export async function checkWebhookOwner(http: OutgoingHttp, deliveryUri: string, accountId: string): Promise<void> {
  const url = readWebhookUrl(deliveryUri);
  const owner = await askOwner(http, url);
  if (owner !== accountId) {
    throw badRequest(`DeliveryUri must answer a HEAD request with the account id in the header ${ownerHeader}`);
  }
}

async function askOwner(http: OutgoingHttp, url: URL): Promise<string | undefined> {
  try {
    const { headers } = await http.request({ method: 'HEAD', url, timeoutMilliseconds: patience });
    return headers[ownerHeader.toLowerCase()]?.trim();
  } catch (error) {
    if (error instanceof OutgoingFault) throw badRequest(`DeliveryUri does not answer a HEAD request: ${error.kind}`);
    throw error;
  }
}

/** Amazon Device Messaging: an access token of the app, then a request a message (Amazon: "Send a Message" of ADM). */
import { OutgoingFault, type OutgoingResponse } from '../../../../outgoing/http.ts';
import type { Driver, DriverParts, Outcome } from '../../driver.ts';
import type { OutgoingMessage } from '../../message.ts';
import { AccessToken } from '../access-token.ts';
import { requestToken, TokenRefused, tokenOutcome } from '../access-token-request.ts';
import { outcomeOfStatus } from '../delivery/http-outcomes.ts';
import { readAnswer, textOf } from '../delivery/json-answer.ts';
import { accepted } from '../delivery/outcomes.ts';
import { deliverPush, type PushMessage } from '../push-delivery.ts';
import type { AdmSettings } from './settings.ts';

const amazonUrl = 'https://api.amazon.com';
const deadReasons = new Set(['InvalidRegistrationId', 'Unregistered']);

export function openAdm({ ClientId, ClientSecret, BaseUrl = amazonUrl }: AdmSettings, parts: DriverParts): Driver {
  const { http, clock } = parts;
  const grant = {
    grant_type: 'client_credentials',
    scope: 'messaging:push',
    client_id: ClientId,
    client_secret: ClientSecret,
  };
  const token = new AccessToken(() => requestToken(http, `${BaseUrl}/auth/O2/token`, grant), clock);

  const attempt = ({ address, content }: PushMessage, value: string) =>
    http.request({
      method: 'POST',
      url: `${BaseUrl}/messaging/registrations/${encodeURIComponent(address)}/messages`,
      headers: {
        authorization: `Bearer ${value}`,
        'content-type': 'application/json',
        accept: 'application/json',
        'x-amzn-type-version': 'com.amazon.device.messaging.ADMMessage@1.0',
        'x-amzn-accept-type': 'com.amazon.device.messaging.ADMSendResult@1.0',
      },
      body: content.payload,
    });
  const send = async (message: PushMessage, stop: AbortSignal): Promise<Outcome> => {
    try {
      const value = await token.get();
      if (stop.aborted) throw new OutgoingFault('unreachable');
      const response = await attempt(message, value);
      const renewed = response.status === 401 ? await token.renew(value) : undefined;
      return outcomeOf(renewed === undefined ? response : await attempt(message, renewed), message, clock.now());
    } catch (error) {
      if (error instanceof TokenRefused) return tokenOutcome(error, 'ADM', clock.now());
      throw error;
    }
  };
  return {
    limits: { batch: 200, concurrency: 2 },
    deliver: deliverPush({ service: 'ADM', width: 32, send }, parts),
    close: async () => undefined,
  };
}

function outcomeOf(response: OutgoingResponse, { address }: OutgoingMessage, now: Date): Outcome {
  const { registrationID, reason: given } = readAnswer(response.text);
  const reason = textOf(given);
  if (response.status === 200) {
    const registrationId = textOf(registrationID);
    if (registrationId === undefined) return outcomeOfStatus(response, 'ADM answered without a registrationID.', now);
    const outcome = accepted(response.headers['x-amzn-requestid']);
    return registrationId === address ? outcome : { ...outcome, updatedAddress: registrationId };
  }
  const outcome = outcomeOfStatus(response, reason, now);
  if (response.status === 401) return { ...outcome, providerIsDown: true };
  return reason !== undefined && deadReasons.has(reason) ? { ...outcome, addressIsDead: true } : outcome;
}

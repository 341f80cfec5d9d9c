/**
 * Firebase Cloud Messaging. TOKEN speaks HTTP v1 over HTTP/2; KEY speaks the legacy form to a gateway of the user's, as
 * Google has switched its own off.
 */
import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { OutgoingResponse } from '../../../../outgoing/http.ts';
import { OutgoingHttp2 } from '../../../../outgoing/http2.ts';
import type { Driver, DriverParts, Outcome } from '../../driver.ts';
import { readServiceAccount, type ServiceAccount } from '../../service-account.ts';
import { AccessToken } from '../access-token.ts';
import { requestToken, TokenRefused, tokenOutcome } from '../access-token-request.ts';
import { refused } from '../delivery/outcomes.ts';
import { deliverPush, type PushMessage } from '../push-delivery.ts';
import { isTokenRefusal, outcomeOf } from './answers.ts';
import { legacyBody, legacyOutcome } from './legacy.ts';
import type { FcmSettings } from './settings.ts';

const batch = 500;
const googleUrl = 'https://fcm.googleapis.com';
const scope = 'https://www.googleapis.com/auth/firebase.messaging';

export function openFcm(settings: FcmSettings, parts: DriverParts): Driver {
  const { BaseUrl, ServiceJson, DefaultAuthenticationMethod } = settings;
  const v1 = ServiceJson === undefined ? undefined : openV1(readServiceAccount(ServiceJson), BaseUrl, parts);
  const send = async (message: PushMessage, stop: AbortSignal): Promise<Outcome> => {
    const method = message.content.authentication ?? DefaultAuthenticationMethod;
    if (method === 'KEY') return sendLegacy(settings, message, parts);
    if (v1 === undefined) return refused('Token authentication was asked for, but the channel has no ServiceJson.');
    return v1.send(message, stop);
  };
  const stopWaiting = (signal: AbortSignal) => v1?.http2.giveUpWaiting(signal);
  return {
    limits: { batch, concurrency: 4 },
    deliver: deliverPush({ service: 'FCM', width: batch, send, stopWaiting }, parts),
    close: async () => v1?.http2.close(),
  };
}

async function sendLegacy(
  { ApiKey, BaseUrl }: FcmSettings,
  message: PushMessage,
  parts: DriverParts,
): Promise<Outcome> {
  if (ApiKey === undefined) return refused('Key authentication was asked for, but the channel has no ApiKey.');
  if (BaseUrl === undefined) {
    return refused(
      'FCM no longer takes server keys. Give the channel a ServiceJson and DefaultAuthenticationMethod TOKEN.',
    );
  }
  const response = await parts.http.request({
    method: 'POST',
    url: BaseUrl,
    headers: { authorization: `key=${ApiKey}`, 'content-type': 'application/json' },
    body: legacyBody(message.address, message.content.payload),
  });
  return legacyOutcome(response, parts.clock.now());
}

function openV1(account: ServiceAccount, baseUrl: string | undefined, parts: DriverParts) {
  const base = new URL(baseUrl ?? googleUrl);
  const path = `${base.pathname.replace(/\/$/, '')}/v1/projects/${encodeURIComponent(account.projectId)}/messages:send`;
  const http2 = new OutgoingHttp2({ origin: base.origin, networks: parts.networks });
  const token = accountToken(account, parts);
  const attempt = (body: string, value: string, stop: AbortSignal): Promise<OutgoingResponse> =>
    http2.request({
      method: 'POST',
      path,
      headers: { authorization: `Bearer ${value}`, 'content-type': 'application/json' },
      body,
      stop,
    });
  const send = async ({ address, content }: PushMessage, stop: AbortSignal): Promise<Outcome> => {
    const body = JSON.stringify({ message: { ...JSON.parse(content.payload), token: address } });
    try {
      const value = await token.get();
      const response = await attempt(body, value, stop);
      const renewed = isTokenRefusal(response) ? await token.renew(value) : undefined;
      return outcomeOf(renewed === undefined ? response : await attempt(body, renewed, stop), parts.clock.now());
    } catch (error) {
      if (error instanceof TokenRefused) return tokenOutcome(error, 'FCM', parts.clock.now());
      throw error;
    }
  };
  return { http2, send };
}

/** An assertion signed with the service account's key, for an access token of an hour (RFC 7523). */
function accountToken(account: ServiceAccount, { http, clock }: DriverParts): AccessToken {
  const key = createPrivateKey(account.privateKey);
  return new AccessToken(async () => {
    const now = Math.floor(clock.now().getTime() / 1000);
    const assertion = await new SignJWT({ scope })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: account.privateKeyId })
      .setIssuer(account.clientEmail)
      .setAudience(account.tokenUri)
      .setIssuedAt(now)
      .setExpirationTime(now + 3600)
      .sign(key);
    const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
    return requestToken(http, account.tokenUri, grant);
  }, clock);
}

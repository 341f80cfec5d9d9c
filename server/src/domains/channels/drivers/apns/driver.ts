/**
 * APNs over HTTP/2. Token and certificate have connections of their own: Apple does not take both on one. A message may
 * choose between them; when its choice fails, the other is not tried (dossier/messaging §8.2).
 */
import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { OutgoingResponse } from '../../../../outgoing/http.ts';
import { OutgoingHttp2 } from '../../../../outgoing/http2.ts';
import type { Driver, DriverParts } from '../../driver.ts';
import type { PushContent } from '../../message.ts';
import { AccessToken } from '../access-token.ts';
import { refused } from '../delivery/outcomes.ts';
import { deliverPush, type PushMessage } from '../push-delivery.ts';
import { outcomeOf, reasonOf } from './answers.ts';
import { type ApnsAuthentication, type ApnsSettings, originOf, topicOf } from './settings.ts';

const batch = 500;
const minute = 60_000;
/** Apple wants a token used for 20 to 60 minutes. */
const tokenAge = 45 * minute;
const renewalPause = 20 * minute;

/** Sends with one method of authentication. */
interface Sender {
  readonly http2: OutgoingHttp2;
  post(path: string, headers: Record<string, string>, body: string, stop: AbortSignal): Promise<OutgoingResponse>;
}

export function openApns(settings: ApnsSettings, parts: DriverParts): Driver {
  const senders = sendersOf(settings, parts);
  const base = new URL(originOf(settings)).pathname.replace(/\/$/, '');
  const send = async ({ address, key, content }: PushMessage, stop: AbortSignal) => {
    const method = methodOf(settings, content);
    const sender = senders[method];
    if (sender === undefined) return refused(missingCredentials[method]);
    const headers = headersOf(settings, content, key);
    const response = await sender.post(
      `${base}/3/device/${encodeURIComponent(address)}`,
      headers,
      content.payload,
      stop,
    );
    return outcomeOf(response, parts.clock.now());
  };
  const all = Object.values(senders);
  return {
    limits: { batch, concurrency: 4 },
    deliver: deliverPush(
      {
        service: 'APNs',
        width: batch,
        send,
        stopWaiting: (signal) => {
          for (const { http2 } of all) http2.giveUpWaiting(signal);
        },
      },
      parts,
    ),
    close: async () => {
      await Promise.all(all.map(({ http2 }) => http2.close()));
    },
  };
}

const missingCredentials: Readonly<Record<ApnsAuthentication, string>> = {
  TOKEN: 'Token authentication was asked for, but the channel has no TokenKey.',
  CERTIFICATE: 'Certificate authentication was asked for, but the channel has no Certificate.',
};

function methodOf({ DefaultAuthenticationMethod }: ApnsSettings, { authentication }: PushContent): ApnsAuthentication {
  if (authentication === undefined) return DefaultAuthenticationMethod;
  return authentication === 'CERTIFICATE' ? 'CERTIFICATE' : 'TOKEN';
}

/** A VoIP topic takes no other type (Apple: apns-push-type). */
function headersOf(settings: ApnsSettings, { headers }: PushContent, key: string): Record<string, string> {
  const pushType = settings.Voip ? 'voip' : headers['apns-push-type'];
  const topic = topicOf(settings, pushType);
  return {
    ...headers,
    'apns-id': key.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    ...(pushType === undefined ? {} : { 'apns-push-type': pushType }),
    // A certificate without BundleId: Apple takes the subject of the certificate.
    ...(topic === undefined ? {} : { 'apns-topic': topic }),
  };
}

function sendersOf(settings: ApnsSettings, parts: DriverParts): Partial<Record<ApnsAuthentication, Sender>> {
  const { TokenKey, Certificate, PrivateKey } = settings;
  return {
    ...(TokenKey === undefined ? {} : { TOKEN: tokenSender(settings, TokenKey, parts) }),
    ...(Certificate === undefined || PrivateKey === undefined
      ? {}
      : { CERTIFICATE: certificateSender(settings, { cert: Certificate, key: PrivateKey }, parts) }),
  };
}

function certificateSender(
  settings: ApnsSettings,
  certificate: { readonly cert: string; readonly key: string },
  { networks }: DriverParts,
): Sender {
  const http2 = new OutgoingHttp2({ origin: originOf(settings), networks, certificate });
  return {
    http2,
    post: (path, headers, body, stop) => http2.request({ method: 'POST', path, headers, body, stop }),
  };
}

function tokenSender(settings: ApnsSettings, tokenKey: string, { networks, clock }: DriverParts): Sender {
  const http2 = new OutgoingHttp2({ origin: originOf(settings), networks });
  const key = createPrivateKey(tokenKey);
  const token = new AccessToken(
    async () => ({
      value: await new SignJWT()
        .setProtectedHeader({ alg: 'ES256', kid: settings.TokenKeyId ?? '' })
        .setIssuer(settings.TeamId ?? '')
        .setIssuedAt(clock.now())
        .sign(key),
      usableForMilliseconds: tokenAge,
    }),
    clock,
    renewalPause,
  );
  const attempt = (value: string, [path, headers, body, stop]: Parameters<Sender['post']>) =>
    http2.request({
      method: 'POST',
      path,
      headers: { ...headers, authorization: `bearer ${value}` },
      body,
      stop,
    });
  return {
    http2,
    post: async (...request) => {
      const value = await token.get();
      const response = await attempt(value, request);
      if (response.status !== 403 || reasonOf(response) !== 'ExpiredProviderToken') return response;
      const renewed = await token.renew(value);
      return renewed === undefined ? response : attempt(renewed, request);
    },
  };
}

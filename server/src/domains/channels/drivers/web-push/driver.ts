/**
 * Web Push (RFC 8030, 8188, 8291, 8292): the address is the JSON of a browser's PushSubscription, the payload the data
 * object that an Android app would get. Subscriptions come from browsers, so each names the push service it likes:
 * requests go through the checked networks, and no single service stands for the provider as a whole.
 */
import { createHash } from 'node:crypto';
import webPush from 'web-push';
import type { OutgoingResponse } from '../../../../outgoing/http.ts';
import type { Driver, DriverParts, Outcome } from '../../driver.ts';
import { outcomeOfFault, outcomeOfStatus } from '../delivery/http-outcomes.ts';
import { type JsonObject, readAnswer, textOf } from '../delivery/json-answer.ts';
import { accepted, refused } from '../delivery/outcomes.ts';
import { deliverPush, type PushMessage } from '../push-delivery.ts';
import type { WebPushSettings } from './settings.ts';

const fourWeeks = 2_419_200;
const maximumTopicLength = 32;

export function openWebPush(settings: WebPushSettings, parts: DriverParts): Driver {
  const vapidDetails = {
    subject: settings.VapidSubject,
    publicKey: settings.VapidPublicKey,
    privateKey: settings.VapidPrivateKey,
  };
  const send = async ({ address, content }: PushMessage): Promise<Outcome> => {
    const subscription = readSubscription(address);
    if (subscription === undefined) return refused('The address is not the JSON of a PushSubscription.');
    const { data, android } = JSON.parse(content.payload) as {
      readonly data?: JsonObject;
      readonly android?: JsonObject;
    };
    const details = encrypt(subscription, JSON.stringify(data ?? {}), { ...optionsOf(android ?? {}), vapidDetails });
    if (details === undefined) return refused('The keys of the PushSubscription are not valid.');
    const { 'Content-Length': _counted, ...headers } = details.headers;
    try {
      const response = await parts.http.request({
        method: 'POST',
        url: details.endpoint,
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
        body: details.body,
      });
      return outcomeOf(response, parts.clock.now());
    } catch (error) {
      const { providerIsDown: _others, ...outcome } = outcomeOfFault(error, 'the push service');
      return outcome;
    }
  };
  return {
    limits: { batch: 200, concurrency: 2 },
    deliver: deliverPush({ service: 'the push service', width: 32, send }, parts),
    close: async () => undefined,
  };
}

function readSubscription(address: string): webPush.PushSubscription | undefined {
  const { endpoint, keys } = readAnswer(address);
  const { p256dh, auth } = (keys ?? {}) as JsonObject;
  if (typeof endpoint !== 'string' || typeof p256dh !== 'string' || typeof auth !== 'string') return undefined;
  return URL.parse(endpoint)?.protocol === 'https:' ? { endpoint, keys: { p256dh, auth } } : undefined;
}

/** undefined: the library refuses the browser's keys. It quotes them, so its words are not passed on. */
function encrypt(subscription: webPush.PushSubscription, payload: string, options: webPush.RequestOptions) {
  try {
    return webPush.generateRequestDetails(subscription, payload, { ...options, contentEncoding: 'aes128gcm' });
  } catch {
    return undefined;
  }
}

/** From what FCM is told for Android. */
function optionsOf({ ttl, priority, collapse_key: collapseKey }: JsonObject): webPush.RequestOptions {
  const seconds = typeof ttl === 'string' ? Number.parseInt(ttl, 10) : Number.NaN;
  return {
    TTL: Number.isNaN(seconds) ? fourWeeks : seconds,
    urgency: priority === 'HIGH' ? 'high' : 'normal',
    ...(typeof collapseKey === 'string' ? { topic: topicOf(collapseKey) } : {}),
  };
}

/** At most 32 characters of base64url (RFC 8030 §5.4): another key is replaced by its hash, the same for the same key. */
function topicOf(collapseKey: string): string {
  if (/^[A-Za-z0-9_-]{1,32}$/.test(collapseKey)) return collapseKey;
  return createHash('sha256').update(collapseKey).digest('base64url').slice(0, maximumTopicLength);
}

function outcomeOf(response: OutgoingResponse, now: Date): Outcome {
  const { status, headers, text } = response;
  if (status >= 200 && status < 300) return accepted(headers['location']?.split('/').at(-1));
  const { providerIsDown: _others, ...outcome } = outcomeOfStatus(response, textOf(text.trim()), now);
  return status === 404 || status === 410 ? { ...outcome, addressIsDead: true } : outcome;
}

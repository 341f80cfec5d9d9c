/** What leaves for APNs: the payload and Apple's headers (dossier/messaging §11.4). Topic and token belong to the driver. */
import type { PushContent } from '../message.ts';
import { attributionOf, surroundingsOf } from './attribution.ts';
import { checkSize, type PushCircumstances, type PushMessage, present, Unbuildable } from './push-message.ts';
import { isObject, type JsonObject, readRawContent } from './raw-content.ts';

const maximumBytes = 4096;
const maximumCollapseIdBytes = 64;
const pushTypes = ['alert', 'background', 'complication', 'fileprovider', 'mdm', 'voip'];

/** @throws Unbuildable */
export function buildApns(message: PushMessage, circumstances: PushCircumstances): PushContent {
  const { text, inferredType } = payloadOf(message, circumstances);
  checkSize(Buffer.byteLength(text), maximumBytes, 'APNs');
  return {
    kind: 'push',
    payload: text,
    headers: headersOf(message, inferredType, circumstances.now),
    authentication: message.authentication,
  };
}

interface Payload {
  readonly text: string;
  readonly inferredType: 'alert' | 'background';
}

function payloadOf(message: PushMessage, circumstances: PushCircumstances): Payload {
  if (message.rawContent !== undefined) return rawPayload(message.rawContent, message, circumstances);
  const { mediaUrl, silentPush } = message;
  const aps = silentPush === true ? { 'content-available': 1 } : visibleAps(message);
  const data = present<unknown>({ 'media-url': mediaUrl, pinpoint: pinpointOf(message, circumstances) });
  return { text: JSON.stringify({ aps, data }), inferredType: silentPush === true ? 'background' : 'alert' };
}

function visibleAps({ title, body, sound, badge, category, threadId, mediaUrl }: PushMessage): JsonObject {
  const alert = present({ title, body });
  return present<unknown>({
    alert: Object.keys(alert).length === 0 ? undefined : alert,
    sound,
    badge,
    category,
    'thread-id': threadId,
    // Lets the app's extension load the medium before the notification is shown.
    'mutable-content': mediaUrl === undefined ? undefined : 1,
  });
}

/** iOS clients want an object here, or record no event and follow no link (dossier/messaging §11.4). */
function pinpointOf({ action, url, jsonBody }: PushMessage, circumstances: PushCircumstances): JsonObject {
  const ours = present<unknown>({
    url: action === 'URL' ? url : undefined,
    deeplink: action === 'DEEP_LINK' ? url : undefined,
    jsonBody: jsonBody === undefined ? undefined : parsedOrText(jsonBody),
    ...attributionOf(circumstances.origin),
  });
  return { ...ours, ...surroundingsOf(circumstances), ...ours };
}

function parsedOrText(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/**
 * The caller's own text where nothing has to be added. Ids are added for campaigns and journeys only where the caller has
 * no `data`, so that opens are counted; never anything overwritten (UNDECIDED in dossier/messaging §11.4).
 */
function rawPayload(rawContent: string, { silentPush }: PushMessage, { origin }: PushCircumstances): Payload {
  const raw = readRawContent(rawContent, 'APNSMessage');
  const addsIds = origin.kind !== 'direct' && raw.object['data'] === undefined;
  const whole = addsIds ? { ...raw.object, data: { pinpoint: attributionOf(origin) } } : raw.object;
  return {
    text: addsIds || raw.text === undefined ? JSON.stringify(whole) : raw.text,
    inferredType: silentPush === true || isBackground(raw.object['aps']) ? 'background' : 'alert',
  };
}

/** Apple drops an alert that is sent as background: content-available beside one wakes the app and shows it. */
function isBackground(aps: unknown): boolean {
  if (!isObject(aps) || Number(aps['content-available']) !== 1) return false;
  return !['alert', 'badge', 'sound'].some((key) => key in aps);
}

function headersOf(message: PushMessage, inferredType: string, now: Date): Record<string, string> {
  const { pushType = inferredType, priority, timeToLive, collapseId } = message;
  if (!pushTypes.includes(pushType)) {
    throw new Unbuildable(400, `APNSPushType must be one of ${pushTypes.join(', ')}.`);
  }
  checkCollapseId(collapseId);
  return present({
    'apns-push-type': pushType,
    // Apple refuses 10 for background pushes.
    'apns-priority': priority === 'normal' || pushType === 'background' ? '5' : '10',
    'apns-expiration': timeToLive === undefined ? undefined : expiration(timeToLive, now),
    'apns-collapse-id': collapseId,
  });
}

/** 0 stays 0: one attempt, nothing stored. */
function expiration(timeToLive: number, now: Date): string {
  return timeToLive === 0 ? '0' : String(Math.floor(now.getTime() / 1000) + timeToLive);
}

function checkCollapseId(collapseId: string | undefined): void {
  if (collapseId === undefined) return;
  if (Buffer.byteLength(collapseId) > maximumCollapseIdBytes) {
    throw new Unbuildable(400, `CollapseId must not exceed ${maximumCollapseIdBytes} bytes.`);
  }
  // It travels in a header.
  if (!/^[\x20-\x7e]+$/.test(collapseId)) throw new Unbuildable(400, 'CollapseId must be printable ASCII.');
}

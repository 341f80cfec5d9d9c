/**
 * What leaves for FCM: the `message` of HTTP v1 without its token (dossier/messaging §11.2). Data only: with a
 * `notification` block Android shows the message itself and the client library never runs.
 */
import type { PushContent } from '../message.ts';
import { androidData, bytesOfData } from './android-data.ts';
import { checkSize, type PushCircumstances, type PushMessage, present, Unbuildable } from './push-message.ts';
import { isObject, type JsonObject, readRawContent, toStrings } from './raw-content.ts';

const maximumBytes = 4096;
/** Four weeks; FCM refuses more. */
const maximumTimeToLive = 2_419_200;

/** @throws Unbuildable */
export function buildFcm(message: PushMessage, circumstances: PushCircumstances): PushContent {
  const payload =
    message.rawContent === undefined
      ? { data: androidData(message, circumstances), android: androidOptions(message) }
      : fromRawContent(message.rawContent);
  checkSize(countedBytes(payload), maximumBytes, 'FCM');
  return { kind: 'push', payload: JSON.stringify(payload), headers: {}, authentication: message.authentication };
}

function androidOptions({ priority, timeToLive, collapseId, restrictedPackageName }: PushMessage): JsonObject {
  return present({
    priority: priority === 'high' ? 'HIGH' : 'NORMAL',
    ttl: timeToLive === undefined ? undefined : duration(timeToLive),
    collapse_key: collapseId,
    restricted_package_name: restrictedPackageName,
  });
}

/** FCM counts keys and values of data, and the notification. */
function countedBytes({ data, notification }: JsonObject): number {
  return (
    (isObject(data) ? bytesOfData(toStrings(data)) : 0) +
    (isObject(notification) ? Buffer.byteLength(JSON.stringify(notification)) : 0)
  );
}

/** v1 under `fcmV1Message` goes as it is, less its targets; anything else is the legacy form, and is translated. */
function fromRawContent(rawContent: string): JsonObject {
  const { object } = readRawContent(rawContent, 'GCMMessage');
  const v1 = isObject(object['fcmV1Message']) ? object['fcmV1Message'] : object;
  if (isObject(v1['message'])) {
    const { token: _token, topic: _topic, condition: _condition, ...message } = v1['message'];
    return isObject(message['data']) ? { ...message, data: toStrings(message['data']) } : message;
  }
  return fromLegacy(object);
}

/** Keys of the legacy `notification` that v1 has under another name, or under `android.notification` only. */
const androidNotificationKeys: Readonly<Record<string, string>> = {
  android_channel_id: 'channel_id',
  icon: 'icon',
  sound: 'sound',
  tag: 'tag',
  color: 'color',
  click_action: 'click_action',
  body_loc_key: 'body_loc_key',
  body_loc_args: 'body_loc_args',
  title_loc_key: 'title_loc_key',
  title_loc_args: 'title_loc_args',
};

/** The legacy HTTP message in terms of v1. Its own targets and `dry_run` are dropped. */
function fromLegacy(legacy: JsonObject): JsonObject {
  const { data, notification, priority, time_to_live, collapse_key, restricted_package_name } = legacy;
  const shown = isObject(notification) ? notification : undefined;
  const android = present<unknown>({
    priority: typeof priority === 'string' ? priority.toUpperCase() : undefined,
    ttl: time_to_live === undefined ? undefined : duration(Number(time_to_live)),
    collapse_key,
    restricted_package_name,
    notification: shown === undefined ? undefined : androidNotification(shown),
  });
  return present<unknown>({
    data: isObject(data) ? toStrings(data) : undefined,
    notification:
      shown === undefined ? undefined : present({ title: shown['title'], body: shown['body'], image: shown['image'] }),
    android: Object.keys(android).length === 0 ? undefined : android,
  });
}

function androidNotification(notification: JsonObject): JsonObject | undefined {
  const entries = Object.entries(notification).flatMap(([key, value]) => {
    const name = androidNotificationKeys[key];
    if (name === undefined) return [];
    return [[name, name.endsWith('_args') && typeof value === 'string' ? readList(value) : value]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The legacy API takes lists of arguments as JSON text as well. */
function readList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unbuildable(400, 'RawContent: arguments of a notification must be a JSON list.');
  }
}

function duration(seconds: number): string {
  if (!(seconds >= 0)) throw new Unbuildable(400, 'The time to live must be a number of seconds.');
  return `${Math.min(seconds, maximumTimeToLive)}s`;
}

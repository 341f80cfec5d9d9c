/**
 * What leaves for Baidu: the parameters of `push/single_device` that belong to the message (dossier/messaging §11.5;
 * push.baidu.com/doc/restapi). The flat keys are custom content of a notification; a silent push is a message that the
 * app alone receives.
 */
import type { PushContent } from '../message.ts';
import { androidData } from './android-data.ts';
import { checkSize, type PushCircumstances, type PushMessage, present } from './push-message.ts';
import { type JsonObject, readRawContent } from './raw-content.ts';

const maximumBytes = 4096;
const maximumTimeToLive = 604_800;
const notificationType = 1;
const messageType = 0;

/** @throws Unbuildable */
export function buildBaidu(message: PushMessage, circumstances: PushCircumstances): PushContent {
  const msg =
    message.rawContent === undefined
      ? notificationOf(message, circumstances)
      : readRawContent(message.rawContent, 'BaiduMessage').object;
  checkSize(Buffer.byteLength(JSON.stringify(msg)), maximumBytes, 'Baidu');
  const { timeToLive, silentPush, authentication } = message;
  const payload = present<unknown>({
    msg_type: silentPush === true ? messageType : notificationType,
    msg_expires: timeToLive === undefined ? undefined : Math.min(timeToLive, maximumTimeToLive),
    msg,
  });
  return { kind: 'push', payload: JSON.stringify(payload), headers: {}, authentication };
}

function notificationOf(message: PushMessage, circumstances: PushCircumstances): JsonObject {
  return present<unknown>({
    title: message.title,
    description: message.body,
    custom_content: androidData(message, circumstances),
  });
}

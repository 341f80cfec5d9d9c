/** What leaves for Amazon Device Messaging (dossier/messaging §11.5): no priority, no time to live but its own. */
import type { PushContent } from '../message.ts';
import { androidData, bytesOfData } from './android-data.ts';
import { checkSize, type PushCircumstances, type PushMessage, present, Unbuildable } from './push-message.ts';
import { isObject, type JsonObject, readRawContent, toStrings } from './raw-content.ts';

const maximumBytes = 6 * 1024;

/** @throws Unbuildable */
export function buildAdm(message: PushMessage, circumstances: PushCircumstances): PushContent {
  const raw = message.rawContent === undefined ? undefined : fromRawContent(message.rawContent);
  const data = raw?.data ?? androidData(message, circumstances);
  checkSize(bytesOfData(data), maximumBytes, 'ADM');
  const payload = present<unknown>({
    data,
    consolidationKey: message.collapseId,
    expiresAfter: readSeconds(message.expiresAfter),
    md5: message.md5,
    ...raw?.options,
  });
  return { kind: 'push', payload: JSON.stringify(payload), headers: {}, authentication: message.authentication };
}

function readSeconds(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (!/^\s*[0-9]{1,9}\s*$/.test(given)) throw new Unbuildable(400, 'ExpiresAfter must be a number of seconds.');
  return Number(given);
}

/** A documented sample has the flat keys at the top, numbers and booleans among them: they become `data`. */
function fromRawContent(rawContent: string): { data: Record<string, string>; options: JsonObject } {
  const { object } = readRawContent(rawContent, 'ADMMessage');
  const { data, consolidationKey, expiresAfter, md5, ...others } = object;
  const options = present({ consolidationKey, expiresAfter, md5 });
  if (!isObject(data)) return { data: toStrings(data === undefined ? others : { data, ...others }), options };
  const { notification, priority } = others;
  return { data: toStrings(data), options: { ...options, ...present({ notification, priority }) } };
}

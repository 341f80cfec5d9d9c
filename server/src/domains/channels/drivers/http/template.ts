/**
 * Places in URL and body where a message is put in. A value is put into what has been parsed, never into text, so no
 * message can change the form of a request.
 */
import { badRequest } from '../../../../kernel/errors.ts';
import type { OutgoingMessage } from '../../message.ts';

export const placeNames = [
  ...(['to', 'from', 'body', 'messageType', 'id', 'senderId', 'entityId', 'templateId'] as const),
  ...(['channel', 'languageCode', 'voiceId'] as const),
] as const;

export type PlaceName = (typeof placeNames)[number];
export type Values = Readonly<Record<PlaceName, string | undefined>>;

const placePattern = /\{([A-Za-z]+)\}/g;
const wholePlace = /^\{([A-Za-z]+)\}$/;

/** `from` is the number that sends, or else the sender id; `id` is ours, the same however often it is sent. */
export function valuesOf({ key, channelType, address, content }: OutgoingMessage): Values | undefined {
  if (content.kind !== 'sms' && content.kind !== 'voice') return undefined;
  const sms = content.kind === 'sms' ? content : undefined;
  const voice = content.kind === 'voice' ? content : undefined;
  return {
    to: address,
    from: content.originationNumber ?? sms?.senderId,
    body: content.body,
    messageType: sms?.messageType,
    id: key,
    senderId: sms?.senderId,
    entityId: sms?.entityId,
    templateId: sms?.templateId,
    channel: channelType,
    languageCode: voice?.languageCode,
    voiceId: voice?.voiceId,
  };
}

/** @throws BadRequestException for a place that there is not */
export function checkPlaces(text: string, setting: string): void {
  for (const [, name] of text.matchAll(placePattern)) {
    if (!placeNames.some((each) => each === name)) {
      throw badRequest(`${setting} has a place that there is not. There are: ${placeNames.join(', ')}`);
    }
  }
}

/** Undefined for text that is one place and nothing else, when the message has no value for it. */
export function fillText(text: string, values: Values): string | undefined {
  const [, only] = wholePlace.exec(text) ?? [];
  if (only !== undefined) return values[only as PlaceName];
  return text.replace(placePattern, (_place, name: PlaceName) => values[name] ?? '');
}

/** Members and elements that are one place without a value are left out: providers refuse empty sender ids. */
export function fillJson(template: unknown, values: Values): unknown {
  if (typeof template === 'string') return fillText(template, values);
  if (Array.isArray(template)) {
    return template.map((each) => fillJson(each, values)).filter((each) => each !== undefined);
  }
  if (typeof template !== 'object' || template === null) return template;
  const members = Object.entries(template).map(([name, each]) => [name, fillJson(each, values)] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/** Pairs that are one place without a value are left out. */
export function fillForm(template: URLSearchParams, values: Values): URLSearchParams {
  const filled = new URLSearchParams();
  for (const [name, text] of template) {
    const value = fillText(text, values);
    if (value !== undefined) filled.append(name, value);
  }
  return filled;
}

/**
 * One message for one recipient, in the form that leaves: source, overrides, variables and settings of the channel come
 * together here. Pure; what cannot be sent is an `Unsendable`.
 */
import {
  buildPush,
  countryOfNumber,
  countSmsParts,
  type EmailContent,
  isSenderId,
  isShortCode,
  type MessageContent,
  type PushChannelType,
  type PushCircumstances,
  type PushMessage,
  type RawEmailContent,
  SmsTooLong,
  toE164,
} from '../../channels/index.ts';
import { maximumHeaderValueLength } from '../../templates/index.ts';
import type { SendDetail } from '../sends/send.ts';
import { type Rendering, Unsendable } from './rendering.ts';
import type { EmailSource, Overrides, PushSource, SmsSource, VoiceSource } from './sources.ts';

/** What leaves, to which address, and what events tell of it. */
export interface Composed {
  readonly address: string;
  readonly content: MessageContent;
  readonly detail: Pick<SendDetail, 'email' | 'sms'>;
}

/** Settings of a channel resource that messages fall back to. */
export interface ChannelDefaults {
  readonly FromAddress?: string;
  readonly ConfigurationSet?: string;
  readonly SenderId?: string;
  readonly ShortCode?: string;
}

export function composeEmail(
  address: string,
  source: EmailSource,
  { title, body }: Overrides,
  rendering: Rendering,
  channel: ChannelDefaults,
): Composed {
  const from = source.from ?? channel.FromAddress;
  if (from === undefined) throw new Unsendable('FromAddress is missing, in the message and in the e-mail channel');
  checkEmailAddress(address);
  const envelope = {
    from,
    ...(source.returnPath !== undefined && { returnPath: source.returnPath }),
    ...(channel.ConfigurationSet !== undefined && { configurationSet: channel.ConfigurationSet }),
  };
  if (source.raw !== undefined) {
    const content: RawEmailContent = { kind: 'raw email', ...envelope, mime: source.raw };
    return { address, content, detail: { email: { from, subject: '' } } };
  }
  const html = rendering.renderOptional(body ?? source.html, 'html');
  const text = rendering.renderOptional(body ?? source.text, 'none');
  const subject = rendering.renderOptional(title ?? source.subject, 'none') ?? '';
  if (html === undefined && text === undefined) throw new Unsendable('The message has no content for e-mail');
  const content: EmailContent = {
    kind: 'email',
    ...envelope,
    replyTo: source.replyTo,
    subject: onOneLine('Subject', subject),
    ...(text !== undefined && { text }),
    // A text that replaces the whole message is no HTML where the message had none.
    ...(html !== undefined && (body === undefined || source.html !== undefined) && { html }),
    headers: source.headers.map(({ name, value }) => ({ name, value: headerValue(rendering.render(value, 'none')) })),
  };
  return { address, content, detail: { email: { from, subject: content.subject } } };
}

/** One address without a name: what comes from a caller or an endpoint must not bring headers or recipients along. */
function checkEmailAddress(address: string): void {
  if (address.length > 320 || !/^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+$/.test(address)) {
    throw new Unsendable('The address is not an e-mail address');
  }
}

/** A line break from a variable would begin another header. */
function onOneLine(member: string, text: string): string {
  if (/[\r\n]/.test(text)) throw new Unsendable(`${member} must stand on one line`);
  return text;
}

function headerValue(value: string): string {
  if (value.length > maximumHeaderValueLength) {
    throw new Unsendable(`A header has more than ${maximumHeaderValueLength} characters once rendered`);
  }
  return onOneLine('A header', value);
}

export function composeSms(
  address: string,
  source: SmsSource,
  { body }: Overrides,
  rendering: Rendering,
  channel: ChannelDefaults,
): Composed {
  const text = rendering.renderOptional(body ?? source.body, 'none');
  if (text === undefined || text === '') throw new Unsendable('The message has no content for SMS');
  const number = toE164(address);
  if (number === undefined) throw new Unsendable('The address is not a phone number');
  const { originationNumber = channel.ShortCode, senderId = channel.SenderId, entityId, templateId } = source;
  checkOrigination(originationNumber, senderId);
  const messageType = source.messageType ?? 'TRANSACTIONAL';
  return {
    address: number,
    content: {
      kind: 'sms',
      body: text,
      messageType,
      ...(originationNumber !== undefined && { originationNumber }),
      ...(senderId !== undefined && { senderId }),
      ...(entityId !== undefined && { entityId }),
      ...(templateId !== undefined && { templateId }),
    },
    detail: {
      sms: {
        messageType,
        parts: countParts(text),
        country: countryOfNumber(number) ?? '',
        origination: originationNumber ?? senderId ?? '',
      },
    },
  };
}

function checkOrigination(originationNumber: string | undefined, senderId: string | undefined): void {
  if (originationNumber !== undefined && !isShortCode(originationNumber) && toE164(originationNumber) === undefined) {
    throw new Unsendable('OriginationNumber must be a phone number or a short code');
  }
  if (senderId !== undefined && !isSenderId(senderId)) {
    throw new Unsendable('SenderId must have 1 to 11 letters and digits, and at least one letter');
  }
}

function countParts(text: string): number {
  try {
    return countSmsParts(text);
  } catch (error) {
    if (error instanceof SmsTooLong) throw new Unsendable(error.message);
    throw error;
  }
}

/** dossier/messaging §10 */
const maximumVoiceCharacters = 6_000;

export function composeVoice(
  address: string,
  source: VoiceSource,
  { body }: Overrides,
  rendering: Rendering,
): Composed {
  const text = rendering.renderOptional(body ?? source.body, 'none');
  if (text === undefined || text === '') throw new Unsendable('The message has no content for voice');
  if (text.length > maximumVoiceCharacters) {
    throw new Unsendable(`A voice message can have at most ${maximumVoiceCharacters} characters`);
  }
  const number = toE164(address);
  if (number === undefined) throw new Unsendable('The address is not a phone number');
  const { languageCode, voiceId, originationNumber } = source;
  return {
    address: number,
    content: {
      kind: 'voice',
      body: text,
      ...(languageCode !== undefined && { languageCode }),
      ...(voiceId !== undefined && { voiceId }),
      ...(originationNumber !== undefined && { originationNumber }),
    },
    detail: {},
  };
}

const renderedPushTexts = [
  'title',
  'body',
  'url',
  'imageUrl',
  'imageIconUrl',
  'smallImageIconUrl',
  'mediaUrl',
] as const;

export function composePush(
  channelType: PushChannelType,
  address: string,
  { message }: PushSource,
  overrides: Overrides,
  rendering: Rendering,
  circumstances: PushCircumstances,
): Composed {
  const raw = overrides.rawContent ?? message.rawContent;
  const said: PushMessage = {
    ...message,
    ...(overrides.title !== undefined && { title: overrides.title }),
    ...(overrides.body !== undefined && { body: overrides.body }),
    ...(raw !== undefined && { rawContent: rendering.render(raw, 'json') }),
    ...(message.jsonBody !== undefined && { jsonBody: rendering.render(message.jsonBody, 'json') }),
  };
  const texts = raw === undefined ? renderedPushTexts : [];
  const rendered = Object.fromEntries(texts.map((name) => [name, rendering.renderOptional(said[name], 'none')]));
  const content = buildPush(channelType, { ...said, ...rendered }, circumstances);
  if (content.kind === 'fault') throw new Unsendable(content.statusMessage, content.statusCode);
  return { address, content, detail: {} };
}

/** Sources of SendMessages and SendUsersMessages: DirectMessageConfiguration and templates (dossier/messaging §5.1, §5.3). */
import type { DirectMessageConfiguration, EmailMessage } from '../../../contract/pinpoint-types.ts';
import { badRequest } from '../../../kernel/errors.ts';
import {
  fromAdmMessage,
  fromApnsMessage,
  fromBaiduMessage,
  fromDefaultPush,
  fromGcmMessage,
  fromPushTemplate,
  type PushChannelType,
  type PushMessage,
} from '../../channels/index.ts';
import { checkEmailHeaders, type FoundTemplate } from '../../templates/index.ts';
import type { EmailSource, MessageSources, PushSource, SmsSource, TextSource, VoiceSource } from './sources.ts';

/** Templates that the call names and that are there. */
export interface DirectTemplates {
  readonly EMAIL: FoundTemplate<'EMAIL'> | undefined;
  readonly PUSH: FoundTemplate<'PUSH'> | undefined;
  readonly SMS: FoundTemplate<'SMS'> | undefined;
  readonly VOICE: FoundTemplate<'VOICE'> | undefined;
}

/** @throws BadRequestException for headers and MIME that no message can have */
export function directSources(configuration: DirectMessageConfiguration, templates: DirectTemplates): MessageSources {
  return {
    email: emailSource(configuration, templates.EMAIL),
    sms: smsSource(configuration, templates.SMS),
    voice: voiceSource(configuration, templates.VOICE),
    push: (channelType) => pushSource(channelType, configuration, templates.PUSH),
    substitutions: configuration.DefaultMessage?.Substitutions ?? none,
  };
}

const none = Object.freeze({});

function textSource(
  message: { readonly Substitutions?: TextSource['substitutions'] } | undefined,
  template: FoundTemplate<'EMAIL' | 'PUSH' | 'SMS' | 'VOICE'> | undefined,
): TextSource {
  return { substitutions: message?.Substitutions ?? none, defaults: template?.defaults ?? none };
}

function emailSource(
  { EmailMessage: message, DefaultMessage: fallback }: DirectMessageConfiguration,
  template: FoundTemplate<'EMAIL'> | undefined,
): EmailSource | undefined {
  if (message === undefined && template === undefined && fallback?.Body === undefined) return undefined;
  const settings = {
    ...textSource(message, template),
    from: message?.FromAddress,
    replyTo: message?.ReplyToAddresses ?? [],
    returnPath: message?.FeedbackForwardingAddress,
    raw: readRaw(message),
  };
  if (template !== undefined) {
    const { Subject, HtmlPart, TextPart, Headers } = template.content;
    const headers = readHeaders(Headers ?? message?.SimpleEmail?.Headers);
    return { ...settings, subject: Subject, html: HtmlPart, text: TextPart, headers };
  }
  const simple = message?.SimpleEmail;
  if (simple === undefined) {
    return { ...settings, subject: undefined, html: undefined, text: message?.Body ?? fallback?.Body, headers: [] };
  }
  return {
    ...settings,
    subject: simple.Subject?.Data,
    html: simple.HtmlPart?.Data,
    text: simple.TextPart?.Data,
    headers: readHeaders(simple.Headers),
  };
}

function readHeaders(headers: readonly { readonly Name?: string; readonly Value?: string }[] = []) {
  checkEmailHeaders(headers, 'Headers');
  return headers.map(({ Name = '', Value = '' }) => ({ name: Name, value: Value }));
}

/** The SDKs encode blobs as base64. White space goes first: an expression that allows it as well takes quadratic time. */
function readRaw(message: EmailMessage | undefined): Buffer | undefined {
  const data: unknown = message?.RawEmail?.Data;
  if (data === undefined) return undefined;
  if (typeof data !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(data.replace(/\s/g, ''))) {
    throw badRequest('MessageConfiguration.EmailMessage.RawEmail.Data must be base64');
  }
  return Buffer.from(data, 'base64');
}

function smsSource(
  { SMSMessage: message, DefaultMessage: fallback }: DirectMessageConfiguration,
  template: FoundTemplate<'SMS'> | undefined,
): SmsSource | undefined {
  const body = template?.content.Body ?? message?.Body ?? fallback?.Body;
  if (body === undefined && message === undefined) return undefined;
  return {
    ...textSource(message, template),
    body,
    messageType: message?.MessageType,
    originationNumber: message?.OriginationNumber,
    senderId: message?.SenderId,
    entityId: message?.EntityId,
    templateId: message?.TemplateId,
  };
}

function voiceSource(
  { VoiceMessage: message, DefaultMessage: fallback }: DirectMessageConfiguration,
  template: FoundTemplate<'VOICE'> | undefined,
): VoiceSource | undefined {
  const body = template?.content.Body ?? message?.Body ?? fallback?.Body;
  if (body === undefined && message === undefined) return undefined;
  return {
    ...textSource(message, template),
    body,
    languageCode: message?.LanguageCode ?? template?.content.LanguageCode,
    voiceId: message?.VoiceId ?? template?.content.VoiceId,
    originationNumber: message?.OriginationNumber,
  };
}

/** The message of the service over the default of all services over the default of all channels, member by member. */
function pushSource(
  channelType: PushChannelType,
  configuration: DirectMessageConfiguration,
  template: FoundTemplate<'PUSH'> | undefined,
): PushSource | undefined {
  const { DefaultPushNotificationMessage: ofPush, DefaultMessage: ofAll } = configuration;
  const own = ownMessage(channelType, configuration);
  const text = textSource({ Substitutions: { ...ofPush?.Substitutions, ...own?.substitutions } }, template);
  if (template !== undefined) {
    return { ...text, message: fromPushTemplate(template.content, serviceOf(channelType), own?.message) };
  }
  if (own === undefined && ofPush === undefined && ofAll?.Body === undefined) return undefined;
  const layers = [{ body: ofAll?.Body }, ofPush && fromDefaultPush(ofPush), own?.message];
  return { ...text, message: Object.assign({}, ...layers.map(withoutGaps)) };
}

interface OwnMessage {
  readonly message: PushMessage;
  readonly substitutions: TextSource['substitutions'] | undefined;
}

function ownMessage(channelType: PushChannelType, configuration: DirectMessageConfiguration): OwnMessage | undefined {
  const { GCMMessage, APNSMessage, ADMMessage, BaiduMessage } = configuration;
  const made = <Shape extends { readonly Substitutions?: TextSource['substitutions'] }>(
    shape: Shape | undefined,
    read: (shape: Shape) => PushMessage,
  ) => shape && { message: read(shape), substitutions: shape.Substitutions };
  switch (serviceOf(channelType)) {
    case 'GCM':
      return made(GCMMessage, fromGcmMessage);
    case 'ADM':
      return made(ADMMessage, fromAdmMessage);
    case 'Baidu':
      return made(BaiduMessage, fromBaiduMessage);
    case 'APNS':
      return made(APNSMessage, fromApnsMessage);
  }
}

/** The part of a push template, and the family of messages, that a channel type goes by. */
export function serviceOf(channelType: PushChannelType): 'ADM' | 'APNS' | 'Baidu' | 'GCM' {
  switch (channelType) {
    case 'GCM':
    case 'ADM':
      return channelType;
    case 'BAIDU':
      return 'Baidu';
    default:
      return 'APNS';
  }
}

function withoutGaps(message: PushMessage | undefined): PushMessage {
  return Object.fromEntries(Object.entries(message ?? {}).filter(([, value]) => value !== undefined));
}

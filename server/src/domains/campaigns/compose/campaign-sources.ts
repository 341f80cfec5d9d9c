/** Sources of a treatment: MessageConfiguration of campaigns and templates, by channel (dossier/messaging §1.11). */
import type { CampaignEmailMessage, Message, MessageConfiguration } from '../../../contract/pinpoint-types.ts';
import { fromCampaignMessage, fromPushTemplate, type PushChannelType, type PushMessage } from '../../channels/index.ts';
import {
  type EmailSource,
  type MessageSources,
  type PushSource,
  type SmsSource,
  serviceOf,
  type TextSource,
} from '../../messaging/index.ts';
import type { FoundTemplate } from '../../templates/index.ts';
import type { PlannedTemplates } from '../run/plan.ts';

const none = Object.freeze({});

/** What the message has nothing for is undefined. Voice is none of a campaign's channels. */
export function campaignSources(
  message: MessageConfiguration | undefined = none,
  templates: PlannedTemplates = none,
): MessageSources {
  const push = new Map<PushChannelType, PushSource | undefined>();
  return {
    email: emailSource(message, templates.EMAIL),
    sms: smsSource(message, templates.SMS),
    voice: undefined,
    push(channelType) {
      if (!push.has(channelType)) push.set(channelType, pushSource(channelType, message, templates.PUSH));
      return push.get(channelType);
    },
    substitutions: none,
  };
}

function textSource(template: FoundTemplate<'EMAIL' | 'PUSH' | 'SMS'> | undefined): TextSource {
  return { substitutions: none, defaults: template?.defaults ?? none };
}

/** A template gives the content, what stands beside it the settings. */
function emailSource(
  { EmailMessage: message, DefaultMessage: fallback }: MessageConfiguration,
  template: FoundTemplate<'EMAIL'> | undefined,
): EmailSource | undefined {
  if (message === undefined && template === undefined && fallback?.Body === undefined) return undefined;
  const settings = { from: message?.FromAddress, replyTo: [], returnPath: undefined, raw: undefined };
  if (template !== undefined) {
    const { Subject, HtmlPart, TextPart, Headers } = template.content;
    const headers = headersOf(Headers === undefined ? message : { Headers });
    return { ...textSource(template), ...settings, subject: Subject, html: HtmlPart, text: TextPart, headers };
  }
  return {
    ...{ ...textSource(undefined), ...settings, headers: headersOf(message) },
    ...contentOf(message, fallback),
  };
}

function contentOf(message: CampaignEmailMessage | undefined, fallback: Message | undefined) {
  const { Title, HtmlBody, Body } = message ?? {};
  const isSilent = HtmlBody === undefined && Body === undefined;
  return { subject: Title ?? fallback?.Title, html: HtmlBody, text: isSilent ? fallback?.Body : Body };
}

function headersOf(message: Pick<CampaignEmailMessage, 'Headers'> | undefined) {
  return (message?.Headers ?? []).map(({ Name = '', Value = '' }) => ({ name: Name, value: Value }));
}

function smsSource(
  { SMSMessage: message, DefaultMessage: fallback }: MessageConfiguration,
  template: FoundTemplate<'SMS'> | undefined,
): SmsSource | undefined {
  const body = template?.content.Body ?? message?.Body ?? fallback?.Body;
  if (body === undefined) return undefined;
  return {
    ...textSource(template),
    body,
    messageType: message?.MessageType,
    originationNumber: message?.OriginationNumber,
    senderId: message?.SenderId,
    entityId: message?.EntityId,
    templateId: message?.TemplateId,
  };
}

/** The message of the service over the default of all channels, member by member. */
function pushSource(
  channelType: PushChannelType,
  configuration: MessageConfiguration,
  template: FoundTemplate<'PUSH'> | undefined,
): PushSource | undefined {
  const own = ownMessage(channelType, configuration);
  const { DefaultMessage: fallback } = configuration;
  if (template !== undefined) {
    const settings = own ?? fallback;
    const service = serviceOf(channelType);
    return {
      ...textSource(template),
      message: fromPushTemplate(template.content, service, settings && fromCampaignMessage(settings)),
    };
  }
  if (own === undefined && fallback === undefined) return undefined;
  return { ...textSource(undefined), message: fromCampaignMessage({ ...fallback, ...own }) as PushMessage };
}

function ownMessage(channelType: PushChannelType, configuration: MessageConfiguration): Message | undefined {
  switch (serviceOf(channelType)) {
    case 'GCM':
      return configuration.GCMMessage;
    case 'ADM':
      return configuration.ADMMessage;
    case 'Baidu':
      return configuration.BaiduMessage;
    case 'APNS':
      return configuration.APNSMessage;
  }
}

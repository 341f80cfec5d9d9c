/**
 * A campaign's message in the shape of direct sends, as hooks see it (dossier/messaging §1.12). The two families name
 * their members differently (§1.11).
 */
import type {
  ADMMessage,
  APNSMessage,
  BaiduMessage,
  CampaignEmailMessage,
  DefaultPushNotificationMessage,
  DirectMessageConfiguration,
  EmailMessage,
  GCMMessage,
  Message,
  MessageConfiguration,
} from '../../../contract/pinpoint-types.ts';

/** What leaves over custom channels and in apps has no direct shape, and is left out. */
export function toDirectShape(message: MessageConfiguration): DirectMessageConfiguration {
  const { ADMMessage: adm, APNSMessage: apns, BaiduMessage: baidu, GCMMessage: gcm } = message;
  const { DefaultMessage: fallback, EmailMessage: email, SMSMessage: sms } = message;
  return withoutGaps({
    ADMMessage: adm && withoutTimeToLive(androidMessage(adm)),
    APNSMessage: apns && apnsMessage(apns),
    BaiduMessage: baidu && androidMessage(baidu),
    DefaultMessage: fallback?.Body === undefined ? undefined : { Body: fallback.Body },
    DefaultPushNotificationMessage: fallback && defaultPush(fallback),
    EmailMessage: email && emailMessage(email),
    GCMMessage: gcm && androidMessage(gcm),
    SMSMessage: sms,
  });
}

function defaultPush({ Action, Body, JsonBody, SilentPush, Title, Url }: Message): DefaultPushNotificationMessage {
  return withoutGaps({ Action, Body, Data: dataOf(JsonBody), SilentPush, Title, Url });
}

function apnsMessage(message: Message): APNSMessage {
  const { MediaUrl, RawContent, TimeToLive } = message;
  return withoutGaps({ ...defaultPush(message), MediaUrl, RawContent, TimeToLive });
}

/** Of GCM and Baidu. */
function androidMessage(message: Message): GCMMessage & BaiduMessage {
  const { ImageIconUrl, ImageUrl, ImageSmallIconUrl: SmallImageIconUrl, RawContent, TimeToLive } = message;
  return withoutGaps({
    ...{ ...defaultPush(message), ImageIconUrl, ImageUrl },
    ...{ SmallImageIconUrl, RawContent, TimeToLive },
  });
}

function withoutTimeToLive({ TimeToLive: _none, ...message }: GCMMessage): ADMMessage {
  return message;
}

function emailMessage({ Body, FromAddress, Headers, HtmlBody, Title }: CampaignEmailMessage): EmailMessage {
  const part = (text: string | undefined) => (text === undefined ? undefined : { Data: text });
  const content = { Headers, HtmlPart: part(HtmlBody), Subject: part(Title), TextPart: part(Body) };
  return withoutGaps({ FromAddress, SimpleEmail: withoutGaps(content) });
}

/** The data of campaigns is text of the caller, that of direct messages a map of texts: undefined for what is none. */
function dataOf(jsonBody: string | undefined): Readonly<Record<string, string>> | undefined {
  if (jsonBody === undefined) return undefined;
  let data: unknown;
  try {
    data = JSON.parse(jsonBody);
  } catch {
    return undefined;
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const texts = Object.entries(data).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(texts);
}

type WithoutGaps<Shape> = { [Member in keyof Shape]: Exclude<Shape[Member], undefined> };

function withoutGaps<Shape extends object>(shape: Shape): WithoutGaps<Partial<Shape>> {
  const entries = Object.entries(shape).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as WithoutGaps<Partial<Shape>>;
}

/** What a campaign says: the message of each channel, its templates and its custom channel (dossier/messaging §1.11, §14). */
import type {
  CampaignInAppMessage,
  CustomDeliveryConfiguration,
  Message,
  MessageConfiguration,
  TemplateConfiguration,
} from '../../../contract/pinpoint-types.ts';
import { badRequest } from '../../../kernel/errors.ts';
import { namesFunction } from '../../../outgoing/lambda.ts';
import { isWebhookUri, readWebhookUrl } from '../../channels/index.ts';
import { checkEmailHeaders, checkInAppContent, checkTexts, type TemplateText } from '../../templates/index.ts';
import type { Treatment } from '../campaign.ts';
import type { CampaignKind } from './kind.ts';

/** Bytes of UTF-8. */
const maximumCustomData = 5 * 1024;
const maximumPushBody = 200;
/** As of an SMS template. */
const maximumSmsBody = 1_600;

const pushMembers = ['DefaultMessage', 'ADMMessage', 'APNSMessage', 'BaiduMessage', 'GCMMessage'] as const;
const pushTexts = ['Title', 'Body', 'Url', 'ImageUrl', 'ImageIconUrl', 'ImageSmallIconUrl', 'MediaUrl'] as const;

/** @throws BadRequestException that names the member */
export function checkMessage(message: MessageConfiguration | undefined, place: string): void {
  if (message === undefined) return;
  for (const member of pushMembers) checkPush(message[member], `${place}.${member}`);
  const { EmailMessage: email, SMSMessage: sms, CustomMessage: custom, InAppMessage: inApp } = message;
  if (email !== undefined) {
    const { Headers = [], HtmlBody, ...texts } = email;
    checkEmailHeaders(Headers, `${place}.EmailMessage.Headers`);
    checkTexts([
      ...plain(texts, ['Title', 'Body'], `${place}.EmailMessage`),
      ...(HtmlBody === undefined
        ? []
        : [{ member: `${place}.EmailMessage.HtmlBody`, text: HtmlBody, escape: 'html' as const }]),
      ...Headers.flatMap((header, index) => plain(header, ['Value'], `${place}.EmailMessage.Headers[${index}]`)),
    ]);
  }
  if (sms !== undefined) {
    if ((sms.Body?.length ?? 0) > maximumSmsBody) {
      throw badRequest(`${place}.SMSMessage.Body must have at most ${maximumSmsBody} characters`);
    }
    checkTexts(plain(sms, ['Body'], `${place}.SMSMessage`));
  }
  if (Buffer.byteLength(custom?.Data ?? '') > maximumCustomData) {
    throw badRequest(`${place}.CustomMessage.Data must have at most ${maximumCustomData} bytes`);
  }
  if (inApp !== undefined) checkInAppContent(inApp.Content ?? [], `${place}.InAppMessage.Content`);
}

function checkPush(message: Message | undefined, place: string): void {
  if (message === undefined) return;
  if ((message.Body?.length ?? 0) > maximumPushBody) {
    throw badRequest(`${place}.Body must have at most ${maximumPushBody} characters`);
  }
  if (message.TimeToLive !== undefined && message.TimeToLive < 0) {
    throw badRequest(`${place}.TimeToLive must be at least 0`);
  }
  const json = (['RawContent', 'JsonBody'] as const).flatMap((member) => plain(message, [member], place));
  checkTexts([...plain(message, pushTexts, place), ...json.map((text) => ({ ...text, escape: 'json' as const }))]);
}

function plain<Member extends string>(
  message: { readonly [Name in Member]?: string },
  members: readonly Member[],
  place: string,
): TemplateText[] {
  return members.flatMap((member) => {
    const text = message[member];
    return text === undefined ? [] : [{ member: `${place}.${member}`, text, escape: 'none' as const }];
  });
}

/** Which member of TemplateConfiguration is of which type. */
export const templateMembers = {
  EmailTemplate: 'EMAIL',
  PushTemplate: 'PUSH',
  SMSTemplate: 'SMS',
  InAppTemplate: 'INAPP',
} as const;

/** Whether they are there is another question, for the database. @throws BadRequestException */
export function checkTemplateNames(templates: TemplateConfiguration | undefined, place: string): void {
  if (templates === undefined) return;
  if (templates.VoiceTemplate !== undefined)
    throw badRequest(`${place}.VoiceTemplate: campaigns send no voice messages`);
  for (const member of Object.keys(templateMembers) as (keyof typeof templateMembers)[]) {
    if (templates[member] !== undefined && !templates[member].Name)
      throw badRequest(`${place}.${member}.Name is required`);
  }
}

/** The form alone; who owns a URL is asked over the network. @throws BadRequestException */
export function checkCustomDelivery(delivery: CustomDeliveryConfiguration | undefined, place: string): void {
  if (delivery === undefined) return;
  if (isWebhookUri(delivery.DeliveryUri)) readWebhookUrl(delivery.DeliveryUri);
  else if (!namesFunction(delivery.DeliveryUri)) {
    throw badRequest(`${place}.DeliveryUri must be an https URL, or the name or ARN of a Lambda function`);
  }
}

/** Whether there is something to send or to show. */
export function hasSource(
  { message, template, customDelivery }: Pick<Treatment, 'message' | 'template' | 'customDelivery'>,
  kind: CampaignKind,
): boolean {
  if (kind === 'IN_APP') return template?.InAppTemplate !== undefined || isShown(message?.InAppMessage);
  const { InAppMessage: _inApp, ...sent } = message ?? {};
  const { InAppTemplate: _template, ...templates } = template ?? {};
  const says = Object.values(sent).some((content) => Object.keys(content).length > 0);
  return says || Object.keys(templates).length > 0 || customDelivery !== undefined;
}

/** Clients take it apart by its elements. */
function isShown(message: CampaignInAppMessage | undefined): boolean {
  return (message?.Content ?? []).length > 0;
}

/**
 * The forms that Twilio's Messages and Calls resources take (API of 2010-04-01). They have no place for the type of an SMS
 * nor for the ids of India's registry: with Twilio both belong to what was registered for the sender.
 */
import type { OutgoingMessage, SmsContent, VoiceContent } from '../../message.ts';
import type { TwilioSettings } from './settings.ts';
import { escapeXml, toSayContent } from './ssml.ts';

export interface TwilioRequest {
  readonly resource: 'Messages' | 'Calls';
  readonly form: URLSearchParams;
}

/** @returns a sentence when there is nothing that could be sent */
export function toTwilioRequest(
  { address, content }: OutgoingMessage,
  settings: TwilioSettings,
): TwilioRequest | string {
  if (content.kind === 'sms') return { resource: 'Messages', form: smsForm(address, content, settings) };
  if (content.kind === 'voice') return callForm(address, content, settings);
  return 'Twilio sends SMS and voice only';
}

/** Who sends: the message's own number or sender id, else the messaging service, else the number of the settings. */
function smsForm(address: string, content: SmsContent, settings: TwilioSettings): URLSearchParams {
  const form = new URLSearchParams({ To: address, Body: content.body });
  const own = content.originationNumber ?? content.senderId;
  const { messagingServiceSid, from } = settings;
  if (own === undefined && messagingServiceSid !== undefined) form.set('MessagingServiceSid', messagingServiceSid);
  else form.set('From', own ?? from ?? '');
  if (settings.callbackUrl !== undefined) form.set('StatusCallback', settings.callbackUrl);
  return form;
}

function callForm(address: string, content: VoiceContent, settings: TwilioSettings): TwilioRequest | string {
  const from = content.originationNumber ?? settings.from;
  if (from === undefined) return 'No number to call from: the message and the settings have none';
  const words = toSayContent(content.body);
  if (words === undefined) return 'The SSML of the message is not well-formed';
  const language = content.languageCode === undefined ? '' : ` language="${escapeXml(content.languageCode)}"`;
  // Pinpoint's voices are Polly's, which Twilio knows by this prefix.
  const voice = content.voiceId === undefined ? '' : ` voice="Polly.${escapeXml(content.voiceId)}"`;
  const Twiml = `<?xml version="1.0" encoding="UTF-8"?><Response><Say${language}${voice}>${words}</Say></Response>`;
  const form = new URLSearchParams({ To: address, From: from, Twiml });
  if (settings.callbackUrl !== undefined) form.set('StatusCallback', settings.callbackUrl);
  return { resource: 'Calls', form };
}

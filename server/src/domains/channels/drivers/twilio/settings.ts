/** What is configured for Twilio. */
import { badRequest } from '../../../../kernel/errors.ts';
import { type GivenSettings, settingsReader } from '../../settings-reader.ts';

export interface TwilioSettings {
  readonly accountSid: string;
  /** Signs requests where there is no API key, and always signs Twilio's callbacks. */
  readonly authToken?: string;
  readonly apiKey?: { readonly sid: string; readonly secret: string };
  /** Number, short code or sender id. */
  readonly from?: string;
  /** Sends SMS, in the place of `from`. */
  readonly messagingServiceSid?: string;
  readonly baseUrl: string;
  /** Where Twilio tells what became of a message. */
  readonly callbackUrl?: string;
  readonly messagesPerSecond?: number;
}

const names = [
  ...(['AccountSid', 'AuthToken', 'ApiKeySid', 'ApiKeySecret', 'From', 'MessagingServiceSid'] as const),
  ...(['BaseUrl', 'CallbackUrl', 'MessagesPerSecond'] as const),
];

const identifier = (prefix: string) => new RegExp(`^${prefix}[0-9a-fA-F]{32}$`);
const secret = /^[\x21-\x7e]{16,256}$/;
const secretForm = '16 to 256 visible ASCII characters';

export function readTwilioSettings(given: GivenSettings): TwilioSettings {
  const read = settingsReader(given, names);
  const accountSid = read.requiredText('AccountSid', identifier('AC'), 'AC and 32 hexadecimal digits');
  const authToken = read.text('AuthToken', secret, secretForm);
  const keySid = read.text('ApiKeySid', identifier('SK'), 'SK and 32 hexadecimal digits');
  const keySecret = read.text('ApiKeySecret', secret, secretForm);
  if ((keySid === undefined) !== (keySecret === undefined)) {
    throw badRequest('ApiKeySid and ApiKeySecret are given together');
  }
  if (authToken === undefined && keySid === undefined) throw badRequest('AuthToken or ApiKeySid is required');
  const from = read.text('From', /^(\+[1-9]\d{6,14}|\d{3,8}|[A-Za-z0-9 ]{1,11})$/, 'a number, short code or sender id');
  const messagingServiceSid = read.text('MessagingServiceSid', identifier('MG'), 'MG and 32 hexadecimal digits');
  if ((from ?? messagingServiceSid) === undefined) throw badRequest('From or MessagingServiceSid is required');
  const callbackUrl = read.text('CallbackUrl', /^https?:\/\/[\x21-\x7e]{1,2000}$/, 'an http or https URL');
  if (callbackUrl !== undefined && authToken === undefined) {
    throw badRequest('AuthToken is required with CallbackUrl: Twilio signs its callbacks with it');
  }
  const messagesPerSecond = read.positive('MessagesPerSecond');
  return {
    accountSid,
    ...(authToken !== undefined && { authToken }),
    ...(keySid !== undefined && keySecret !== undefined && { apiKey: { sid: keySid, secret: keySecret } }),
    ...(from !== undefined && { from }),
    ...(messagingServiceSid !== undefined && { messagingServiceSid }),
    baseUrl: read.baseUrl('BaseUrl') ?? 'https://api.twilio.com',
    ...(callbackUrl !== undefined && { callbackUrl }),
    ...(messagesPerSecond !== undefined && { messagesPerSecond }),
  };
}

/** Without secrets; what was left out stays out. */
export function showTwilioSettings(settings: TwilioSettings): Readonly<Record<string, unknown>> {
  return {
    AccountSid: settings.accountSid,
    HasAuthToken: settings.authToken !== undefined,
    ApiKeySid: settings.apiKey?.sid,
    From: settings.from,
    MessagingServiceSid: settings.messagingServiceSid,
    BaseUrl: settings.baseUrl,
    CallbackUrl: settings.callbackUrl,
    MessagesPerSecond: settings.messagesPerSecond,
  };
}

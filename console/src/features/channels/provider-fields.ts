/**
 * What each kind of provider is told. A kind that is not here, because the server is newer, is told as JSON: the server
 * checks every member anyway and says which is wrong.
 */
import type { SettingField } from './settings-form.ts';

const rate: SettingField = { name: 'MessagesPerSecond', label: 'Messages per second', kind: 'number' };
const baseUrl: SettingField = { name: 'BaseUrl', label: 'Base URL', hint: 'If it is not where it is known to be.' };
const aws: readonly SettingField[] = [
  { name: 'Region', label: 'Region', hint: 'Empty: as in the environment of the server.' },
  { name: 'AccessKeyId', label: 'Access key ID' },
  { name: 'SecretAccessKey', label: 'Secret access key', secret: true },
  baseUrl,
];

const fields: Readonly<Record<string, readonly SettingField[]>> = {
  OUTBOX: [],
  SMTP: [
    { name: 'Host', label: 'Host', hint: 'mail.example.com', required: true },
    { name: 'Port', label: 'Port', kind: 'number', hint: '587 when empty.' },
    { name: 'Tls', label: 'Encryption', choices: ['none', 'starttls', 'implicit'] },
    { name: 'User', label: 'User' },
    { name: 'Password', label: 'Password', secret: true },
    { name: 'ReturnPath', label: 'Return path', hint: 'Where bounces go.' },
    { name: 'Connections', label: 'Connections', kind: 'number' },
    rate,
    { name: 'Dkim.Domain', label: 'DKIM domain' },
    { name: 'Dkim.Selector', label: 'DKIM selector' },
    { name: 'Dkim.PrivateKey', label: 'DKIM private key', rows: 5, secret: true },
    { name: 'CallbackSecret', label: 'Callback secret', secret: true, hint: 'Signs what the mail server reports.' },
  ],
  SES: [
    ...aws,
    { name: 'ConfigurationSet', label: 'Configuration set' },
    { name: 'TopicArn', label: 'SNS topic', hint: 'Whose notifications are believed.' },
    rate,
  ],
  TWILIO: [
    { name: 'AccountSid', label: 'Account SID', required: true },
    { name: 'AuthToken', label: 'Auth token', secret: true },
    { name: 'ApiKeySid', label: 'API key SID' },
    { name: 'ApiKeySecret', label: 'API key secret', secret: true },
    { name: 'From', label: 'From', hint: 'Number, short code or sender ID.' },
    { name: 'MessagingServiceSid', label: 'Messaging service SID' },
    { name: 'CallbackUrl', label: 'Callback URL', hint: 'Public address of this server and the callback path below.' },
    rate,
  ],
  END_USER_MESSAGING: [
    ...aws,
    { name: 'OriginationIdentity', label: 'Origination identity' },
    { name: 'ConfigurationSetName', label: 'Configuration set' },
    { name: 'MaxPrice', label: 'Highest price', hint: 'Dollars, as in 0.05.' },
    rate,
  ],
  SMPP: [
    { name: 'Host', label: 'Host', required: true },
    { name: 'Port', label: 'Port', kind: 'number' },
    { name: 'Tls', label: 'TLS', kind: 'flag', choices: ['true', 'false'] },
    { name: 'SystemId', label: 'System ID', required: true },
    { name: 'Password', label: 'Password', secret: true },
    { name: 'SystemType', label: 'System type' },
    { name: 'SourceAddress', label: 'Source address' },
    rate,
  ],
  HTTP: [
    { name: 'Url', label: 'URL', required: true },
    { name: 'Method', label: 'Method', choices: ['POST', 'PUT', 'GET'] },
    { name: 'BodyFormat', label: 'Format of the body', choices: ['JSON', 'FORM'] },
    { name: 'Body', label: 'Body', rows: 5 },
    { name: 'Headers', label: 'Headers', rows: 4, kind: 'json', secret: true, hint: '{"authorization":"Bearer …"}' },
    { name: 'MessageIdPath', label: 'Path of the message ID', hint: 'In the answer, such as data.id.' },
    { name: 'CallbackSecret', label: 'Callback secret', secret: true },
    rate,
  ],
  WEB_PUSH: [
    { name: 'VapidPublicKey', label: 'VAPID public key', required: true },
    { name: 'VapidPrivateKey', label: 'VAPID private key', secret: true, required: true },
    { name: 'VapidSubject', label: 'VAPID subject', hint: 'mailto: or https: of yours.', required: true },
  ],
};

/** Undefined: as JSON. */
export function fieldsOf(kind: string): readonly SettingField[] | undefined {
  return Object.hasOwn(fields, kind) ? fields[kind] : undefined;
}

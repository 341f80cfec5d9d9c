/** The channels as a table: what each is told, and the API's operations for it. */
import {
  DeleteAdmChannelCommand,
  DeleteApnsChannelCommand,
  DeleteApnsSandboxChannelCommand,
  DeleteApnsVoipChannelCommand,
  DeleteApnsVoipSandboxChannelCommand,
  DeleteBaiduChannelCommand,
  DeleteEmailChannelCommand,
  DeleteGcmChannelCommand,
  DeleteSmsChannelCommand,
  DeleteVoiceChannelCommand,
  GetEmailChannelCommand,
  GetSmsChannelCommand,
  type PinpointClient,
  UpdateAdmChannelCommand,
  UpdateApnsChannelCommand,
  UpdateApnsSandboxChannelCommand,
  UpdateApnsVoipChannelCommand,
  UpdateApnsVoipSandboxChannelCommand,
  UpdateBaiduChannelCommand,
  UpdateEmailChannelCommand,
  UpdateGcmChannelCommand,
  UpdateSmsChannelCommand,
  UpdateVoiceChannelCommand,
} from '@aws-sdk/client-pinpoint';
import type { SettingField } from './settings-form.ts';

export interface ChannelKind {
  /** In the address of its page. */
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly fields: readonly SettingField[];
  /** Kind of a test message; undefined where there is none. */
  readonly test?: 'EMAIL' | 'SMS' | 'VOICE' | 'PUSH';
  /** Members that GetChannels does not tell; of secrets, nothing is told at all. */
  readonly get?: (client: PinpointClient, ApplicationId: string) => Promise<object | undefined>;
  /** Undefined where a channel has a provider and nothing else. */
  readonly save?: (client: PinpointClient, ApplicationId: string, request: ChannelRequest) => Promise<unknown>;
  readonly remove?: (client: PinpointClient, ApplicationId: string) => Promise<unknown>;
}

/** `Enabled` and the members of the channel, as the SDK's types have them. */
// biome-ignore lint/suspicious/noExplicitAny: each kind has members of its own, and the server checks them
export type ChannelRequest = any;

const apnsFields: readonly SettingField[] = [
  { name: 'BundleId', label: 'Bundle ID' },
  { name: 'TeamId', label: 'Team ID', hint: 'With a token key.' },
  { name: 'TokenKeyId', label: 'Key ID', hint: 'With a token key.' },
  { name: 'TokenKey', label: 'Token key (.p8)', rows: 5, secret: true },
  { name: 'Certificate', label: 'Certificate', rows: 5, secret: true, hint: 'PEM, in the place of a token key.' },
  { name: 'PrivateKey', label: 'Private key', rows: 5, secret: true, hint: 'PEM, of the certificate.' },
  { name: 'DefaultAuthenticationMethod', label: 'Authentication', choices: ['TOKEN', 'CERTIFICATE'] },
];

export const channelKinds: readonly ChannelKind[] = [
  {
    ...{ id: 'email', type: 'EMAIL', title: 'E-mail', test: 'EMAIL' },
    fields: [
      { name: 'FromAddress', label: 'From', hint: 'news@example.com or Shop <news@example.com>', required: true },
      {
        name: 'Identity',
        label: 'Identity',
        hint: 'The domain or address that messages come from; an ARN of SES is accepted as well.',
        required: true,
      },
      { name: 'ConfigurationSet', label: 'Configuration set', hint: 'Of SES.' },
    ],
    get: async (client, ApplicationId) =>
      (await client.send(new GetEmailChannelCommand({ ApplicationId }))).EmailChannelResponse,
    save: (client, ApplicationId, EmailChannelRequest) =>
      client.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest })),
    remove: (client, ApplicationId) => client.send(new DeleteEmailChannelCommand({ ApplicationId })),
  },
  {
    ...{ id: 'sms', type: 'SMS', title: 'SMS', test: 'SMS' },
    fields: [
      { name: 'SenderId', label: 'Sender ID', hint: 'Up to 11 letters and digits.' },
      { name: 'ShortCode', label: 'Short code or number' },
    ],
    get: async (client, ApplicationId) =>
      (await client.send(new GetSmsChannelCommand({ ApplicationId }))).SMSChannelResponse,
    save: (client, ApplicationId, SMSChannelRequest) =>
      client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest })),
    remove: (client, ApplicationId) => client.send(new DeleteSmsChannelCommand({ ApplicationId })),
  },
  {
    ...{ id: 'voice', type: 'VOICE', title: 'Voice', test: 'VOICE', fields: [] },
    save: (client, ApplicationId, VoiceChannelRequest) =>
      client.send(new UpdateVoiceChannelCommand({ ApplicationId, VoiceChannelRequest })),
    remove: (client, ApplicationId) => client.send(new DeleteVoiceChannelCommand({ ApplicationId })),
  },
  {
    ...{ id: 'gcm', type: 'GCM', title: 'Push: Firebase (FCM)', test: 'PUSH' },
    fields: [
      { name: 'ServiceJson', label: 'Service account (JSON)', rows: 6, secret: true },
      { name: 'ApiKey', label: 'Server key', secret: true, hint: 'Of the old FCM API.' },
      { name: 'DefaultAuthenticationMethod', label: 'Authentication', choices: ['TOKEN', 'KEY'] },
    ],
    save: (client, ApplicationId, GCMChannelRequest) =>
      client.send(new UpdateGcmChannelCommand({ ApplicationId, GCMChannelRequest })),
    remove: (client, ApplicationId) => client.send(new DeleteGcmChannelCommand({ ApplicationId })),
  },
  {
    ...{ id: 'apns', type: 'APNS', title: 'Push: Apple (APNs)', test: 'PUSH', fields: apnsFields },
    save: (client, ApplicationId, APNSChannelRequest) =>
      client.send(new UpdateApnsChannelCommand({ ApplicationId, APNSChannelRequest })),
    remove: (client, ApplicationId) => client.send(new DeleteApnsChannelCommand({ ApplicationId })),
  },
  {
    ...{ id: 'apns-sandbox', type: 'APNS_SANDBOX', title: 'Push: Apple, sandbox', test: 'PUSH', fields: apnsFields },
    save: (client, ApplicationId, APNSSandboxChannelRequest) =>
      client.send(new UpdateApnsSandboxChannelCommand({ ApplicationId, APNSSandboxChannelRequest })),
    remove: (client, ApplicationId) => client.send(new DeleteApnsSandboxChannelCommand({ ApplicationId })),
  },
  {
    ...{ id: 'apns-voip', type: 'APNS_VOIP', title: 'Push: Apple VoIP', test: 'PUSH', fields: apnsFields },
    save: (client, ApplicationId, APNSVoipChannelRequest) =>
      client.send(new UpdateApnsVoipChannelCommand({ ApplicationId, APNSVoipChannelRequest })),
    remove: (client, ApplicationId) => client.send(new DeleteApnsVoipChannelCommand({ ApplicationId })),
  },
  {
    ...{ id: 'apns-voip-sandbox', type: 'APNS_VOIP_SANDBOX', title: 'Push: Apple VoIP, sandbox' },
    ...{ test: 'PUSH', fields: apnsFields },
    save: (client, ApplicationId, APNSVoipSandboxChannelRequest) =>
      client.send(new UpdateApnsVoipSandboxChannelCommand({ ApplicationId, APNSVoipSandboxChannelRequest })),
    remove: (client, ApplicationId) => client.send(new DeleteApnsVoipSandboxChannelCommand({ ApplicationId })),
  },
  {
    ...{ id: 'adm', type: 'ADM', title: 'Push: Amazon (ADM)', test: 'PUSH' },
    fields: [
      { name: 'ClientId', label: 'Client ID', secret: true, required: true },
      { name: 'ClientSecret', label: 'Client secret', secret: true, required: true },
    ],
    save: (client, ApplicationId, ADMChannelRequest) =>
      client.send(new UpdateAdmChannelCommand({ ApplicationId, ADMChannelRequest })),
    remove: (client, ApplicationId) => client.send(new DeleteAdmChannelCommand({ ApplicationId })),
  },
  {
    ...{ id: 'baidu', type: 'BAIDU', title: 'Push: Baidu', test: 'PUSH' },
    fields: [
      { name: 'ApiKey', label: 'API key', secret: true, required: true },
      { name: 'SecretKey', label: 'Secret key', secret: true, required: true },
    ],
    save: (client, ApplicationId, BaiduChannelRequest) =>
      client.send(new UpdateBaiduChannelCommand({ ApplicationId, BaiduChannelRequest })),
    remove: (client, ApplicationId) => client.send(new DeleteBaiduChannelCommand({ ApplicationId })),
  },
  { id: 'custom', type: 'CUSTOM', title: 'Custom', fields: [] },
];

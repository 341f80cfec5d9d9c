/** The table of the ten channel resources: what each takes, keeps secret, checks and shows (dossier/messaging §8). */
import type { ChannelType } from '../channel-types.ts';
import { checkApns, checkGcm, isTokenComplete, methodOfApns, methodOfGcm } from './push-credentials.ts';
import { checkEmail, checkNotEmpty, checkSms } from './settings-form.ts';

/** Members of a channel, in the contract's spelling; one that was given empty is not among them. */
export type Members = Readonly<Record<string, string>>;

export interface CheckContext {
  /** What this request gave, apart from what was kept. */
  readonly given: Members;
  readonly enabled: boolean;
  readonly now: Date;
}

export interface ChannelKind {
  /** As in the names of its operations: `GetApnsVoipChannel`. */
  readonly name: string;
  readonly channelType: ChannelType;
  readonly members: readonly string[];
  /**
   * Secret members are sealed, and kept where a PUT leaves them out: nobody can read them to send them again. Others
   * are replaced by every PUT.
   */
  readonly secret: boolean;
  /** @returns the members brought into form @throws BadRequestException naming the member, never quoting it */
  check(members: Members, context: CheckContext): Members;
  /** What the response has besides the members of all channels. */
  show(members: Members): object;
  /** The service itself, which delivers when nothing else is configured; `settings` are added to the members. */
  readonly native?: { readonly kind: string; readonly settings: Readonly<Record<string, unknown>> };
}

type ApnsPlace = { readonly Environment: 'production' | 'sandbox'; readonly Voip: boolean };

const apns = <Name extends string>(name: Name, channelType: ChannelType, settings: ApnsPlace) =>
  ({
    name,
    channelType,
    members: [
      ...['BundleId', 'Certificate', 'PrivateKey', 'TeamId', 'TokenKey', 'TokenKeyId'],
      'DefaultAuthenticationMethod',
    ],
    secret: true,
    check: checkApns,
    show: (members) => ({
      ...withDefined({ DefaultAuthenticationMethod: members['DefaultAuthenticationMethod'] ?? methodOfApns(members) }),
      HasTokenKey: isTokenComplete(members),
    }),
    native: { kind: 'APNS', settings },
  }) as const satisfies ChannelKind;

export const channelKinds = [
  {
    name: 'Adm',
    channelType: 'ADM',
    members: ['ClientId', 'ClientSecret'],
    secret: true,
    check: checkNotEmpty(['ClientId', 'ClientSecret']),
    show: () => ({}),
    native: { kind: 'ADM', settings: {} },
  },
  apns('Apns', 'APNS', { Environment: 'production', Voip: false }),
  apns('ApnsSandbox', 'APNS_SANDBOX', { Environment: 'sandbox', Voip: false }),
  apns('ApnsVoip', 'APNS_VOIP', { Environment: 'production', Voip: true }),
  apns('ApnsVoipSandbox', 'APNS_VOIP_SANDBOX', { Environment: 'sandbox', Voip: true }),
  {
    name: 'Baidu',
    channelType: 'BAIDU',
    members: ['ApiKey', 'SecretKey'],
    secret: true,
    check: checkNotEmpty(['ApiKey', 'SecretKey']),
    // The contract requires Credential: of a deleted channel it is empty.
    show: ({ ApiKey = '' }) => ({ Credential: ApiKey }),
    native: { kind: 'BAIDU', settings: {} },
  },
  {
    name: 'Email',
    channelType: 'EMAIL',
    members: ['FromAddress', 'Identity', 'ConfigurationSet', 'RoleArn', 'OrchestrationSendingRoleArn'],
    secret: false,
    check: checkEmail,
    show: (members) => members,
  },
  {
    name: 'Gcm',
    channelType: 'GCM',
    members: ['ApiKey', 'ServiceJson', 'DefaultAuthenticationMethod'],
    secret: true,
    check: checkGcm,
    show: (members) => ({
      ...withDefined({
        Credential: members['ApiKey'],
        DefaultAuthenticationMethod: members['DefaultAuthenticationMethod'] ?? methodOfGcm(members),
      }),
      HasFcmServiceCredentials: members['ServiceJson'] !== undefined,
    }),
    native: { kind: 'FCM', settings: {} },
  },
  {
    name: 'Sms',
    channelType: 'SMS',
    members: ['SenderId', 'ShortCode'],
    secret: false,
    check: checkSms,
    show: (members) => members,
  },
  { name: 'Voice', channelType: 'VOICE', members: [], secret: false, check: () => ({}), show: () => ({}) },
] as const satisfies readonly ChannelKind[];

export type ChannelKindName = (typeof channelKinds)[number]['name'];

export function kindOf(channelType: string): ChannelKind | undefined {
  return channelKinds.find((kind) => kind.channelType === channelType);
}

function withDefined(members: Readonly<Record<string, string | undefined>>): Members {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

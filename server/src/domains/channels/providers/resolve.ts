/**
 * Through whom a message leaves: the project's provider, the account's, the service itself when its channel has
 * credentials, the deployment's mail server, the outbox; the first that is there.
 */
import type { MasterKey } from '../../../kernel/master-key.ts';
import { outboxKindName } from '../drivers/index.ts';
import { kindOf, type Members } from '../resources/kinds.ts';
import { openMembers } from '../resources/members.ts';
import type { GivenSettings } from '../settings-reader.ts';
import { channelSource, providerSource } from './change.ts';
import { openSettings } from './settings.ts';
import type { FoundSources, ProviderPlace } from './store.ts';

/** What a driver is opened with. */
export interface DriverSource {
  /** Shared by all who send through the same provider; stands in `OpenProvider.key`. */
  readonly key: string;
  readonly kind: string;
  /** Rises when the settings change. */
  readonly version: number;
  /** Whose it is, for news of it; undefined: of all accounts. */
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  /** Undefined: of all projects. */
  readonly projectNumber: number | undefined;
  readonly settings: GivenSettings;
  /** The operator said where it is: it may stand in a closed network. */
  readonly trusted?: boolean;
}

export interface Deployment {
  readonly masterKey: MasterKey;
  readonly smtpUrl: string | undefined;
}

/** A place that is asked about. */
export interface SourcePlace extends ProviderPlace {
  /** Of a custom channel: the kind that its DeliveryUri asks for. */
  readonly customKind?: string;
}

/** The delivery of a custom channel is named by the campaign: an https URL, or a function (dossier/messaging §14). */
export function customKindOf(deliveryUri: string): string {
  return /^https?:\/\//i.test(deliveryUri) ? 'WEBHOOK' : 'LAMBDA';
}

const ofDeployment = (kind: string, settings: GivenSettings): DriverSource => ({
  ...{ key: `deployment/${kind}`, kind, version: 0, settings },
  ...{ accountId: undefined, region: undefined, projectNumber: undefined },
});

/** @throws Error when what is sealed cannot be opened */
export function sourceOfProvider(provider: NonNullable<FoundSources['provider']>, masterKey: MasterKey): DriverSource {
  const { number, kind, version, accountId, region, projectNumber } = provider;
  return {
    ...{ key: providerSource(number), kind, version, accountId, region },
    projectNumber: projectNumber === 0 ? undefined : projectNumber,
    settings: openSettings(masterKey, provider),
  };
}

/** @throws Error when something sealed cannot be opened */
export function resolveSource(
  { provider, channel }: FoundSources,
  { accountId, region, projectNumber, channelType, customKind }: SourcePlace,
  { masterKey, smtpUrl }: Deployment,
): DriverSource {
  // A provider that is configured for webhooks says nothing about functions, and the other way round.
  if (customKind !== undefined && provider?.kind !== outboxKindName && provider?.kind !== customKind) {
    return ofDeployment(customKind, {});
  }
  if (provider !== undefined && provider.kind !== outboxKindName) return sourceOfProvider(provider, masterKey);
  const owner = { accountId, region, projectNumber };
  const native = kindOf(channelType)?.native;
  if (provider === undefined && native !== undefined && channel !== undefined && channel.sealedSettings !== null) {
    const members: Members = openMembers(masterKey, projectNumber, channel);
    return {
      ...{ key: channelSource(projectNumber, channelType), kind: native.kind, version: channel.version, ...owner },
      settings: { ...members, ...native.settings },
    };
  }
  if (provider === undefined && channelType === 'EMAIL' && smtpUrl !== undefined) {
    return { ...ofDeployment('SMTP', { Url: smtpUrl }), trusted: true };
  }
  return { key: `outbox/${projectNumber}`, kind: outboxKindName, version: 0, ...owner, settings: {} };
}

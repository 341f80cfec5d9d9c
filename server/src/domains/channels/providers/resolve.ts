/**
 * Through whom a message leaves: the project's provider, the account's, the service itself when its channel has
 * credentials, the deployment's mail server, the outbox; the first that is there.
 */
import type { MasterKey } from '../../../kernel/master-key.ts';
import { outboxKindName } from '../drivers/index.ts';
import { kindOf, type Members } from '../resources/kinds.ts';
import { openMembers } from '../resources/members.ts';
import { channelSource, providerSource } from './change.ts';
import { type GivenSettings, openSettings } from './settings.ts';
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
}

export interface Deployment {
  readonly masterKey: MasterKey;
  readonly smtpUrl: string | undefined;
}

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
  { accountId, region, projectNumber, channelType }: ProviderPlace,
  { masterKey, smtpUrl }: Deployment,
): DriverSource {
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
    const nobody = { accountId: undefined, region: undefined, projectNumber: undefined };
    return { key: 'deployment/SMTP', kind: 'SMTP', version: 0, ...nobody, settings: { Url: smtpUrl } };
  }
  return { key: `outbox/${projectNumber}`, kind: outboxKindName, version: 0, ...owner, settings: {} };
}

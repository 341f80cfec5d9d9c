/** Settings of providers between the database and drivers: sealed as a whole, as they were given. */
import type { MasterKey } from '../../../kernel/master-key.ts';
import type { GivenSettings } from '../settings-reader.ts';
import type { ProviderPlace, StoredProvider } from './store.ts';

type Sealed = ProviderPlace & Pick<StoredProvider, 'kind'>;

const sealContext = ({ accountId, region, projectNumber, channelType, kind }: Sealed) =>
  `provider settings ${accountId} ${region} ${projectNumber} ${channelType} ${kind}`;

export function sealSettings(masterKey: MasterKey, provider: Sealed, settings: GivenSettings): Buffer {
  return masterKey.seal(sealContext(provider), JSON.stringify(settings));
}

/** @throws Error when the row was sealed for another place or kind, under another master key, or was changed */
export function openSettings(
  masterKey: MasterKey,
  provider: Sealed & Pick<StoredProvider, 'sealedSettings'>,
): GivenSettings {
  return JSON.parse(masterKey.open(sealContext(provider), provider.sealedSettings)) as GivenSettings;
}

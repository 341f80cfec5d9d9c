/** Baidu Cloud Push: the BAIDU channel. Addresses are channel ids. */
import type { DriverKind } from '../../driver.ts';
import { settingsReader } from '../../settings-reader.ts';
import { type BaiduSettings, openBaidu } from './driver.ts';

export const baidu: DriverKind<BaiduSettings> = {
  kind: 'BAIDU',
  channelTypes: ['BAIDU'],
  readSettings(given) {
    const read = settingsReader(given, undefined, { trims: true });
    return {
      ApiKey: read.requiredText('ApiKey'),
      SecretKey: read.requiredText('SecretKey'),
      BaseUrl: read.baseUrl('BaseUrl'),
    };
  },
  // The contract returns ApiKey in clear, as Credential (dossier/messaging §8.2).
  show: ({ ApiKey, BaseUrl }) => ({ ApiKey, BaseUrl }),
  open: openBaidu,
};

/** Baidu Cloud Push: the BAIDU channel. Addresses are channel ids. */
import type { DriverKind } from '../../driver.ts';
import { optionalUrl, requiredText } from '../push-settings.ts';
import { type BaiduSettings, openBaidu } from './driver.ts';

export const baidu: DriverKind<BaiduSettings> = {
  kind: 'BAIDU',
  channelTypes: ['BAIDU'],
  readSettings: (given) => ({
    ApiKey: requiredText(given, 'ApiKey'),
    SecretKey: requiredText(given, 'SecretKey'),
    BaseUrl: optionalUrl(given, 'BaseUrl'),
  }),
  // The contract returns ApiKey in clear, as Credential (dossier/messaging §8.2).
  show: ({ ApiKey, BaseUrl }) => ({ ApiKey, BaseUrl }),
  open: openBaidu,
};

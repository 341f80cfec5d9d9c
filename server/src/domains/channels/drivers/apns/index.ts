/** Apple Push Notification service: the four APNs channels, by `Environment` and `Voip`. */
import type { DriverKind } from '../../driver.ts';
import { openApns } from './driver.ts';
import { type ApnsSettings, readApnsSettings, showApnsSettings } from './settings.ts';

export const apns: DriverKind<ApnsSettings> = {
  kind: 'APNS',
  channelTypes: ['APNS', 'APNS_SANDBOX', 'APNS_VOIP', 'APNS_VOIP_SANDBOX'],
  readSettings: readApnsSettings,
  show: showApnsSettings,
  open: openApns,
};

/** Firebase Cloud Messaging: the GCM channel. */
import type { DriverKind } from '../../driver.ts';
import { openFcm } from './driver.ts';
import { type FcmSettings, readFcmSettings, showFcmSettings } from './settings.ts';

export const fcm: DriverKind<FcmSettings> = {
  kind: 'FCM',
  channelTypes: ['GCM'],
  readSettings: readFcmSettings,
  show: showFcmSettings,
  open: openFcm,
};

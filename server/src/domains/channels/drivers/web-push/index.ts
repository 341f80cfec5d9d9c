/**
 * Web Push to browsers. Pinpoint had none: it is a provider for endpoints of the GCM channel whose address is the JSON of a
 * PushSubscription.
 */
import type { DriverKind } from '../../driver.ts';
import { openWebPush } from './driver.ts';
import { readWebPushSettings, type WebPushSettings } from './settings.ts';

export const webPush: DriverKind<WebPushSettings> = {
  kind: 'WEB_PUSH',
  channelTypes: ['GCM'],
  readSettings: readWebPushSettings,
  show: ({ VapidPublicKey, VapidSubject }) => ({ VapidPublicKey, VapidSubject }),
  open: openWebPush,
};

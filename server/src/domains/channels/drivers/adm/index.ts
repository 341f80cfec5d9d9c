/** Amazon Device Messaging: the ADM channel. */
import type { DriverKind } from '../../driver.ts';
import { openAdm } from './driver.ts';
import { type AdmSettings, readAdmSettings } from './settings.ts';

export const adm: DriverKind<AdmSettings> = {
  kind: 'ADM',
  channelTypes: ['ADM'],
  readSettings: readAdmSettings,
  show: ({ ClientId, BaseUrl }) => ({ ClientId, BaseUrl }),
  open: openAdm,
};

/** Any gateway for SMS or voice that takes an HTTP request for each message: how it wants it is configured. */
import type { DriverKind } from '../../driver.ts';
import { readHttpCallback } from './callback.ts';
import { openHttpGateway } from './driver.ts';
import { type HttpSettings, readHttpSettings, showHttpSettings } from './settings.ts';

export const httpDriver: DriverKind<HttpSettings> = {
  kind: 'HTTP',
  channelTypes: ['SMS', 'VOICE'],
  tellsReceipts: true,
  readSettings: readHttpSettings,
  show: showHttpSettings,
  open: openHttpGateway,
  readCallback: async (settings, request, { clock }) => readHttpCallback(settings, request, clock.now()),
};

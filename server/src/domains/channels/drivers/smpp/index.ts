/**
 * SMPP 3.4, the protocol of SMSCs and most SMS providers. Every node that opens the driver binds a connection of its
 * own: the provider must allow as many binds as there are nodes that send. Where it allows fewer, the nodes left over
 * report messages as temporarily failed and try to bind again with pauses. Nodes that work in the background bind when
 * they start, since people write to numbers that have sent nothing. Parts of one inbound message should come over one
 * bind; from several nodes they are told as separate texts once their time is over.
 */
import type { DriverKind } from '../../driver.ts';
import { openSmpp } from './driver.ts';
import { readSmppSettings, type SmppSettings, showSmppSettings } from './settings.ts';

export const smppDriver: DriverKind<SmppSettings> = {
  kind: 'SMPP',
  channelTypes: ['SMS'],
  listens: true,
  readSettings: readSmppSettings,
  show: showSmppSettings,
  open: (settings, parts) => openSmpp(settings, parts),
};

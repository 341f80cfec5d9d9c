/**
 * The outbox as a kind of provider: the default of every channel, and what an administrator chooses where a project's
 * messages must stay in the house although the account has a provider.
 */
import type { ChannelType } from '../../channel-types.ts';
import type { DriverKind } from '../../driver.ts';
import type { Outbox } from './outbox.ts';

export const outboxKindName = 'OUTBOX';

/** All that is addressed to somebody: in-app messages are fetched, and PUSH is no channel of its own. */
const channelTypes = [
  ...(['ADM', 'APNS', 'APNS_SANDBOX', 'APNS_VOIP', 'APNS_VOIP_SANDBOX', 'BAIDU', 'CUSTOM', 'EMAIL', 'GCM'] as const),
  ...(['SMS', 'VOICE'] as const),
] as const satisfies readonly ChannelType[];

interface OutboxSettings {
  /** Whose outbox it is: given by whoever opens it, never configured. */
  readonly projectNumber?: number;
}

export function outboxKind(outbox: Outbox): DriverKind<OutboxSettings> {
  return {
    kind: outboxKindName,
    channelTypes,
    readSettings: () => ({}),
    show: () => ({}),
    open({ projectNumber }) {
      if (projectNumber === undefined) throw new Error('An outbox is opened for one project.');
      return outbox.driverOf(projectNumber);
    },
  };
}

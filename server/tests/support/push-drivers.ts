/** What tests of push drivers share: parts to open one with, messages, and how their outcomes are counted. */
import type { ChannelType } from '../../src/domains/channels/channel-types.ts';
import type { DriverParts, Outcome } from '../../src/domains/channels/driver.ts';
import type { OutgoingMessage, PushContent } from '../../src/domains/channels/message.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { OutgoingHttp } from '../../src/outgoing/http.ts';
import { OutgoingNetworks } from '../../src/outgoing/networks.ts';

export function partsOf(
  clock: Clock = systemClock,
  networks = new OutgoingNetworks(['127.0.0.0/8', '::1']),
): DriverParts {
  return {
    http: new OutgoingHttp(networks),
    networks,
    clock,
    logger: createLogger('silent'),
    received: async () => undefined,
  };
}

export function pushMessage(
  channelType: ChannelType,
  address: string,
  payload: unknown,
  rest: Partial<PushContent> = {},
): OutgoingMessage {
  const content: PushContent = { kind: 'push', payload: JSON.stringify(payload), headers: {}, ...rest };
  return { key: newId(), channelType, address, content };
}

/** How often each status came. */
export function countStatuses(outcomes: readonly Outcome[]): Partial<Record<Outcome['status'], number>> {
  const counts: Partial<Record<Outcome['status'], number>> = {};
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

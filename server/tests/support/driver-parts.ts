/** What a driver lives on in a test: real connections that may reach this machine, and every outcome counted. */
import { afterAll } from 'vitest';
import type { Driver, DriverParts, Outcome, ProviderNews } from '../../src/domains/channels/driver.ts';
import type { OutgoingMessage } from '../../src/domains/channels/message.ts';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { OutgoingHttp } from '../../src/outgoing/http.ts';
import { OutgoingNetworks } from '../../src/outgoing/networks.ts';

export interface TestDriverParts extends DriverParts {
  readonly news: readonly ProviderNews[];
}

/** Call it at the top of a file. @param allowed networks the operator opened */
export function testDriverParts({
  allowed = ['127.0.0.0/8', '::1'],
  clock = systemClock,
}: {
  readonly allowed?: readonly string[];
  readonly clock?: Clock;
} = {}): TestDriverParts {
  const networks = new OutgoingNetworks(allowed);
  const http = new OutgoingHttp(networks);
  const news: ProviderNews[] = [];
  afterAll(() => http.close());
  return {
    ...{ networks, http, clock, logger: createLogger('silent'), news },
    async received(told) {
      news.push(...told);
    },
  };
}

/**
 * Outcomes in the order of the messages.
 * @throws when a message was reported twice or never
 */
export async function deliverAll(
  driver: Driver,
  messages: readonly OutgoingMessage[],
  signal: AbortSignal = new AbortController().signal,
): Promise<Outcome[]> {
  const outcomes = new Map<OutgoingMessage, Outcome>();
  await driver.deliver(
    messages,
    (message, outcome) => {
      if (outcomes.has(message)) throw new Error(`${message.key} was reported twice`);
      outcomes.set(message, outcome);
    },
    signal,
  );
  return messages.map((message) => {
    const outcome = outcomes.get(message);
    if (outcome === undefined) throw new Error(`${message.key} was never reported`);
    return outcome;
  });
}

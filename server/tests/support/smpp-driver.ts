/** The SMPP driver as tests open it, quick and against an SMSC of theirs; ended after each test. */
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach } from 'vitest';
import type { Driver, ProviderNews } from '../../src/domains/channels/driver.ts';
import { openSmpp } from '../../src/domains/channels/drivers/smpp/driver.ts';
import { smppDriver } from '../../src/domains/channels/drivers/smpp/index.ts';
import type { SmppTiming } from '../../src/domains/channels/drivers/smpp/timing.ts';
import type { OutgoingMessage, SmsContent } from '../../src/domains/channels/message.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { OutgoingHttp } from '../../src/outgoing/http.ts';
import { OutgoingNetworks } from '../../src/outgoing/networks.ts';
import { type Smsc, type SmscBehaviour, startSmsc } from './smsc.ts';

const quick: SmppTiming = {
  connectMilliseconds: 2_000,
  firstPauseMilliseconds: 30,
  longestPauseMilliseconds: 120,
  stopMilliseconds: 400,
  partRetryMilliseconds: [10, 20, 30],
  partHoldMilliseconds: 100,
  partLifeMilliseconds: 300,
};

/** Drivers before the servers that they talk to. */
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

export async function smsc(behaviour?: SmscBehaviour): Promise<Smsc> {
  const started = await startSmsc(behaviour);
  opened.push(started);
  return started;
}

export interface OpenOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly timing?: Partial<SmppTiming>;
  readonly allowed?: readonly string[];
  readonly received?: (news: readonly ProviderNews[]) => Promise<void>;
  readonly log?: (line: string) => void;
}

export function open(port: number, options: OpenOptions = {}): Driver {
  const networks = new OutgoingNetworks(options.allowed ?? ['127.0.0.0/8', '::1']);
  const settings = smppDriver.readSettings({
    ...{ Host: '127.0.0.1', Port: port, SystemId: 'repoint', Password: 'secret', ...options.settings },
  });
  const driver = openSmpp(
    settings,
    {
      http: new OutgoingHttp(networks),
      networks,
      clock: systemClock,
      logger: pino({ level: 'trace' }, { write: (line: string) => options.log?.(line) }),
      received: options.received ?? (async () => undefined),
    },
    { ...quick, ...options.timing },
  );
  opened.unshift(driver);
  return driver;
}

/** A message with this text. */
export function message(
  body: string,
  content: Partial<SmsContent> & { readonly address?: string } = {},
): OutgoingMessage {
  const { address = '+4915112345678', ...sms } = content;
  const key = newId();
  return { key, channelType: 'SMS', address, content: { kind: 'sms', body, messageType: 'TRANSACTIONAL', ...sms } };
}

export async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('It never came to be.');
    await pause(5);
  }
}

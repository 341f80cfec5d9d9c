/** What a dispatcher does with a driver: batches, bounds, a provider that is down, a driver at fault, the end. */
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../kernel/clock.ts';
import { createLogger } from '../../../kernel/logger.ts';
import type { Driver, Outcome } from '../../channels/driver.ts';
import type { OutgoingMessage } from '../../channels/message.ts';
import { Dispatcher } from './dispatcher.ts';
import type { RateBudget } from './rate-budget.ts';

const sent: Outcome = { status: 'SUCCESSFUL', statusCode: 200, statusMessage: 'ok' };
const down: Outcome = { status: 'TEMPORARY_FAILURE', statusCode: 503, statusMessage: 'x', providerIsDown: true };

function message(key: string): OutgoingMessage {
  const content = { kind: 'sms', body: 'x', messageType: 'TRANSACTIONAL' } as const;
  return { key, channelType: 'SMS', address: '+12065550142', content };
}

const messages = (count: number) => Array.from({ length: count }, (_, index) => message(`m${index}`));

/** A driver that answers what the test says, a moment later. */
class ScriptedDriver implements Driver {
  readonly limits: Driver['limits'];
  readonly batches: number[] = [];
  most = 0;
  outcomeOf: (message: OutgoingMessage) => Outcome | undefined = () => sent;
  #now = 0;

  constructor(limits: Driver['limits']) {
    this.limits = limits;
  }

  async deliver(batch: readonly OutgoingMessage[], report: Parameters<Driver['deliver']>[1]): Promise<void> {
    this.batches.push(batch.length);
    this.#now += 1;
    this.most = Math.max(this.most, this.#now);
    await new Promise((next) => setTimeout(next, 2));
    this.#now -= 1;
    for (const each of batch) {
      const outcome = this.outcomeOf(each);
      if (outcome !== undefined) report(each, outcome);
    }
  }

  async close(): Promise<void> {}
}

function start(limits: Driver['limits'], maximumWaiting?: number) {
  const driver = new ScriptedDriver(limits);
  const clock = new ManualClock('2026-12-01T00:00:00Z');
  const options = { driver, clock, logger: createLogger('silent'), budget: undefined };
  const dispatcher = new Dispatcher({ ...options, ...(maximumWaiting !== undefined && { maximumWaiting }) });
  return {
    driver,
    clock,
    dispatcher,
    send: (list: OutgoingMessage[]) => Promise.all(list.map((one) => dispatcher.dispatch(one))),
  };
}

test('messages of one moment go together, within the limits of the driver', async () => {
  const { driver, send } = start({ batch: 10, concurrency: 3 });
  expect(await send(messages(65))).toEqual(messages(65).map(() => sent));
  expect(driver.batches).toEqual([10, 10, 10, 10, 10, 10, 5]);
  expect(driver.most).toBe(3);
});

test('too many that wait are refused at once', async () => {
  const { send } = start({ batch: 1, concurrency: 1 }, 5);
  const outcomes = await send(messages(8));
  expect(outcomes.map(({ status }) => status)).toEqual([...Array(5).fill('SUCCESSFUL'), ...Array(3).fill('THROTTLED')]);
});

describe('a provider that is down', () => {
  test('is left alone after five answers that say so, then tried with one batch, then trusted again', async () => {
    const { driver, clock, send } = start({ batch: 1, concurrency: 1 });
    driver.outcomeOf = () => down;
    const first = await send(messages(20));
    expect(driver.batches).toHaveLength(5);
    expect(first.every(({ status }) => status === 'TEMPORARY_FAILURE')).toBe(true);
    expect((await send(messages(1)))[0]).toMatchObject({ statusCode: 503, retryAfterMilliseconds: 1_000 });
    clock.advance(1_000);
    await send(messages(3));
    expect(driver.batches).toHaveLength(6);
    clock.advance(1_999);
    await send(messages(1));
    expect(driver.batches).toHaveLength(6);
    clock.advance(1);
    driver.outcomeOf = () => sent;
    expect(await send(messages(1))).toEqual([sent]);
    expect(await send(messages(3))).toEqual([sent, sent, sent]);
  });
});

test('a message that the driver says nothing of may have left', async () => {
  const { driver, send } = start({ batch: 2, concurrency: 1 });
  driver.outcomeOf = ({ key }) => (key === 'm0' ? sent : undefined);
  expect((await send(messages(2))).map(({ status }) => status)).toEqual(['SUCCESSFUL', 'UNKNOWN_FAILURE']);
});

test('at the end what waits is given back, what the driver has is waited for', async () => {
  const { dispatcher, send } = start({ batch: 1, concurrency: 1 });
  const outcomes = send(messages(3));
  await new Promise((next) => setImmediate(() => setImmediate(next)));
  await dispatcher.stop();
  expect((await outcomes).map(({ statusCode }) => statusCode)).toEqual([200, 503, 503]);
  expect((await send(messages(1)))[0]?.statusCode).toBe(503);
});

test('when nobody can say how many may leave, nothing does, and the provider is not blamed', async () => {
  const driver = new ScriptedDriver({ batch: 1, concurrency: 1 });
  const clock = new ManualClock('2026-12-01T00:00:00Z');
  const budget = { portion: 1, take: () => Promise.reject(new Error('no database')) } as unknown as RateBudget;
  const dispatcher = new Dispatcher({ driver, clock, logger: createLogger('silent'), budget });
  expect(await dispatcher.dispatch(message('m'))).toMatchObject({
    ...{ status: 'TEMPORARY_FAILURE', statusMessage: expect.not.stringContaining('stopped') },
  });
  expect(driver.batches).toEqual([]);
});

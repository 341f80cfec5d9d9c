import { describe, expect, it } from 'vitest';
import { ManualClock } from '../kernel/clock.ts';
import { RequestQuotas } from './quotas.ts';

const createSegment = { name: 'CreateSegment', quotaPerSecond: 25 } as const;

describe('RequestQuotas', () => {
  const setUp = (processes = 1) => {
    const clock = new ManualClock('2026-03-01T00:00:00Z');
    return { clock, quotas: new RequestQuotas(clock, () => processes) };
  };
  const takeAll = (quotas: RequestQuotas, account = '111122223333', region = 'us-east-1') => {
    for (let taken = 0; ; taken += 1) {
      try {
        quotas.take(account, region, createSegment);
      } catch {
        return taken;
      }
    }
  };

  it('lets one second of the rate pass at once, then answers 429', () => {
    const { quotas } = setUp();
    expect(takeAll(quotas)).toBe(25);
    expect(() => quotas.take('111122223333', 'us-east-1', createSegment)).toThrow('Too many requests');
  });

  it('refills steadily and never above one second', () => {
    const { quotas, clock } = setUp();
    takeAll(quotas);
    clock.advance(200);
    expect(takeAll(quotas)).toBe(5);
    clock.advance(3_600_000);
    expect(takeAll(quotas)).toBe(25);
  });

  it('keeps accounts, regions and operations apart', () => {
    const { quotas } = setUp();
    takeAll(quotas);
    expect(takeAll(quotas, '444455556666')).toBe(25);
    expect(takeAll(quotas, '111122223333', 'eu-central-1')).toBe(25);
    expect(() => quotas.take('111122223333', 'us-east-1', { name: 'GetSegment', quotaPerSecond: 300 })).not.toThrow();
  });

  it('shares a rate out over the processes', () => {
    expect(takeAll(setUp(5).quotas)).toBe(5);
  });

  it('lets one request pass where a share is less than one a second', () => {
    const { quotas, clock } = setUp(100);
    expect(takeAll(quotas)).toBe(1);
    clock.advance(3_900);
    expect(takeAll(quotas)).toBe(0);
    clock.advance(100);
    expect(takeAll(quotas)).toBe(1);
  });

  it.each([7000, 300, 20, 7])('lets exactly %i a second pass', (quotaPerSecond) => {
    const { quotas, clock } = setUp();
    const operation = { name: 'GetApp', quotaPerSecond } as const;
    for (let second = 0; second < 3; second += 1) {
      for (let taken = 0; taken < quotaPerSecond; taken += 1) quotas.take('111122223333', 'us-east-1', operation);
      expect(() => quotas.take('111122223333', 'us-east-1', operation)).toThrow('Too many requests');
      clock.advance(1000);
    }
  });

  it('forgets buckets that are full again, however many Regions a caller makes up', () => {
    const { quotas, clock } = setUp();
    for (let index = 0; index < 5000; index += 1) quotas.take('111122223333', `region-${index}`, createSegment);
    expect(quotas.size).toBe(5000);
    clock.advance(1000);
    quotas.take('111122223333', 'us-east-1', createSegment);
    expect(quotas.size).toBe(1);
  });

  it('recovers within a second when the clock is set back', () => {
    const { quotas, clock } = setUp();
    takeAll(quotas);
    clock.advance(-3_600_000);
    expect(takeAll(quotas)).toBe(0);
    clock.advance(1000);
    expect(takeAll(quotas)).toBe(25);
  });
});

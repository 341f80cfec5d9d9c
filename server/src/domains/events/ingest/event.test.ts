/** Which events are taken and what is said of the others: the rules by themselves, and with whatever an app may send. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../kernel/errors.ts';
import { eventLimits, readEvent } from './event.ts';

const whole = { EventType: 'cart.add', Timestamp: '2026-11-24T09:15:02.120Z' };

function reasonFor(value: unknown): string {
  try {
    readEvent(value);
    return 'accepted';
  } catch (error) {
    if (error instanceof ServiceError && error.status === 400) return error.message;
    throw error;
  }
}

describe('readEvent', () => {
  it('reads the instant, and leaves the event as it came', () => {
    const event = { ...whole, Attributes: { sku: 'x' }, Metrics: { price: -0.5 } };
    expect(readEvent(structuredClone(event))).toEqual({ event, occurredAt: new Date(whole.Timestamp) });
  });

  it('counts bytes, not characters, and only those of an event', () => {
    const sized = (fill: string, bytes: number) => {
      const frame = Buffer.byteLength(JSON.stringify({ ...whole, AppTitle: '' }));
      const width = Buffer.byteLength(JSON.stringify(fill)) - 2;
      return { ...whole, AppTitle: fill.repeat(Math.floor((bytes - frame) / width)) };
    };
    // A letter, two bytes, a pair of four, one that JSON writes as six.
    for (const fill of ['a', 'é', '😀', '\u001f']) {
      expect(reasonFor(sized(fill, eventLimits.bytes))).toBe('accepted');
      expect(reasonFor(sized(fill, eventLimits.bytes + 8))).toBe('An event can have at most 1000 KB');
    }
  });

  it('takes an event exactly when it keeps every rule, and never quotes it', () => {
    const name = fc.oneof(fc.string({ maxLength: 55 }), fc.string({ minLength: 48, maxLength: 53 }));
    const text = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ minLength: 195, maxLength: 205 }));
    const events = fc.record({
      EventType: fc.string(),
      Timestamp: fc.oneof(fc.constant(whole.Timestamp), fc.constant('1970-01-01'), fc.constant('not-a-date')),
      Attributes: fc.dictionary(name, text, { maxKeys: 30 }),
      Metrics: fc.dictionary(name, fc.double({ noNaN: true, noDefaultInfinity: true }), { maxKeys: 20 }),
    });
    let taken = 0;
    fc.assert(
      fc.property(events, (event) => {
        const names = [...Object.keys(event.Attributes), ...Object.keys(event.Metrics)];
        const isGood =
          event.EventType !== '' &&
          event.Timestamp !== 'not-a-date' &&
          names.length <= 40 &&
          names.every(({ length }) => length <= 50) &&
          Object.values(event.Attributes).every(({ length }) => length <= 200);
        const reason = reasonFor(event);
        expect(reason === 'accepted').toBe(isGood);
        if (isGood) taken += 1;
        else expect(reason).toMatch(/^(EventType|Timestamp|Attributes|Metrics)( and Metrics)?( is| must|: a| can) /);
      }),
      { numRuns: 500 },
    );
    // About thirty of five hundred.
    expect(taken).toBeGreaterThan(5);
  });
});

/** Which events a campaign waits for: dossier/messaging §1.7, case 30. */
import { describe, expect, it } from 'vitest';
import type { AttributeType, CampaignEventFilter, EventDimensions } from '../../../contract/pinpoint-types.ts';
import { appEvent, smsEvent } from '../../events/index.ts';
import { compileFilter } from './match.ts';

const project = { number: 1, accountId: '123456789012', id: 'a'.repeat(32) };
const times = { occurredAt: new Date(0), arrivedAt: new Date(0) };

/** As PutEvents has it. */
function told(EventType: string, Attributes: Record<string, string> = {}, Metrics: Record<string, number> = {}) {
  const event = { EventType, Timestamp: '2026-12-01T00:00:00Z', Attributes, Metrics };
  return appEvent(project, { endpointId: 'ana', endpoint: undefined, event, ...times });
}

const fits = (Dimensions: EventDimensions, FilterType: CampaignEventFilter['FilterType'] = 'ENDPOINT') =>
  compileFilter({ FilterType, Dimensions });
const EventType = { Values: ['cart.abandoned'] };
const withAttribute = (type: AttributeType, Values: string[]) => {
  const filter = fits({ EventType, Attributes: { tier: { AttributeType: type, Values } } });
  return (tier?: string) => filter(told('cart.abandoned', tier === undefined ? {} : { tier }));
};

describe('a filter', () => {
  it('wants all dimensions, and of one dimension any value (case 30)', () => {
    const filter = fits({
      EventType: { DimensionType: 'INCLUSIVE', Values: ['cart.abandoned'] },
      Attributes: { tier: { AttributeType: 'INCLUSIVE', Values: ['gold', 'silver'] } },
      Metrics: { value: { ComparisonOperator: 'GREATER_THAN_OR_EQUAL', Value: 25 } },
    });
    const cart = (tier: string, value: number) => filter(told('cart.abandoned', { tier }, { value }));
    expect([cart('gold', 25), cart('gold', 24), cart('bronze', 99), cart('silver', 30)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(filter(told('cart.abandoned', { tier: 'gold' }))).toBe(false);
    expect(filter(told('cart.added', { tier: 'gold' }, { value: 99 }))).toBe(false);
  });

  it('can be for all types but some', () => {
    const filter = fits({ EventType: { DimensionType: 'EXCLUSIVE', Values: ['a', 'b'] } });
    expect([filter(told('a')), filter(told('c'))]).toEqual([false, true]);
  });

  it('tells events of apps from those of the server, whatever they are called', () => {
    const sms = smsEvent(project, {
      ...{
        endpointId: 'ana',
        origin: { kind: 'direct' },
        recordStatus: 'DELIVERED',
        final: true,
        messageId: 'm',
        ...times,
      },
      ...{ senderRequestId: 'r', destinationNumber: '+4915112345678', parts: 1, messageType: 'TRANSACTIONAL' },
    });
    const dimensions = { EventType: { Values: ['_SMS.SUCCESS'] } };
    expect([fits(dimensions, 'SYSTEM')(sms), fits(dimensions, 'ENDPOINT')(sms)]).toEqual([true, false]);
    const forged = told('_SMS.SUCCESS');
    expect([fits(dimensions, 'SYSTEM')(forged), fits(dimensions, 'ENDPOINT')(forged)]).toEqual([false, true]);
  });

  it('has a missing attribute fail every test but EXCLUSIVE', () => {
    expect(withAttribute('EXCLUSIVE', ['gold'])()).toBe(true);
    expect(withAttribute('EXCLUSIVE', ['gold'])('gold')).toBe(false);
    for (const type of ['CONTAINS', 'BEFORE', 'AFTER', 'ON', 'BETWEEN'] as const) {
      expect(withAttribute(type, ['2026-01-01', '2026-02-01'])()).toBe(false);
    }
  });

  it('finds parts as they are spelt', () => {
    const contains = withAttribute('CONTAINS', ['ol', 'IRON']);
    expect([contains('gold'), contains('GOLD'), contains('IRON')]).toEqual([true, false, true]);
  });

  it('compares dates', () => {
    const date = '2026-01-15T12:00:00Z';
    expect(withAttribute('BEFORE', [date])('2026-01-15T11:59:59Z')).toBe(true);
    expect(withAttribute('BEFORE', [date])(date)).toBe(false);
    expect(withAttribute('AFTER', [date])('2026-01-16')).toBe(true);
    expect(withAttribute('ON', [date, '2026-03-01'])('2026-01-15T23:59:00Z')).toBe(true);
    expect(withAttribute('ON', [date])('2026-01-16T00:00:00Z')).toBe(false);
    const between = withAttribute('BETWEEN', ['2026-01-01', '2026-02-01']);
    expect([between('2026-01-01'), between('2026-02-01'), between('2026-02-02')]).toEqual([true, true, false]);
    expect([between('tomorrow'), withAttribute('ON', ['nonsense'])('nonsense')]).toEqual([false, false]);
  });

  it('compares metrics by the operators that there are, and never by another', () => {
    const fitting = (ComparisonOperator: string) =>
      [24, 25, 26].filter((value) =>
        fits({ EventType, Metrics: { value: { ComparisonOperator, Value: 25 } } })(
          told('cart.abandoned', {}, { value }),
        ),
      );
    expect(fitting('EQUAL')).toEqual([25]);
    expect(fitting('GREATER_THAN')).toEqual([26]);
    expect(fitting('GREATER_THAN_OR_EQUAL')).toEqual([25, 26]);
    expect(fitting('LESS_THAN')).toEqual([24]);
    expect(fitting('LESS_THAN_OR_EQUAL')).toEqual([24, 25]);
    for (const nonsense of ['LIKE', 'toString', '']) expect(fitting(nonsense)).toEqual([]);
  });

  it('does not take what every object has for an attribute', () => {
    const filter = fits({
      EventType,
      Attributes: { constructor: { AttributeType: 'EXCLUSIVE' as const, Values: ['x'] } },
    });
    expect(filter(told('cart.abandoned'))).toBe(true);
    const wanted = fits({ EventType, Attributes: { toString: { Values: ['x'] } } });
    expect(wanted(told('cart.abandoned'))).toBe(false);
  });
});

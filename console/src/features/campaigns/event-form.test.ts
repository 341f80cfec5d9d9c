/** Events a campaign waits for: as a filter of the API, as a sentence, and what is missing said. */
import { describe, expect, it } from 'vitest';
import { describeFilter, type EventForm, emptyEvent, eventFault, toEventFilter } from './event-form.ts';
import { inAppLimits, limitsFault, sendingLimits, toLimits } from './limits-form.ts';

const event: EventForm = {
  ...{ types: ['cart.left', 'cart.add'], source: 'ENDPOINT' },
  attributes: [{ key: '1', name: ' sku ', operator: 'CONTAINS', values: ['GLV', 'HAT'] }],
  metrics: [{ key: '2', name: 'price', operator: 'GREATER_THAN', value: '10.5' }],
};

describe('events of a campaign', () => {
  it('become a filter, and a sentence', () => {
    const filter = toEventFilter(event);
    expect(filter).toEqual({
      FilterType: 'ENDPOINT',
      Dimensions: {
        EventType: { DimensionType: 'INCLUSIVE', Values: ['cart.left', 'cart.add'] },
        Attributes: { sku: { AttributeType: 'CONTAINS', Values: ['GLV', 'HAT'] } },
        Metrics: { price: { ComparisonOperator: 'GREATER_THAN', Value: 10.5 } },
      },
    });
    const words = new Map([
      ['CONTAINS', 'contains'],
      ['GREATER_THAN', '>'],
    ]);
    expect(describeFilter(filter, words)).toBe('cart.left or cart.add with sku contains GLV or HAT, price > 10.5');
    expect(describeFilter(toEventFilter({ ...emptyEvent, types: ['x'] }), words)).toBe('x');
  });

  it.each([
    [emptyEvent, 'Say which event'],
    [{ ...event, attributes: [{ key: '1', name: '', operator: 'INCLUSIVE' as const, values: ['a'] }] }, 'a name and a'],
    [{ ...event, attributes: [{ key: '1', name: 'a', operator: 'BETWEEN' as const, values: ['1'] }] }, 'two values'],
    [{ ...event, metrics: [{ key: '1', name: 'm', operator: 'EQUAL', value: 'many' }] }, 'a number'],
    [{ ...event, metrics: [...event.metrics, ...event.metrics] }, 'once'],
  ])('say what is missing: %#', (form, fault) => expect(eventFault(form)).toContain(fault));

  it('lack nothing when all is said', () => expect(eventFault(event)).toBeUndefined());
});

describe('limits of a campaign', () => {
  it('are those that were typed', () => {
    expect(toLimits(sendingLimits, { Daily: ' 2 ', Total: '', MaximumDuration: '60' })).toEqual({
      ...{ Daily: 2, MaximumDuration: 60 },
    });
    // What was typed for messages that are sent says nothing of those that apps show.
    expect(toLimits(inAppLimits, { MaximumDuration: '60' })).toBeUndefined();
  });

  it.each([
    [{ MaximumDuration: '59' }, 'Seconds a run may take: A whole number from 60 to'],
    [{ MessagesPerSecond: '1.5' }, 'Messages in a second: A whole number from 1 to 20000'],
    [{ Daily: '-1' }, 'Messages to one endpoint in a day'],
    [{ Daily: '0', Total: '100' }, undefined],
  ])('are whole numbers within their range: %o', (form, fault) => {
    const found = limitsFault(sendingLimits, form);
    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(fault);
  });
});

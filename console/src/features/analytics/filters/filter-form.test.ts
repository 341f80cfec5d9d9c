/** Filters of events: to the API's words and back, in an address, and never more out of an address than a filter. */
import { describe, expect, it } from 'vitest';
import { emptyFilter, faultOfFilter, filterInAddress, fromFilter, readFilter, toFilter } from './filter-form.ts';

const filter = {
  EventType: 'cart.add',
  Attributes: { sku: { Values: ['a', 'b & "c"'] } },
  Metrics: { price: { ComparisonOperator: 'LESS_THAN', Value: -2.5 } },
  EndpointAttributes: { plan: { Values: ['pro'] } },
} as const;

describe('a filter of events', () => {
  it('comes back from form and address as it was', () => {
    expect(toFilter(fromFilter(filter))).toEqual(filter);
    expect(readFilter(filterInAddress(filter))).toEqual(filter);
    expect(toFilter(emptyFilter)).toEqual({});
    expect(filterInAddress({})).toBe('');
  });

  it.each([
    null,
    '',
    'nonsense',
    '[]',
    '5',
    'null',
    '{"Attributes":{"sku":null}}',
    '{"Metrics":{"price":{"ComparisonOperator":"LIKE","Value":1}}}',
    '{"Attributes":{"sku":{"Values":[1]}}}',
  ])('that an address does not have asks for everything: %s', (text) => {
    expect(readFilter(text)).toEqual({});
  });

  it('says what is missing', () => {
    const condition = { key: '1', kind: 'attribute', name: 'sku', values: ['a'] } as const;
    const metric = { key: '2', kind: 'metric', name: 'price', operator: 'EQUAL', value: '' } as const;
    const of = (...conditions: Parameters<typeof faultOfFilter>[0]['conditions']) =>
      faultOfFilter({ ...emptyFilter, conditions });
    expect(of(condition)).toBeUndefined();
    expect(of({ ...condition, name: '' })).toContain('Name what');
    expect(of({ ...condition, values: [] })).toContain('a value');
    expect(of(condition, { ...condition, key: '3' })).toContain('two conditions on sku');
    expect(of(condition, { ...condition, key: '3', kind: 'endpointAttribute' })).toBeUndefined();
    expect(of(metric)).toContain('a number');
    expect(of({ ...metric, value: 'x' })).toContain('a number');
    expect(of({ ...metric, value: '0' })).toBeUndefined();
  });
});

/** A segment into the builder and back to the API: nothing is lost, and what is half typed is not asked. */
import { describe, expect, it } from 'vitest';
import { type BuilderSegment, clashOf, emptySegment, type Filter, fromSegment, toRequest } from './model.ts';

const everything = {
  Include: 'ANY' as const,
  Groups: [
    {
      Type: 'NONE' as const,
      SourceType: 'ANY' as const,
      SourceSegments: [{ Id: 's1', Version: 3 }, { Id: 's2' }],
      Dimensions: [
        {
          Attributes: { plan: { AttributeType: 'CONTAINS' as const, Values: ['pro'] } },
          UserAttributes: { since: { AttributeType: 'BETWEEN' as const, Values: ['2026-01-01', '2026-02-01'] } },
          Metrics: { visits: { ComparisonOperator: 'GREATER_THAN', Value: 3.5 } },
          Demographic: { Channel: { DimensionType: 'EXCLUSIVE' as const, Values: ['SMS'] } },
          Location: {
            Country: { DimensionType: 'INCLUSIVE' as const, Values: ['PT'] },
            GPSPoint: { Coordinates: { Latitude: 38.7, Longitude: -9.1 }, RangeInKilometers: 10 },
          },
          Behavior: { Recency: { Duration: 'DAY_7' as const, RecencyType: 'INACTIVE' as const } },
        },
        { Attributes: { plan: { AttributeType: 'EXCLUSIVE' as const, Values: ['free'] } } },
      ],
    },
    { Type: 'ALL' as const, SourceType: 'ALL' as const, SourceSegments: [], Dimensions: [] },
  ],
};

const wrap = (...filters: Filter[]): BuilderSegment => ({
  ...emptySegment(),
  groups: [{ key: 'g', sources: [], sourceType: 'ANY', type: 'ALL', criteria: [{ key: 'c', filters }] }],
});

describe('a segment in the builder', () => {
  it('comes back as it was', () => {
    const segment = { ApplicationId: 'a', Id: 's', SegmentType: 'DIMENSIONAL' as const, Arn: '', CreationDate: '' };
    const builder = fromSegment({ ...segment, Name: 'all of it', SegmentGroups: everything });
    expect(toRequest(builder)).toEqual({ Name: 'all of it', SegmentGroups: everything });
  });

  it('of the older form becomes one group', () => {
    const segment = { ApplicationId: 'a', Id: 's', SegmentType: 'DIMENSIONAL' as const, Arn: '', CreationDate: '' };
    const builder = fromSegment({ ...segment, Dimensions: { Demographic: { Make: { Values: ['x'] } } } });
    expect(toRequest(builder).SegmentGroups?.Groups?.[0]?.Dimensions).toEqual([
      { Demographic: { Make: { DimensionType: 'INCLUSIVE', Values: ['x'] } } },
    ]);
  });

  it('is asked without the filters that are not filled in', () => {
    const half: Filter[] = [
      { kind: 'attribute', key: '1', name: 'plan', operator: 'INCLUSIVE', values: [] },
      { kind: 'attribute', key: '2', name: 'since', operator: 'BETWEEN', values: ['2026-01-01'] },
      { kind: 'metric', key: '3', name: 'visits', operator: 'EQUAL', value: '' },
      { kind: 'distance', key: '4', latitude: '1', longitude: '2', kilometres: 'x' },
    ];
    expect(toRequest(wrap(...half)).SegmentGroups?.Groups?.[0]?.Dimensions).toEqual([]);
  });

  it('takes names of attributes that are names of something else in JavaScript', () => {
    const request = toRequest(
      wrap({ kind: 'attribute', key: '1', name: '__proto__', operator: 'INCLUSIVE', values: ['x'] }),
    );
    const attributes = request.SegmentGroups?.Groups?.[0]?.Dimensions?.[0]?.Attributes ?? {};
    expect(Object.keys(attributes)).toEqual(['__proto__']);
  });

  it('says which two filters cannot stand in one criterion', () => {
    const twice: Filter[] = [
      { kind: 'set', key: '1', member: 'Country', operator: 'INCLUSIVE', values: ['PT'] },
      { kind: 'set', key: '2', member: 'Country', operator: 'EXCLUSIVE', values: ['ES'] },
    ];
    expect(clashOf({ key: 'c', filters: twice })).toBe('Country');
    expect(clashOf({ key: 'c', filters: twice.slice(1) })).toBeUndefined();
  });
});

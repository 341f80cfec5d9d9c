/** Periods as the times that are asked for. */
import { expect, it } from 'vitest';
import { type AuditFilters, timesOf } from './filters.ts';

const now = new Date('2026-11-26T12:30:00Z');
const filters = (changed: Partial<AuditFilters>): AuditFilters => ({
  ...{ period: '24', from: '', to: '', user: '', operation: '', outcome: '' },
  ...changed,
});

it('a period ends now', () => {
  expect(timesOf(filters({}), now)).toEqual({ StartTime: '2026-11-25T12:30:00.000Z' });
  expect(timesOf(filters({ period: 'all' }), now)).toEqual({});
});

it('days are whole, by the clock of whoever looks', () => {
  const { StartTime = '', EndTime = '' } = timesOf(
    filters({ period: 'between', from: '2026-02-27', to: '2026-02-28' }),
    now,
  );
  expect(new Date(StartTime)).toEqual(new Date(2026, 1, 27));
  expect(new Date(EndTime)).toEqual(new Date(2026, 2, 1));
  expect(timesOf(filters({ period: 'between', from: '2026-0' }), now)).toEqual({});
});

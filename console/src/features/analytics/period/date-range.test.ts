/** Days of a report: read from an address and put back, relative to today in a zone, and never beyond what is answered. */
import { describe, expect, it } from 'vitest';
import { askedDays, type DateRange, faultOfRange, readRange, readZone, usualRange, withRange } from './date-range.ts';

const at = (text: string) => new URLSearchParams(text);

describe('a range of days', () => {
  it.each<[string, DateRange]>([
    ['', usualRange],
    ['range=7d', { kind: 'relative', days: 7 }],
    ['range=366d', { kind: 'relative', days: 366 }],
    ['range=367d', usualRange],
    ['range=0d', usualRange],
    ['range=-3d', usualRange],
    ['from=2026-11-01&to=2026-11-20', { kind: 'absolute', from: '2026-11-01', to: '2026-11-20' }],
    ['from=2026-11-20&to=2026-11-01', usualRange],
    ['from=2026-02-30&to=2026-03-01', usualRange],
    ['from=2026-11-01', usualRange],
  ])('is read from the address: %s', (text, range) => {
    expect(readRange(at(text))).toEqual(range);
  });

  it('is put into the address, and the rest of it stays', () => {
    const relative = withRange(at('tab=sms&from=2026-11-01&to=2026-11-20'), { kind: 'relative', days: 14 });
    expect(String(relative)).toBe('tab=sms&range=14d');
    const absolute = { kind: 'absolute', from: '2026-01-02', to: '2026-01-02' } as const;
    expect(readRange(withRange(relative, absolute))).toEqual(absolute);
  });

  it('ends today, in the zone of the reader', () => {
    const now = new Date('2026-03-01T23:30:00Z');
    const range = { kind: 'relative', days: 2 } as const;
    expect(askedDays(range, 'UTC', now)).toEqual({ StartDate: '2026-02-28', EndDate: '2026-03-01', TimeZone: 'UTC' });
    expect(askedDays(range, 'Asia/Tokyo', now)).toMatchObject({ StartDate: '2026-03-01', EndDate: '2026-03-02' });
    expect(askedDays({ kind: 'relative', days: 1 }, 'UTC', now)).toMatchObject({ StartDate: '2026-03-01' });
  });

  it('is as long as the server answers, and not longer', () => {
    expect(faultOfRange({ kind: 'absolute', from: '2025-11-26', to: '2026-11-26' })).toBeUndefined();
    expect(faultOfRange({ kind: 'absolute', from: '2025-11-25', to: '2026-11-26' })).toContain('at most 366');
    expect(faultOfRange({ kind: 'relative', days: 1.5 })).toContain('1 to 366');
  });

  it('is in a zone that there is', () => {
    expect(readZone(at('zone=America/St_Johns'))).toBe('America/St_Johns');
    expect(readZone(at('zone=Nowhere/At-all'))).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
  });
});

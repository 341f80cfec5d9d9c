/**
 * Recipients' local time over all zones of the tz database, held against Intl, which knows nothing of how it is computed:
 * dossier/messaging §1.5, cases 14 to 16.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findTimeZone } from '../../../kernel/time-zone.ts';
import { instantIn, isTimeZone, minuteOfDayIn, sliceZones, utcOffsets } from './local-time.ts';

const zones = Intl.supportedValuesOf('timeZone');
const minute = 60_000;
const hour = 60 * minute;

const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks show, as though it were UTC. */
function shownIn(zone: string, at: number): number {
  const format = formats.get(zone) ?? makeFormat(zone);
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(
    parts['year'] as number,
    (parts['month'] as number) - 1,
    ...([parts['day'], parts['hour'], parts['minute'], parts['second']] as [number, number, number, number]),
  );
}

function makeFormat(zone: string): Intl.DateTimeFormat {
  const digits = 'numeric' as const;
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', year: digits, month: digits, day: digits },
    ...{ hour: digits, minute: digits, second: digits },
  });
  formats.set(zone, format);
  return format;
}

/** By trying every quarter of an hour: the first instant that shows it, or the one that is as far behind the gap. */
function expected(zone: string, wallClock: number): number {
  const step = 15 * minute;
  let before = wallClock - 15 * hour;
  for (let at = before; at <= wallClock + 13 * hour; at += step) {
    const shown = shownIn(zone, at);
    if (shown === wallClock) return at;
    if (shown > wallClock) break;
    before = at;
  }
  return before + (wallClock - shownIn(zone, before));
}

const find = (zone: string, wallClock: number) =>
  instantIn(findTimeZone(zone) as NonNullable<ReturnType<typeof findTimeZone>>, new Date(wallClock)).getTime();

/** Instants at which the clocks of a zone are changed. */
function changesOf(zone: string, from: number, to: number): number[] {
  const changes: number[] = [];
  const offset = (at: number) => shownIn(zone, at) - at;
  for (let at = from; at < to; at += 7 * 24 * hour) {
    let [low, high] = [at, at + 7 * 24 * hour];
    if (offset(low) === offset(high)) continue;
    while (high - low > minute) {
      const middle = low + Math.floor((high - low) / 2 / minute) * minute;
      if (offset(middle) === offset(low)) low = middle;
      else high = middle;
    }
    changes.push(high);
  }
  return changes;
}

describe('the instant of a wall clock', () => {
  it('is right around every change of daylight saving of a year, in every zone', () => {
    let changes = 0;
    for (const zone of zones) {
      for (const change of changesOf(zone, Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1))) {
        changes += 1;
        const shown = Math.round(shownIn(zone, change - 15 * minute) / (15 * minute)) * 15 * minute;
        for (const quarters of [-5, 0, 1, 3, 4, 6]) {
          const wallClock = shown + quarters * 15 * minute;
          expect([zone, wallClock, find(zone, wallClock)]).toEqual([zone, wallClock, expected(zone, wallClock)]);
        }
      }
    }
    expect(changes).toBeGreaterThan(250);
  }, 60_000);

  it('is right in any zone at any time', () => {
    const quarter = 15 * minute;
    const quarters = fc.integer({ min: Date.UTC(1995, 0) / quarter, max: Date.UTC(2037, 0) / quarter });
    fc.assert(
      fc.property(fc.constantFrom(...zones), quarters, (zone, count) => {
        const wallClock = count * quarter;
        expect(find(zone, wallClock)).toBe(expected(zone, wallClock));
      }),
      { numRuns: 1_000 },
    );
  }, 60_000);

  it('is within the day that runs plan with, in every zone', () => {
    for (const zone of zones) {
      const at = find(zone, Date.UTC(2026, 6, 1, 9));
      expect(at).toBeGreaterThanOrEqual(Date.UTC(2026, 6, 1, 9) - 14 * hour);
      expect(at).toBeLessThanOrEqual(Date.UTC(2026, 6, 1, 9) + 12 * hour);
    }
  });

  it('is the first of two, and behind a gap as far as it is behind its beginning', () => {
    const berlin = (text: string) => new Date(find('Europe/Berlin', Date.parse(`${text}Z`))).toISOString();
    expect(berlin('2026-10-25T02:30')).toBe('2026-10-25T00:30:00.000Z');
    expect(berlin('2026-03-29T02:30')).toBe('2026-03-29T01:30:00.000Z');
  });
});

describe('zones of a slot', () => {
  const wallClock = new Date('2026-11-26T09:00:00Z');
  const madeAt = new Date('2026-11-25T19:00:00Z');

  it('are sliced by when they have it; who has had it is past, and what is no zone is none', () => {
    const names = [
      'Pacific/Kiritimati',
      'Europe/Berlin',
      'Europe/Paris',
      'America/New_York',
      '+02:00',
      'Mars/Base',
      '',
    ];
    const { slices, past, unknown } = sliceZones(names, { wallClock, from: new Date('2026-11-26T08:00:00Z'), madeAt });
    expect(past).toEqual(['Pacific/Kiritimati']);
    expect(unknown).toEqual(['+02:00', 'Mars/Base', '']);
    expect(slices).toEqual([
      { at: new Date('2026-11-26T08:00:00Z'), zones: ['Europe/Berlin', 'Europe/Paris'] },
      { at: new Date('2026-11-26T14:00:00Z'), zones: ['America/New_York'] },
    ]);
  });

  it('take every zone of the world when the campaign was accepted a day before', () => {
    const { slices, past, unknown } = sliceZones(zones, { wallClock, from: madeAt, madeAt });
    expect([past, unknown]).toEqual([[], []]);
    expect(slices.flatMap((slice) => slice.zones)).toHaveLength(zones.length);
    expect(slices.length).toBeGreaterThan(30);
  });

  it('leave an hour that clocks do not have to the next one', () => {
    const gap = { wallClock: new Date('2026-03-29T02:00:00Z'), next: new Date('2026-03-29T03:00:00Z') };
    const { slices, past } = sliceZones(['Europe/Berlin', 'Asia/Tokyo'], {
      ...gap,
      from: new Date(0),
      madeAt: new Date(0),
    });
    expect(past).toEqual(['Europe/Berlin']);
    expect(slices).toEqual([{ at: new Date('2026-03-28T17:00:00Z'), zones: ['Asia/Tokyo'] }]);
    // By the day there is no other one that takes its place.
    const daily = { ...gap, next: new Date('2026-03-30T02:00:00Z'), from: new Date(0), madeAt: new Date(0) };
    expect(sliceZones(['Europe/Berlin'], daily).slices).toEqual([
      { at: new Date('2026-03-29T01:00:00Z'), zones: ['Europe/Berlin'] },
    ]);
  });

  it('leave the day that Samoa never had to the next one', () => {
    const day = { wallClock: new Date('2011-12-30T09:00:00Z'), next: new Date('2011-12-31T09:00:00Z') };
    const { past } = sliceZones(['Pacific/Apia'], { ...day, from: new Date(0), madeAt: new Date(0) });
    expect(past).toEqual(['Pacific/Apia']);
  });

  it('have of two slots that were missed the newer one', () => {
    const hours = { wallClock, next: new Date('2026-11-26T10:00:00Z'), from: new Date(0) };
    const { slices, past } = sliceZones(['Asia/Tokyo', 'America/New_York'], {
      ...hours,
      madeAt: new Date('2026-11-26T01:30:00Z'),
    });
    expect(past).toEqual(['Asia/Tokyo']);
    expect(slices).toEqual([{ at: new Date('2026-11-26T14:00:00Z'), zones: ['America/New_York'] }]);
  });
});

describe('offsets and zones', () => {
  it('are the 31 of the documentation, and no others (case 15)', () => {
    expect(utcOffsets.size).toBe(31);
    expect([utcOffsets.get('UTC'), utcOffsets.get('UTC+05:45'), utcOffsets.get('UTC-11')]).toEqual([0, 345, -660]);
    for (const name of ['UTC-01', 'UTC-12', 'UTC+14', 'UTC+00', 'UTC+08:45', 'utc']) {
      expect(utcOffsets.has(name)).toBe(false);
    }
  });

  it('are those of the tz database, and nothing that merely looks like one', () => {
    for (const name of ['Europe/Berlin', 'Asia/Calcutta', 'UTC', 'Etc/GMT+5']) expect(isTimeZone(name)).toBe(true);
    for (const name of ['+02:00', 'UTC+2', 'Berlin', '__proto__', 'x'.repeat(1_000)]) {
      expect(isTimeZone(name)).toBe(false);
    }
  });

  it('tell the minute of the day as Intl does', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.date({ min: new Date('1995-01-01'), max: new Date('2037-01-01'), noInvalidDate: true }),
        (zone, now) => {
          const shown = new Date(shownIn(zone, now.getTime()));
          expect(minuteOfDayIn(zone, now)).toBe(shown.getUTCHours() * 60 + shown.getUTCMinutes());
        },
      ),
      { numRuns: 1_000 },
    );
  }, 60_000);
});

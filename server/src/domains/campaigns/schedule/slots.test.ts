/** Slots of every frequency: dossier/messaging §1.5, cases 7, 13 and 14. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closesAt, firstSlot, latestSlot, nextSlot, opensAt, type Timing } from './slots.ts';

const at = (text: string) => new Date(text);

/** The first slots, at most so many. */
function slotsOf(timing: Timing, count: number, acceptedAt = at('2026-01-01T00:00:00Z')): string[] {
  const anchor = firstSlot(timing, acceptedAt);
  const slots: string[] = [];
  let slot = nextSlot(timing, anchor, new Date(anchor.getTime() - 1));
  while (slot !== undefined && slots.length < count) {
    slots.push(slot.toISOString().replace(':00.000Z', 'Z'));
    slot = nextSlot(timing, anchor, slot);
  }
  return slots;
}

describe('slots', () => {
  it('are one for ONCE, which is what a schedule is that does not say', () => {
    expect(slotsOf({ StartTime: '2026-03-01T09:00Z' }, 5)).toEqual(['2026-03-01T09:00Z']);
    expect(slotsOf({ StartTime: '2026-03-01T09:00:00+02:00', Frequency: 'ONCE' }, 5)).toEqual(['2026-03-01T07:00Z']);
  });

  it('are the moment of acceptance for IMMEDIATE, and go on from it', () => {
    const acceptedAt = at('2026-03-01T09:17:00Z');
    expect(slotsOf({ StartTime: 'IMMEDIATE' }, 5, acceptedAt)).toEqual(['2026-03-01T09:17Z']);
    expect(slotsOf({ StartTime: 'IMMEDIATE', Frequency: 'HOURLY' }, 3, acceptedAt)).toEqual([
      '2026-03-01T09:17Z',
      '2026-03-01T10:17Z',
      '2026-03-01T11:17Z',
    ]);
  });

  it('end with EndTime, which may be one itself', () => {
    const daily = { StartTime: '2026-03-01T09:00:00Z', Frequency: 'DAILY' } as const;
    const days = ['2026-03-01T09:00Z', '2026-03-02T09:00Z', '2026-03-03T09:00Z'];
    expect(slotsOf({ ...daily, EndTime: '2026-03-03T09:00:00Z' }, 9)).toEqual(days);
    expect(slotsOf({ ...daily, EndTime: '2026-03-03T08:59:59Z' }, 9)).toEqual(days.slice(0, 2));
  });

  it('keep the hour in UTC over changes of daylight saving, also for WEEKLY', () => {
    const weekly = { StartTime: '2026-03-25T09:00:00Z', Frequency: 'WEEKLY' } as const;
    expect(slotsOf(weekly, 2)).toEqual(['2026-03-25T09:00Z', '2026-04-01T09:00Z']);
  });

  it('are on the last day of months that lack the day, and on the day again afterwards', () => {
    const monthly = { StartTime: '2026-01-31T08:30:00Z', Frequency: 'MONTHLY' } as const;
    const slots = ['2026-01-31T08:30Z', '2026-02-28T08:30Z', '2026-03-31T08:30Z', '2026-04-30T08:30Z'];
    expect(slotsOf(monthly, 4)).toEqual(slots);
    const leap = { StartTime: '2027-12-29T00:00:00Z', Frequency: 'MONTHLY' } as const;
    expect(slotsOf(leap, 4)).toEqual([
      '2027-12-29T00:00Z',
      '2028-01-29T00:00Z',
      '2028-02-29T00:00Z',
      '2028-03-29T00:00Z',
    ]);
  });

  it('are months of the clock that StartTime is meant by', () => {
    const evening = { StartTime: '2026-01-31T23:00:00Z', Frequency: 'MONTHLY', IsLocalTime: true } as const;
    expect(slotsOf({ ...evening, Timezone: 'UTC+02' }, 3)).toEqual([
      '2026-01-31T23:00Z',
      '2026-02-28T23:00Z',
      '2026-03-31T23:00Z',
    ]);
    expect(slotsOf({ ...evening, Timezone: 'UTC-11' }, 3)).toEqual([
      '2026-01-31T23:00Z',
      '2026-02-28T23:00Z',
      '2026-03-31T23:00Z',
    ]);
    // 1 March, 01:00 there: not the last of February here.
    const first = { ...evening, StartTime: '2026-02-28T23:00:00Z', Timezone: 'UTC+02' } as const;
    expect(slotsOf(first, 3)).toEqual(['2026-02-28T23:00Z', '2026-03-31T23:00Z', '2026-04-30T23:00Z']);
  });

  it('open where the day begins and close where it ends, with local time', () => {
    const local = { StartTime: '2026-05-05T09:00:00Z', IsLocalTime: true, Timezone: 'UTC+05:45' } as const;
    const slot = firstSlot(local, at('2026-01-01T00:00:00Z'));
    // 14:45 on all clocks.
    expect(opensAt(local, slot)).toEqual(at('2026-05-05T00:45:00Z'));
    expect(closesAt(local, slot)).toEqual(at('2026-05-06T02:45:00Z'));
  });

  it('are for everybody at once without local time, whatever Timezone says, and for IMMEDIATE', () => {
    const slot = at('2026-05-05T09:00:00Z');
    const timings: Timing[] = [
      { StartTime: '2026-05-05T09:00:00Z', Timezone: 'UTC+09' },
      { StartTime: 'IMMEDIATE', IsLocalTime: true, Timezone: 'UTC+09' },
      { StartTime: '2026-05-05T09:00:00Z', IsLocalTime: true, Frequency: 'EVENT', EndTime: '2026-06-05T09:00:00Z' },
    ];
    for (const timing of timings) {
      expect(opensAt(timing, slot)).toEqual(slot);
      expect(closesAt(timing, slot)).toEqual(slot);
    }
  });
});

describe('any recurring schedule', () => {
  const timings = fc.record({
    StartTime: fc
      .date({ min: at('2000-01-01'), max: at('2060-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    Frequency: fc.constantFrom('HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY'),
    IsLocalTime: fc.boolean(),
    Timezone: fc.constantFrom('UTC', 'UTC+13', 'UTC-11', 'UTC+05:45'),
  }) as fc.Arbitrary<Timing>;
  const delays = fc.integer({ min: 0, max: 400 * 24 * 3_600_000 });

  it('has a next slot behind any moment, and none between the two', () => {
    fc.assert(
      fc.property(timings, delays, (timing, delay) => {
        const anchor = firstSlot(timing, at('2026-01-01'));
        const moment = new Date(anchor.getTime() + delay);
        const [latest, next] = [latestSlot(timing, anchor, moment), nextSlot(timing, anchor, moment)] as [Date, Date];
        expect(latest <= moment && next > moment).toBe(true);
        expect(nextSlot(timing, anchor, latest)).toEqual(next);
        expect(latestSlot(timing, anchor, new Date(next.getTime() - 1))).toEqual(latest);
      }),
    );
  });

  it('keeps the time of day and, by the month, the day or the last one', () => {
    fc.assert(
      fc.property(timings, fc.integer({ min: 0, max: 40 }), (timing, count) => {
        const monthly = { ...timing, Frequency: 'MONTHLY' } as const;
        const anchor = firstSlot(monthly, at('2026-01-01'));
        let slot = anchor;
        for (let index = 0; index < count; index += 1) slot = nextSlot(monthly, anchor, slot) as Date;
        expect(slot.toISOString().slice(11)).toBe(anchor.toISOString().slice(11));
        if (monthly.IsLocalTime) return;
        const lastDay = new Date(Date.UTC(slot.getUTCFullYear(), slot.getUTCMonth() + 1, 0)).getUTCDate();
        expect(slot.getUTCDate()).toBe(Math.min(anchor.getUTCDate(), lastDay));
      }),
    );
  });
});

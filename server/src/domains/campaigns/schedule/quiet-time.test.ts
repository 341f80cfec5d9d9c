/** Quiet time: dossier/messaging §1.6, cases 17 and 18. */
import { describe, expect, it } from 'vitest';
import { isQuiet } from './quiet-time.ts';

/** In Berlin, in winter. */
const at = (time: string) => new Date(new Date(`2026-11-26T${time}Z`).getTime() - 3_600_000);
const night = { Start: '21:00', End: '07:00' };
const quietInBerlin = (time: string, quietTime = night) => isQuiet(quietTime, 'Europe/Berlin', at(time));

describe('quiet time', () => {
  it('is over midnight when it starts later than it ends, and has both of its bounds', () => {
    expect(
      ['20:59:59', '21:00:00', '23:30:00', '00:00:00', '07:00:59', '07:01:00'].map((time) => quietInBerlin(time)),
    ).toEqual([false, true, true, true, true, false]);
  });

  it('is within a day otherwise', () => {
    const noon = { Start: '12:00', End: '14:00' };
    expect(['11:59:59', '12:00:00', '14:00:30', '14:01:00'].map((time) => quietInBerlin(time, noon))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('is never for who has no valid time zone', () => {
    for (const zone of [undefined, '', 'Mars/Base', '+01:00']) expect(isQuiet(night, zone, at('23:00:00'))).toBe(false);
  });

  it('is none without both bounds, or when they are equal', () => {
    for (const quietTime of [
      undefined,
      {},
      { Start: '21:00' },
      { Start: '21:00', End: '21:00' },
      { Start: '', End: '' },
    ]) {
      expect(isQuiet(quietTime, 'Europe/Berlin', at('21:00:00'))).toBe(false);
    }
  });

  it('follows the clocks of each recipient, also when many are asked for by turns', () => {
    for (const now of [at('23:00:00'), at('12:00:00'), at('23:00:00')]) {
      const isNight = now.getTime() !== at('12:00:00').getTime();
      expect(isQuiet(night, 'Europe/Berlin', now)).toBe(isNight);
      // 16:00 and 05:00 in Chicago, 07:00 (and 00 minutes) and 20:00 in Tokyo.
      expect(isQuiet(night, 'America/Chicago', now)).toBe(!isNight);
      expect(isQuiet(night, 'Asia/Tokyo', now)).toBe(isNight);
    }
  });
});

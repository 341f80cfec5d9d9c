/** Which texts are dates, and which instants they are, whatever the time zone of the server. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIsoDate } from './iso-date.ts';

describe('parseIsoDate', () => {
  it.each([
    ['2026-11-24T09:15:02.120Z', '2026-11-24T09:15:02.120Z'],
    ['2019-02-10T19:48:57+00:00', '2019-02-10T19:48:57.000Z'],
    ['2019-02-10T19:48:57+0000', '2019-02-10T19:48:57.000Z'],
    ['2026-11-24T09:15+02:00', '2026-11-24T07:15:00.000Z'],
    ['2026-11-24T09:15:02', '2026-11-24T09:15:02.000Z'],
    ['2026-11-24T09:15:02.123456789-0130', '2026-11-24T10:45:02.123Z'],
    ['2026-11-24', '2026-11-24T00:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['2100-12-31T23:59:59Z', '2100-12-31T23:59:59.000Z'],
  ])('%s', (text, instant) => expect(parseIsoDate(text)?.toISOString()).toBe(instant));

  it.each(['', 'yesterday', '1795511700120', '2026-13-01', '2026-11-24T25:00Z', '2026-11-24T09:15:02Z ', '20261124'])(
    'no date: %s',
    (text) => expect(parseIsoDate(text)).toBeUndefined(),
  );

  it('reads what JavaScript writes', () => {
    const range = {
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    };
    fc.assert(fc.property(fc.date(range), (date) => parseIsoDate(date.toISOString())?.getTime() === date.getTime()));
  });
});

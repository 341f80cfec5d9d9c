/** Sums of rehearsals: the parts are the whole, also where only a share of a segment was read. */
import { describe, expect, it } from 'vitest';
import { type Fate, RehearsalTally } from './tally.ts';

const noon = new Date('2026-12-01T12:00:00Z');
const fate = (own: Partial<Fate> = {}): Fate => ({
  ...{ judgement: 'SEND', channelType: 'EMAIL', cohort: '0', timeZone: 'Europe/Berlin', at: noon, isLocal: false },
  ...own,
});

describe('a tally', () => {
  it('is told apart by reason, channel, cohort, hour and time', () => {
    const tally = new RehearsalTally();
    const later = new Date(noon.getTime() + 3_600_000);
    for (const each of [
      ...[fate(), fate({ cohort: '1' }), fate({ timeZone: 'Mars/Olympus' }), fate({ timeZone: undefined })],
      ...[fate({ at: later, isLocal: true, timeZone: 'Asia/Kolkata' })],
      ...[fate({ judgement: 'HOLDOUT', cohort: 'HOLDOUT' }), fate({ judgement: 'QUIET_TIME', channelType: 'SMS' })],
      ...[fate({ judgement: 'ENDPOINT_MISSING_CHANNEL', channelType: null })],
    ]) {
      tally.add(each);
    }
    expect(tally.totals(1)).toEqual({
      ...{ Total: 8, Messages: 5, Skipped: { ENDPOINT_MISSING_CHANNEL: 1, HOLDOUT: 1, QUIET_TIME: 1 } },
      Channels: [
        { Messages: 0, Skipped: 1 },
        { ChannelType: 'EMAIL', Messages: 5, Skipped: 1 },
        { ChannelType: 'SMS', Messages: 0, Skipped: 1 },
      ],
      LocalHours: [{ Messages: 2 }, { Hour: 13, Messages: 2 }, { Hour: 18, Messages: 1 }],
      Times: [
        { At: noon.toISOString(), Messages: 4 },
        { At: later.toISOString(), TimeZones: ['Asia/Kolkata'], Messages: 1 },
      ],
    });
    expect(tally.ofCohort('1', 1)).toEqual({ messages: 1, skipped: {} });
    expect(tally.ofCohort('4', 1)).toEqual({ messages: 0, skipped: {} });
  });

  it('of a quarter is four times as much, and still adds up', () => {
    const tally = new RehearsalTally();
    for (let count = 0; count < 7; count += 1) tally.add(fate(count < 3 ? { judgement: 'DAILY_CAP' } : {}));
    expect(tally.totals(0.25)).toMatchObject({ Total: 28, Messages: 16, Skipped: { DAILY_CAP: 12 } });
    expect(tally.ofCohort('0', 0.25)).toEqual({ messages: 16, skipped: { DAILY_CAP: 12 } });
  });
});

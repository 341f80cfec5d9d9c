/** When the runs of a rehearsed campaign would be, from its schedule alone. */
import { describe, expect, it } from 'vitest';
import type { CampaignDefinition } from '../campaign.ts';
import { planSchedule } from '../schedule/plan.ts';
import { rehearsedRuns, type Wanted, zoneMoments } from './moments.ts';

const now = new Date('2026-12-01T10:00:00Z');
const at = (text: string) => new Date(text);
const campaign = (own: Partial<CampaignDefinition>): CampaignDefinition => ({
  ...{ Name: 'c', SegmentId: 's', SegmentVersion: 1, Schedule: { StartTime: 'IMMEDIATE' } },
  ...own,
});
const runs = (own: Partial<CampaignDefinition>, wanted: Partial<Wanted> = {}) =>
  rehearsedRuns(campaign(own), { now, at: undefined, schedules: [], ...wanted });
const times = (...asked: Parameters<typeof runs>) => runs(...asked).map((run) => run.at.toISOString());

describe('a run', () => {
  it('is now, at its start, or when it is asked about', () => {
    expect(times({})).toEqual(['2026-12-01T10:00:00.000Z']);
    expect(times({ Schedule: { StartTime: '2026-12-05T09:00:00Z' } })).toEqual(['2026-12-05T09:00:00.000Z']);
    expect(times({ Schedule: { StartTime: '2026-12-05T09:00:00Z' } }, { at: at('2026-12-06T00:00:00Z') })).toEqual([
      '2026-12-06T00:00:00.000Z',
    ]);
  });

  it('of a recurring campaign is its next one', () => {
    const Schedule = {
      StartTime: '2026-11-20T08:00:00Z',
      Frequency: 'DAILY',
      EndTime: '2027-01-01T00:00:00Z',
    } as const;
    const stored = planSchedule('0', Schedule, undefined, at('2026-11-19T00:00:00Z'));
    const due = { ...stored, nextSlot: at('2026-12-02T08:00:00Z'), nextRunAt: at('2026-12-02T08:00:00Z'), runs: 12 };
    expect(times({ Schedule }, { schedules: [due] })).toEqual(['2026-12-02T08:00:00.000Z']);
  });

  it('of a campaign that is over, and of one that waits for events, would be now', () => {
    const over = { ...planSchedule('0', { StartTime: 'IMMEDIATE' }, undefined, now), nextSlot: null, nextRunAt: null };
    expect(times({}, { schedules: [over] })).toEqual(['2026-12-01T10:00:00.000Z']);
    const window = { Frequency: 'EVENT', StartTime: '2026-11-01T00:00:00Z', EndTime: '2027-01-01T00:00:00Z' } as const;
    expect(times({ Schedule: window })).toEqual(['2026-12-01T10:00:00.000Z']);
  });

  it('is one for all treatments without a schedule of their own', () => {
    const AdditionalTreatments = [
      { SizePercent: 10 },
      { SizePercent: 10, Schedule: { StartTime: '2026-12-03T00:00:00Z' } },
    ];
    const found = runs({ AdditionalTreatments });
    expect(found.map(({ treatments }) => treatments.map(({ id }) => id))).toEqual([['0', '1'], ['2']]);
    expect(found[1]?.at).toEqual(at('2026-12-03T00:00:00Z'));
  });
});

describe('by local time', () => {
  const Schedule = { StartTime: '2026-12-05T09:00:00Z', IsLocalTime: true };

  it('each zone has its instant, and what is no zone has none', () => {
    const [run] = runs({ Schedule });
    const momentOf = zoneMoments(run as NonNullable<typeof run>);
    expect(momentOf('Asia/Tokyo')).toEqual(at('2026-12-05T00:00:00Z'));
    expect(momentOf('America/New_York')).toEqual(at('2026-12-05T14:00:00Z'));
    expect(momentOf('Mars/Olympus')).toBe('ENDPOINT_MISSING_TIMEZONE');
    expect(momentOf(undefined)).toBe('ENDPOINT_MISSING_TIMEZONE');
  });

  it('zones whose hour is over are out, also of a moment that is asked about', () => {
    const [run] = runs({ Schedule: { ...Schedule, StartTime: '2026-12-01T10:30:00Z' } });
    const momentOf = zoneMoments(run as NonNullable<typeof run>);
    expect(momentOf('Europe/Berlin')).toBe('ENDPOINT_TIMEZONE_MISMATCH');
    expect(momentOf('Europe/London')).toEqual(at('2026-12-01T10:30:00Z'));
    const [asked] = runs({ Schedule }, { at: at('2026-12-01T10:30:00Z') });
    expect(zoneMoments(asked as NonNullable<typeof asked>)('Europe/Berlin')).toBe('ENDPOINT_TIMEZONE_MISMATCH');
  });

  it('without it everybody has the same', () => {
    const [run] = runs({});
    const momentOf = zoneMoments(run as NonNullable<typeof run>);
    expect([momentOf('Asia/Tokyo'), momentOf(undefined)]).toEqual([now, now]);
  });
});

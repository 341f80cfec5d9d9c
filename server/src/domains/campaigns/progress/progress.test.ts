/** Rates and estimates of runs, from counts alone. */
import { describe, expect, it } from 'vitest';
import { totalsOf } from '../run/counters.ts';
import { describeRun, type ObservedRun, sampleOf } from './progress.ts';

const start = new Date('2026-11-26T09:00:00Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);

function runWith(counts: Readonly<Record<string, number>>, own: Partial<ObservedRun> = {}): ObservedRun {
  return {
    ...{ id: 'r', kind: 'SCHEDULED', state: 'RUNNING', scheduledStart: start, startedAt: start, endedAt: null },
    ...{ fault: null, lastBegin: null, totals: totalsOf(counts), ...own },
  };
}
const describeAt = (run: ObservedRun, seconds: number, known: Partial<Parameters<typeof describeRun>[2]> = {}) =>
  describeRun(run, after(seconds), { before: undefined, expected: undefined, ...known });

const half = runWith({
  ENDPOINT_PRODUCED: 5_000,
  CLAIMED: 4_500,
  SUCCESSFUL: 4_000,
  PERMANENT_FAILURE: 200,
  HOLDOUT: 500,
});

describe('a run under way', () => {
  it('tells what became of whom it has come to', () => {
    expect(describeAt(half, 10)).toEqual({
      ...{ RunId: 'r', State: 'RUNNING', ScheduledStart: '2026-11-26T09:00:00.000Z' },
      ...{ StartedAt: '2026-11-26T09:00:00.000Z', Produced: 5_000, Sent: 4_000, Failed: 200 },
      ...{ Skipped: { HOLDOUT: 500 }, InFlight: 300, MessagesPerSecond: 420 },
    });
  });

  it('counts what other treatments have only once', () => {
    const both = runWith({ ENDPOINT_PRODUCED: 200, TREATMENT_HOLDOUT: 100, CLAIMED: 100, SUCCESSFUL: 100 });
    expect(describeAt(both, 1)).toMatchObject({ Produced: 100, Sent: 100, InFlight: 0 });
  });

  it('goes by the last seconds where they are known, and expects what is left at that rate', () => {
    const before = sampleOf(runWith({ ENDPOINT_PRODUCED: 3_700, SUCCESSFUL: 3_200, HOLDOUT: 500 }), after(5));
    // 1,000 messages in five seconds, and as many were done with; 10,000 − 4,700 are left.
    expect(describeAt(half, 10, { before, expected: 10_000 })).toMatchObject({
      ...{ MessagesPerSecond: 200, Expected: 10_000, EstimatedEnd: after(10 + 5_300 / 200).toISOString() },
    });
  });

  it('is expected to end now when all is done, also when the segment has grown', () => {
    expect(describeAt(half, 10, { expected: 4_000 })).toMatchObject({ EstimatedEnd: after(10).toISOString() });
  });

  it('has no end that anybody knows while it stands still, is paused, or waits for events', () => {
    const still = sampleOf(half, after(5));
    for (const shown of [
      describeAt(half, 10, { before: still, expected: 9_000 }),
      describeAt({ ...half, state: 'PAUSED' }, 10, { expected: 9_000 }),
      describeAt({ ...half, kind: 'EVENT' }, 10, { expected: 9_000 }),
      describeAt(half, 10),
      describeAt(runWith({}, { state: 'PENDING', startedAt: null }), 10, { expected: 9_000 }),
    ]) {
      expect(shown).not.toHaveProperty('EstimatedEnd');
    }
    expect(describeAt(half, 10, { before: still, expected: 9_000 })).toMatchObject({ MessagesPerSecond: 0 });
  });

  it('lasts until its last local hour at least', () => {
    const lastBegin = after(3_600);
    expect(describeAt({ ...half, lastBegin }, 10, { expected: 5_000 })).toMatchObject({
      EstimatedEnd: lastBegin.toISOString(),
    });
  });
});

it('a run that has ended tells its average', () => {
  const ended = { ...half, state: 'COMPLETED', endedAt: after(20), fault: 'x' } as const;
  expect(describeAt(ended, 500, { before: sampleOf(half, after(499)), expected: 9 })).toMatchObject({
    ...{ MessagesPerSecond: 210, EndedAt: after(20).toISOString(), Fault: 'x' },
  });
});

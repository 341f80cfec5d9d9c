/**
 * What is due and when, and the states that follow (dossier/messaging §1.3): after creation, changes, pauses and outages.
 * A day of the scheduler is played here with any clock.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlannedSchedule, planAfterPause, planDue, planSchedule, stateOf, stateOfAll } from './plan.ts';
import type { Timing } from './slots.ts';

const at = (text: string) => new Date(text.length === 5 ? `2026-12-01T${text}:00Z` : text);
const iso = (date: Date | null | undefined) => date?.toISOString().replace(':00.000Z', 'Z') ?? null;

const daily: Timing = { StartTime: '2026-12-01T09:00:00Z', Frequency: 'DAILY', EndTime: '2026-12-04T09:00:00Z' };
const hourly: Timing = { StartTime: '2026-12-01T09:00:00Z', Frequency: 'HOURLY' };
const once: Timing = { StartTime: '2026-12-01T09:00:00Z' };
const window: Timing = { ...once, Frequency: 'EVENT', EndTime: '2026-12-02T09:00:00Z' };
const local: Timing = { ...daily, IsLocalTime: true };

const plan = (timing: Timing, now = at('08:00')) => planSchedule('0', timing, undefined, now);

/** One wake of the scheduler. */
function wake(schedule: PlannedSchedule, now: Date, state: { isPaused?: boolean; maximumDuration?: number } = {}) {
  return planDue(schedule, now, { isPaused: state.isPaused ?? false, maximumDuration: state.maximumDuration });
}

/** The slots that run when the scheduler wakes at each of these moments, as often as something is due. */
function play(schedule: PlannedSchedule, moments: readonly Date[], isPaused = (_now: Date) => false) {
  const slots: string[] = [];
  let current = schedule;
  for (const now of moments) {
    while (current.nextRunAt !== null && current.nextRunAt <= now) {
      const due = wake(current, now, { isPaused: isPaused(now) });
      if (due.run !== undefined) slots.push(iso(due.run.slot) as string);
      current = due.schedule;
    }
  }
  return { slots, schedule: current };
}

const everyHour = (from: string, hours: number) =>
  Array.from({ length: hours }, (_, index) => new Date(at(from).getTime() + index * 3_600_000));

describe('a new schedule', () => {
  it('is due at its first slot, with local time when the day begins there', () => {
    expect(plan(once)).toMatchObject({ nextRunAt: at('09:00'), nextSlot: at('09:00'), runs: 0, lastSlot: null });
    expect(iso(plan(local).nextRunAt)).toBe('2026-11-30T19:00Z');
    expect(plan({ StartTime: 'IMMEDIATE' }).nextRunAt).toEqual(at('08:00'));
  });

  it('runs also when its start is a few minutes past', () => {
    const { slots, schedule } = play(plan(once, at('09:04')), [at('09:04')]);
    expect(slots).toEqual(['2026-12-01T09:00Z']);
    expect(schedule.nextRunAt).toBeNull();
  });
});

describe('a day after another', () => {
  it('runs exactly the slots up to EndTime (case 7)', () => {
    const { slots, schedule } = play(plan(daily), everyHour('08:00', 24 * 7));
    expect(slots).toEqual(['2026-12-01T09:00Z', '2026-12-02T09:00Z', '2026-12-03T09:00Z', '2026-12-04T09:00Z']);
    expect(schedule).toMatchObject({ nextRunAt: null, runs: 4 });
    expect(stateOf(schedule, false, false)).toBe('COMPLETED');
  });

  it('leaves out what is missed in a pause, and goes on afterwards (case 8)', () => {
    const isPaused = (now: Date) => now >= at('2026-12-01T12:00:00Z') && now < at('2026-12-03T12:00:00Z');
    const { slots } = play(plan(daily), everyHour('08:00', 24 * 7), isPaused);
    expect(slots).toEqual(['2026-12-01T09:00Z', '2026-12-04T09:00Z']);
  });

  it('does not run a slot of the pause when nobody looked before it ended', () => {
    const resumed = planAfterPause(plan(daily), at('09:01'));
    expect(iso(resumed.nextSlot)).toBe('2026-12-02T09:00Z');
    expect(stateOf(planAfterPause(plan(once), at('09:01')), false, false)).toBe('COMPLETED');
  });

  it('after a pause has with local time the zones that are still to come', () => {
    const paused = play(plan(local), everyHour('2026-11-30T19:00:00Z', 3), () => true).schedule;
    expect(iso(paused.nextSlot)).toBe('2026-12-02T09:00Z');
    const resumed = planAfterPause(paused, at('2026-11-30T22:00:00Z'));
    expect(iso(resumed.nextSlot)).toBe('2026-12-01T09:00Z');
    const { run } = wake(resumed, at('2026-11-30T22:00:00Z'));
    expect(run?.local).toEqual({
      ...{ wallClock: at('09:00'), from: at('2026-11-30T22:00:00Z'), madeAt: at('2026-11-30T22:00:00Z') },
      next: at('2026-12-02T09:00:00Z'),
    });
  });

  it('does not run a slot again that ran before the pause', () => {
    const { schedule } = play(plan(local), [at('2026-11-30T19:00:00Z')]);
    expect(iso(planAfterPause(schedule, at('2026-11-30T23:00:00Z')).nextSlot)).toBe('2026-12-02T09:00Z');
  });
});

describe('after an outage', () => {
  it('the newest slot is made up for, older ones are not', () => {
    const due = wake(plan(hourly), at('13:10'));
    expect(iso(due.run?.slot)).toBe('2026-12-01T13:00Z');
    expect(due).toMatchObject({ missed: true, schedule: { runs: 1 } });
    expect(iso(due.schedule.nextSlot)).toBe('2026-12-01T14:00Z');
  });

  it('a slot that is too late is left out: a quarter of an hour, or an hour where there is a day between', () => {
    expect(wake(plan(hourly), at('13:16')).run).toBeUndefined();
    expect(iso(wake(plan(hourly), at('13:16')).schedule.nextSlot)).toBe('2026-12-01T14:00Z');
    expect(iso(wake(plan(daily), at('09:59')).run?.slot)).toBe('2026-12-01T09:00Z');
    expect(wake(plan(daily), at('10:01')).run).toBeUndefined();
  });

  it('MaximumDuration says otherwise', () => {
    expect(wake(plan(daily), at('12:00'), { maximumDuration: 4 * 3_600 }).run).toBeDefined();
    expect(wake(plan(daily), at('09:02'), { maximumDuration: 60 }).run).toBeUndefined();
  });

  it('what runs once runs, however late', () => {
    expect(iso(wake(plan(once), at('2026-12-05T00:00:00Z')).run?.slot)).toBe('2026-12-01T09:00Z');
  });

  it('with local time every slot is made up for that some zone has still before it', () => {
    const noon = at('12:00');
    const { slots } = play(plan({ ...hourly, IsLocalTime: true }), [noon]);
    // Of 09:00 the last zone has it at 21:00 UTC; of 02:00 of the next day the first one has it at noon.
    expect([slots.at(0), slots.at(-1), slots.length]).toEqual(['2026-12-01T09:00Z', '2026-12-02T02:00Z', 18]);
  });

  it('ends when EndTime passed meanwhile', () => {
    const due = wake(plan(daily), at('2026-12-20T00:00:00Z'));
    expect([due.run, due.schedule.nextRunAt]).toEqual([undefined, null]);
  });
});

describe('any clock', () => {
  const moments = fc.array(fc.integer({ min: -2 * 24 * 60, max: 5 * 24 * 60 }), { maxLength: 40 });
  const timings = fc.constantFrom(daily, hourly, once, local, { ...hourly, IsLocalTime: true });

  it('that jumps to and fro runs no slot twice, and slots in their order', () => {
    fc.assert(
      fc.property(timings, moments, (timing, minutes) => {
        const times = minutes.map((each) => new Date(at('09:00').getTime() + each * 60_000));
        const { slots } = play(plan(timing, at('2026-11-29T08:00:00Z')), times);
        expect(slots).toEqual([...new Set(slots)].sort());
      }),
    );
  });

  it('that was years ahead for a moment is forgotten with a pause', () => {
    const timing: Timing = { ...hourly, EndTime: '2040-01-01T00:00:00Z' };
    const ahead = play(plan(timing), [at('09:00'), at('2035-01-01T09:00:00Z')]).schedule;
    expect(iso(ahead.nextSlot)).toBe('2035-01-01T10:00Z');
    expect(iso(planAfterPause(ahead, at('09:30')).nextSlot)).toBe('2026-12-01T10:00Z');
  });

  it('that goes on steadily runs every slot, whatever else happens in between', () => {
    const [start, days] = ['2026-11-29T08:00:00Z', 8];
    for (const timing of [daily, local]) {
      expect(play(plan(timing, at(start)), everyHour(start, 24 * days)).slots).toHaveLength(4);
    }
  });
});

describe('a change', () => {
  const ran = play(plan(daily), [at('09:00')]).schedule;

  it('of something else leaves what is due alone', () => {
    expect(planSchedule('0', { ...daily }, ran, at('10:00'))).toBe(ran);
  });

  it('of EndTime goes on with the slots, and does not run one again', () => {
    const changed = planSchedule('0', { ...daily, EndTime: '2026-12-02T09:00:00Z' }, ran, at('09:30'));
    expect(iso(changed.nextSlot)).toBe('2026-12-02T09:00Z');
    expect(planSchedule('0', { ...daily, EndTime: '2026-12-02T08:00:00Z' }, ran, at('09:30')).nextRunAt).toBeNull();
  });

  it('of StartTime moves the slots', () => {
    const changed = planSchedule('0', { ...daily, StartTime: '2026-12-01T15:00:00Z' }, ran, at('10:00'));
    expect(changed).toMatchObject({ anchor: at('15:00'), nextSlot: at('15:00'), runs: 1 });
  });

  it('keeps the moment that IMMEDIATE was', () => {
    const immediate = { StartTime: 'IMMEDIATE', Frequency: 'HOURLY' } as const;
    const { schedule } = play(plan(immediate), [at('08:00')]);
    const changed = planSchedule('0', { ...immediate, EndTime: '2026-12-03T00:00:00Z' }, schedule, at('08:30'));
    expect(changed).toMatchObject({ anchor: at('08:00'), nextSlot: at('09:00') });
  });

  it('of a window that is open moves its end; one that has ended can open anew', () => {
    const open = wake(plan(window), at('09:00')).schedule;
    const longer = { ...window, EndTime: '2026-12-09T09:00:00Z' };
    expect(planSchedule('0', longer, open, at('10:00'))).toMatchObject({
      runs: 1,
      nextRunAt: at('2026-12-09T09:00:00Z'),
    });
    const ended = wake(open, at('2026-12-02T09:00:00Z')).schedule;
    const again = planSchedule('0', longer, ended, at('2026-12-03T00:00:00Z'));
    expect(again).toMatchObject({ runs: 0, anchor: at('2026-12-03T00:00:00Z'), nextRunAt: at('2026-12-03T00:00:00Z') });
  });

  it('of the frequency from runs to a window begins anew', () => {
    expect(planSchedule('0', { ...window, StartTime: '2026-12-01T15:00:00Z' }, ran, at('10:00'))).toMatchObject({
      ...{ runs: 0, lastSlot: null, nextRunAt: at('15:00') },
    });
  });
});

describe('a window of events', () => {
  it('opens at StartTime and ends at EndTime, also while it is paused', () => {
    for (const isPaused of [false, true]) {
      const opened = wake(plan(window), at('09:00'), { isPaused });
      expect(opened).toMatchObject({ run: { slot: at('09:00') }, closes: false });
      expect(iso(opened.schedule.nextRunAt)).toBe('2026-12-02T09:00Z');
      const closed = wake(opened.schedule, at('2026-12-02T09:00:00Z'), { isPaused });
      expect(closed).toMatchObject({ closes: true, schedule: { nextRunAt: null } });
      expect(closed.run).toBeUndefined();
    }
  });
});

describe('states', () => {
  const fresh = plan(daily);
  const between = play(fresh, [at('09:00')]).schedule;
  const over = play(fresh, everyHour('08:00', 24 * 7)).schedule;
  const open = wake(plan(window), at('09:00')).schedule;

  it.each([
    ['before the first run', fresh, false, false, 'SCHEDULED'],
    ['in a run', between, false, true, 'EXECUTING'],
    ['between runs', between, false, false, 'PENDING_NEXT_RUN'],
    ['in the last run', over, false, true, 'EXECUTING'],
    ['after the last run', over, false, false, 'COMPLETED'],
    ['paused in a run, which goes on', between, true, true, 'EXECUTING'],
    ['paused before the first run', fresh, true, false, 'PAUSED'],
    ['paused between runs', between, true, false, 'PAUSED'],
    ['paused in the last run, after it', over, true, false, 'PAUSED'],
    ['before a window', plan(window), false, false, 'SCHEDULED'],
    ['in a window', open, false, true, 'EXECUTING'],
    ['paused in a window', open, true, true, 'PAUSED'],
    ['after a window', wake(open, at('2026-12-02T09:00:00Z')).schedule, false, false, 'COMPLETED'],
  ] as const)('%s', (_when, schedule, isPaused, underWay, state) => {
    expect(stateOf(schedule, isPaused, underWay)).toBe(state);
  });

  it('of several treatments are one: COMPLETED only when all are', () => {
    expect(stateOfAll(['COMPLETED', 'EXECUTING', 'PAUSED'])).toBe('EXECUTING');
    expect(stateOfAll(['COMPLETED', 'PAUSED'])).toBe('PAUSED');
    expect(stateOfAll(['COMPLETED', 'PENDING_NEXT_RUN', 'SCHEDULED'])).toBe('PENDING_NEXT_RUN');
    expect(stateOfAll(['COMPLETED', 'SCHEDULED'])).toBe('PENDING_NEXT_RUN');
    expect(stateOfAll(['SCHEDULED', 'SCHEDULED'])).toBe('SCHEDULED');
    expect(stateOfAll(['COMPLETED', 'COMPLETED'])).toBe('COMPLETED');
  });
});

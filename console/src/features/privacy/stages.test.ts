/** The line of states: what is behind, what is now, and whether waiting is part of it. */
import { describe, expect, it } from 'vitest';
import { canBeTakenBack, endedBadly, erasureStates, stagesOf } from './stages.ts';

const shown = (state: (typeof erasureStates)[number], waits = false) =>
  stagesOf(state, waits).map(({ label, when }) => `${label}: ${when}`);

describe('the stages of a request', () => {
  it('leave waiting out where nothing waits', () => {
    expect(shown('ERASING')).toEqual([
      ...['Received: behind', 'Finding: behind', 'Erasing: now', 'Searching again: to come', 'Completed: to come'],
    ]);
  });

  it('have it where a request waits', () => {
    expect(shown('WAITING')[2]).toBe('Waiting: now');
    expect(shown('FINDING', true)[2]).toBe('Waiting: to come');
  });

  it('are all behind once it is completed', () => {
    expect(shown('COMPLETED').every((each) => each.endsWith('behind'))).toBe(true);
  });

  it('every state has its place, or is an end of its own', () => {
    const ends = ['FAILED', 'DENIED', 'CANCELLED'];
    for (const state of erasureStates) {
      const hasPlace = stagesOf(state, true).some(({ when }) => when === 'now') || state === 'COMPLETED';
      expect([state, hasPlace]).toEqual([state, !ends.includes(state)]);
      if (ends.includes(state)) expect(endedBadly(state)).toBe(true);
    }
  });

  it('can be taken back until something goes', () => {
    expect(erasureStates.filter(canBeTakenBack)).toEqual(['RECEIVED', 'VERIFIED', 'FINDING', 'WAITING']);
  });
});

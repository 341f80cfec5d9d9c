/** The states of a request, in their order. */
import type { ErasureRequestResponse } from '../../../../server/src/contract/repoint-types.ts';

export type ErasureState = ErasureRequestResponse['State'];

export const erasureStates: readonly ErasureState[] = [
  ...(['RECEIVED', 'VERIFIED', 'FINDING', 'WAITING', 'ERASING', 'VERIFYING'] as const),
  ...(['COMPLETED', 'PARTIALLY_COMPLETED', 'FAILED', 'DENIED', 'CANCELLED'] as const),
];

const line: readonly (readonly [states: readonly ErasureState[], label: string])[] = [
  [['RECEIVED', 'VERIFIED'], 'Received'],
  [['FINDING'], 'Finding'],
  [['WAITING'], 'Waiting'],
  [['ERASING'], 'Erasing'],
  // What is tried again after a partial end is still being looked for.
  [['VERIFYING', 'PARTIALLY_COMPLETED'], 'Searching again'],
  [['COMPLETED'], 'Completed'],
];

export interface Stage {
  readonly label: string;
  readonly when: 'behind' | 'now' | 'to come';
}

/** @param waits whether it has a time to wait at all */
export function stagesOf(state: ErasureState, waits: boolean): readonly Stage[] {
  const shown = line.filter(([states]) => waits || state === 'WAITING' || !states.includes('WAITING'));
  const now = shown.findIndex(([states]) => states.includes(state));
  return shown.map(([, label], index) => ({ label, when: whenOf(index, now, state === 'COMPLETED') }));
}

function whenOf(index: number, now: number, completed: boolean): Stage['when'] {
  if (index < now || completed) return 'behind';
  return index === now ? 'now' : 'to come';
}

export function endedBadly(state: ErasureState): boolean {
  return state === 'FAILED' || state === 'DENIED' || state === 'CANCELLED' || state === 'PARTIALLY_COMPLETED';
}

/** Nothing of anybody is gone yet. */
export function canBeTakenBack(state: ErasureState): boolean {
  return state === 'RECEIVED' || state === 'VERIFIED' || state === 'FINDING' || state === 'WAITING';
}

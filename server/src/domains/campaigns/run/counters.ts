/**
 * What is counted of an activity. Of all that the segment produced, each is counted once more for what became of it, so
 * that the sum proves that nobody was lost (`reconcile`).
 */
import type { RunSendStatus } from '../../messaging/index.ts';

/** Produced by the segment, whoever's cohort it is. */
export const produced = 'ENDPOINT_PRODUCED';
/** Of those, in cohorts of other treatments. */
export const treatmentHoldout = 'TREATMENT_HOLDOUT';
/** Claimed: a message was to leave, and something will be told of it. */
export const claimed = 'CLAIMED';

/** The counter of what became of one: Pinpoint's name where it has one. */
export function counterOf(status: RunSendStatus): string {
  switch (status) {
    case 'DUPLICATE_ADDRESS':
      return 'DUPLICATE_ENDPOINT';
    case 'OPT_OUT':
      return 'ENDPOINT_OPT_OUT';
    case 'INACTIVE':
      return 'ENDPOINT_INACTIVE';
    default:
      return status;
  }
}

const failures = ['THROTTLED', 'TEMPORARY_FAILURE', 'PERMANENT_FAILURE', 'UNKNOWN_FAILURE'] as const;

export type Counts = Readonly<Record<string, number>>;

export interface Totals {
  /** Those of the segment that are this activity's own. */
  readonly targeted: number;
  readonly sent: number;
  readonly failed: number;
  readonly skipped: Readonly<Record<string, number>>;
  /** Claimed, and nothing known of them yet. */
  readonly open: number;
}

/** `targeted = sent + failed + skipped + open`, unless a count was lost. */
export function totalsOf(counts: Counts): Totals {
  const of = (counter: string) => counts[counter] ?? 0;
  const known = new Set<string>([produced, treatmentHoldout, claimed, 'SUCCESSFUL', ...failures]);
  const skipped = Object.fromEntries(Object.entries(counts).filter(([counter]) => !known.has(counter)));
  const sent = of('SUCCESSFUL');
  const failed = failures.reduce((sum, counter) => sum + of(counter), 0);
  const targeted = of(produced) - of(treatmentHoldout);
  const settled = sent + failed + Object.values(skipped).reduce((sum, count) => sum + count, 0);
  return { targeted, sent, failed, skipped, open: targeted - settled };
}

/** The job queue: whether it keeps up, and what has given up. */
import type { JobCounts } from '../../jobs/index.ts';
import { type Finding, ok, warning } from './finding.ts';

const longestWaitSeconds = 300;

export function judgeJobs({ states, oldestWaiting }: JobCounts, now: Date): Finding[] {
  const waits = oldestWaiting === undefined ? 0 : (now.getTime() - oldestWaiting.getTime()) / 1000;
  return [
    ...(states.FAILED > 0
      ? [warning(`${states.FAILED} background job(s) were tried as often as they may be: see why, then retry them`)]
      : []),
    ...(waits > longestWaitSeconds
      ? [warning(`the first of ${states.WAITING} background job(s) has waited for ${Math.round(waits / 60)} minutes`)]
      : []),
    ...(states.FAILED === 0 && waits <= longestWaitSeconds ? [ok('background jobs keep up')] : []),
  ];
}

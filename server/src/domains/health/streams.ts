/** Event streams: whether what happens reaches those who asked for it. Of which project: the page of its event stream. */
import type { StreamLag } from '../events/index.ts';
import { type Finding, ok, warning } from './finding.ts';

const longestLagSeconds = 60;

export interface StreamsFacts {
  readonly streams: number;
  readonly behind: number;
  readonly waitingEvents: number;
}

export function isBehind({ seconds, gathersSeconds, fault }: StreamLag): boolean {
  return seconds > longestLagSeconds + gathersSeconds || fault !== null;
}

export function sumStreams(lags: readonly StreamLag[]): StreamsFacts {
  return {
    streams: lags.length,
    behind: lags.filter(isBehind).length,
    waitingEvents: lags.reduce((sum, { waiting }) => sum + waiting, 0),
  };
}

/** @param oldestTransactionSeconds nothing that came after such a transaction is streamed before its end */
export function judgeStreams({ streams, behind }: StreamsFacts, oldestTransactionSeconds: number): Finding[] {
  if (streams === 0) return [];
  if (behind === 0) return [ok(`${streams} event stream(s), none behind`)];
  const age = Math.round(oldestTransactionSeconds);
  return [
    warning(`${behind} of ${streams} event stream(s) are behind or fail: \`repoint doctor\` says which and why`),
    ...(age > longestLagSeconds
      ? [warning(`a transaction has been open for ${age} s: no event that came after it is streamed before its end`)]
      : []),
  ];
}

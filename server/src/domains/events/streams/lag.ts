/** How far streams are behind, for metrics and `doctor`. */
import type { Database } from '../../../database/index.ts';
import { findProjectNames } from '../../projects/index.ts';
import { findBacklogs } from './pending.ts';
import { listStreams } from './store.ts';
import type { StoredStream } from './stream.ts';

export interface StreamLag {
  readonly applicationId: string;
  readonly kind: StoredStream['kind'];
  /** Age of the oldest event that was not sent. */
  readonly seconds: number;
  /** For how long events are gathered as a rule. */
  readonly gathersSeconds: number;
  /** At most 100,000 are counted. */
  readonly waiting: number;
  readonly sent: number;
  readonly dropped: number;
  readonly failingSince: Date | null;
  readonly fault: string | null;
}

/** Of all streams. */
export async function findStreamLags({ query, keyedQuery }: Database, now: Date): Promise<StreamLag[]> {
  const streams = await listStreams(query);
  if (streams.length === 0) return [];
  const numbers = streams.map(({ projectNumber }) => projectNumber);
  const [names, found] = await Promise.all([findProjectNames(query, numbers), findBacklogs(keyedQuery)]);
  const backlogs = new Map(found.map((backlog) => [backlog.projectNumber, backlog]));
  const ids = new Map(names.map(({ number, id }) => [number, id]));
  return streams.flatMap((stream): StreamLag[] => {
    const applicationId = ids.get(stream.projectNumber);
    // Of a project that was deleted a moment ago.
    if (applicationId === undefined) return [];
    const { kind, sentRecords: sent, droppedRecords: dropped, failingSince, fault } = stream;
    const { waiting = 0, oldestArrival = null } = backlogs.get(stream.projectNumber) ?? {};
    const seconds = lagSeconds(oldestArrival, now);
    const gathersSeconds = stream.kind === 'FILES' ? stream.settings.seconds : 0;
    return [{ applicationId, kind, seconds, gathersSeconds, waiting, sent, dropped, failingSince, fault }];
  });
}

export function lagSeconds(oldestArrival: Date | null, now: Date): number {
  return oldestArrival === null ? 0 : Math.max(0, now.getTime() - oldestArrival.getTime()) / 1000;
}

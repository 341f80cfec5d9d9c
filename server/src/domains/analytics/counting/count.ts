/** Counts events in the transaction that appends them. */
import type { RawBuilder } from 'kysely';
import { sendLast, type Transaction } from '../../../database/index.ts';
import type { EventsHandler } from '../../events/index.ts';
import { foldEvents } from './fold.ts';
import { readLabel } from './labels.ts';
import { cohortChanges, mergeMoments, trimMoments, uniqueChanges } from './moments.ts';
import {
  addingToCounters,
  addingToLabels,
  addingToUniques,
  findNew,
  type LabelCount,
  lockCarriers,
  lockMarks,
  type StoredCarrier,
  type UniqueCount,
  writingCarriers,
  writingMarks,
} from './store.ts';
import { type Carrier, type Counter, type Mark, type Subject, Tally } from './tally.ts';

/**
 * One look at what is marked already; most events of an endpoint tell nothing new there, and then only counters are
 * written, which leave with the commit. Rows are locked in the order of their keys, counters lie in a shard of the
 * transaction's own.
 */
export const countEvents: EventsHandler = async (tx, events) => {
  const tally = foldEvents(events);
  const marks = [...tally.marks.values()];
  const carriers = [...tally.carriers.values()];
  const found = await findNew(tx, marks, carriers);
  const further = new Tally();
  for (const counter of tally.counters.values()) further.count(counter);
  const writes = [...(await mark(tx, found.marks, further)), ...(await carry(tx, found.carriers, further))];
  const counters = [...further.counters.values()];
  await sendLast(tx, [...writes, ...(counters.length === 0 ? [] : [addingToCounters(counters)])]);
};

/** @returns statements that are still to be run */
async function mark(tx: Transaction, found: readonly Mark[], tally: Tally): Promise<RawBuilder<unknown>[]> {
  if (found.length === 0) return [];
  const marks = found.toSorted(
    (one, other) => inKeyOrder(one, other) || byText(one.metric, other.metric) || byText(one.scope, other.scope),
  );
  const stored = await lockMarks(tx, marks);
  const uniques = new Map<string, UniqueCount>();
  const changed = marks.flatMap((each, index) => {
    const before = stored[index] as number[];
    const { moments, added } = mergeMoments(before, each.moments.keys());
    // Somebody else marked it between the look and the lock.
    if (added.length === 0 || (each.kind === 'ever' && before.length > 0)) return [];
    for (const moment of added) for (const counter of each.moments.get(moment) ?? []) tally.count(counter);
    if (before.length === 0) for (const counter of each.first) tally.count(counter);
    if (each.kind === 'day') addUniques(uniques, each, before, moments);
    return [{ mark: each, moments: trimMoments(moments) }];
  });
  if (changed.length === 0) return [];
  return [writingMarks(changed), ...(uniques.size === 0 ? [] : [addingToUniques([...uniques.values()])])];
}

function addUniques(
  uniques: Map<string, UniqueCount>,
  { projectNumber, metric, scope }: Mark,
  before: readonly number[],
  after: readonly number[],
): void {
  const add = (of: string, changes: ReturnType<typeof uniqueChanges>) => {
    for (const { day, previous, count } of changes) {
      const key = `${projectNumber}\n${of}\n${scope}\n${day}\n${previous}`;
      const so = uniques.get(key)?.count ?? 0;
      uniques.set(key, { projectNumber, metric: of, scope, day, previous, count: so + count });
    }
  };
  add(metric, uniqueChanges(before, after));
  if (metric === 'endpoint') add('cohort', cohortChanges(before, after));
}

/** @returns statements that are still to be run */
async function carry(tx: Transaction, found: readonly Carrier[], tally: Tally): Promise<RawBuilder<unknown>[]> {
  if (found.length === 0) return [];
  const carriers = found.toSorted(inKeyOrder);
  const stored = await lockCarriers(tx, carriers);
  const labels = new Map<string, LabelCount>();
  const changed = carriers.map((carrier, index) => {
    const before = stored[index] as StoredCarrier;
    const demographics = carrier.demographics ?? before.demographics;
    if (carrier.demographics !== undefined) {
      for (const counter of demographicCounters(carrier, before.demographics, -1)) tally.count(counter);
      for (const counter of demographicCounters(carrier, demographics, 1)) tally.count(counter);
    }
    const carried = new Set(before.labels);
    for (const label of [...carrier.labels, ...demographics.slice(1)]) {
      if (carried.has(label)) continue;
      carried.add(label);
      const key = `${carrier.projectNumber}\n${label}`;
      const { projectNumber } = carrier;
      labels.set(key, { projectNumber, label, carriers: (labels.get(key)?.carriers ?? 0) + 1 });
    }
    const { projectNumber, bucket, subject } = carrier;
    const userId = carrier.demographics === undefined ? before.userId : carrier.userId;
    return { projectNumber, bucket, subject, userId, labels: [...carried], demographics };
  });
  return [writingCarriers(changed), ...(labels.size === 0 ? [] : [addingToLabels([...labels.values()])])];
}

/** Of an endpoint as it is: by channel, without a time. */
function demographicCounters(
  { projectNumber }: Subject,
  [channelType, ...labels]: readonly string[],
  value: number,
): Counter[] {
  if (channelType === undefined) return [];
  const counter = (metric: string, label: string): Counter => ({
    ...{ projectNumber, metric, slot: 0, sourceId: channelType, activityId: '', treatmentId: '', label, value },
  });
  return labels.map((each) => {
    const { dimension, value: of } = readLabel(each);
    return counter(dimension, of);
  });
}

function inKeyOrder(one: Subject, other: Subject): number {
  return one.projectNumber - other.projectNumber || one.bucket - other.bucket || byText(one.subject, other.subject);
}

function byText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Counts events in the transaction that appends them. */
import type { RawBuilder } from 'kysely';
import { afterCommit, sendLast, type Transaction, together } from '../../../database/index.ts';
import type { EventsHandler } from '../../events/index.ts';
import { CountedLately } from './counted-lately.ts';
import { foldEvents } from './fold.ts';
import { readLabel } from './labels.ts';
import { cohortChanges, mergeMoments, trimMoments, uniqueChanges } from './moments.ts';
import {
  addingToCounters,
  addingToLabels,
  addingToUniques,
  findingNewCarriers,
  findingNewMarks,
  insertingCarriers,
  insertingNewMarks,
  type LabelCount,
  lockingCarriers,
  lockingMarks,
  type MadeMark,
  type StoredCarrier,
  type UniqueCount,
  writingCarriers,
  writingMarks,
} from './store.ts';
import { type Carrier, type Counter, type Mark, type Subject, subjectText, Tally } from './tally.ts';

/** @param lately what need not be looked up: of one database */
export function countingEvents(lately = new CountedLately()): EventsHandler {
  return async (tx, events) => {
    const { tally, counted } = foldEvents(events, lately);
    if (counted.size > 0) afterCommit(tx, () => lately.keep(counted));
    await writeTally(tx, tally);
  };
}

/**
 * One look at what is marked already; most events of an endpoint tell nothing new there, and then only counters are
 * written, which leave with the commit. What is marked once for all (a message) or of one campaign or run is new mostly:
 * it is written without a look. Rows are written and locked in the order of their keys, counters lie in a shard of the
 * transaction's own.
 */
async function writeTally(tx: Transaction, tally: Tally): Promise<void> {
  const marks = [...tally.marks.values()];
  const once = inOrder(marks.filter(({ kind }) => kind === 'ever'));
  const repeated = marks.filter(({ kind }) => kind !== 'ever');
  const isNewMostly = ({ kind, scope }: Mark) => kind === 'day' && scope !== '';
  const usual = repeated.filter((each) => !isNewMostly(each));
  const seldom = repeated.filter(isNewMostly);
  const carriers = [...tally.carriers.values()];
  const further = new Tally();
  for (const counter of tally.counters.values()) further.count(counter);
  const writes = marks.length + carriers.length === 0 ? [] : await look(tx, { once, usual, seldom, carriers }, further);
  const counters = [...further.counters.values()];
  await sendLast(tx, [...writes, ...(counters.length === 0 ? [] : [addingToCounters(counters)])]);
}

/** @returns statements that are still to be run */
async function look(
  tx: Transaction,
  {
    once,
    usual,
    seldom,
    carriers,
  }: { readonly [Kind in 'once' | 'usual' | 'seldom']: readonly Mark[] } & { readonly carriers: readonly Carrier[] },
  further: Tally,
): Promise<RawBuilder<unknown>[]> {
  const [made, newMarks, newCarriers] = await together<[MadeMark, { position: number }, { position: number }]>(tx, [
    once.length === 0 ? undefined : insertingNewMarks(once),
    usual.length === 0 ? undefined : findingNewMarks(usual),
    carriers.length === 0 ? undefined : findingNewCarriers(carriers),
  ]);
  const areAllFirst = made[0]?.made === once.length;
  const isFirst = new Set(areAllFirst ? [] : madeOf(made).map(markText));
  for (const each of once) {
    if (!areAllFirst && !isFirst.has(markText(each))) continue;
    countMoments(further, each, each.moments.keys());
    for (const counter of each.first) further.count(counter);
  }
  return note(
    tx,
    inOrder([...newMarks.map(({ position }) => usual[position] as Mark), ...seldom]),
    newCarriers.map(({ position }) => carriers[position] as Carrier).toSorted(inKeyOrder),
    further,
  );
}

/**
 * Those that are not there are written whole, the others locked and read. Both lists are in the order of their keys.
 * @returns statements that are still to be run
 */
async function note(
  tx: Transaction,
  marks: readonly Mark[],
  carriers: readonly Carrier[],
  tally: Tally,
): Promise<RawBuilder<unknown>[]> {
  if (marks.length + carriers.length === 0) return [];
  const whole = carriers.map((carrier) => withCarried(carrier, nothingCarried));
  const made = marks.length === 0 ? [] : (await insertingNewMarks(marks).execute(tx)).rows;
  // Of messages all are new, mostly: then there is nothing to look at.
  const areNew = (made[0]?.made ?? 0) === marks.length;
  const [storedMarks, madeCarriers, storedCarriers] = await together<
    [MarkKey & { moments: number[] }, SubjectKey, SubjectKey & StoredCarrier]
  >(tx, [
    areNew ? undefined : lockingMarks(marks),
    ...(carriers.length === 0
      ? ([undefined, undefined] as const)
      : ([insertingCarriers(whole), lockingCarriers(carriers)] as const)),
  ]);
  const moments = new Map(storedMarks.map((row) => [markText(row), row.moments]));
  for (const row of madeOf(made)) moments.delete(markText(row));
  const carried = new Map<string, StoredCarrier>(storedCarriers.map((row) => [subjectText(row), row]));
  for (const made of madeCarriers) carried.delete(subjectText(made));
  return [...mark(marks, moments, tally), ...carry(carriers, carried, tally)];
}

/** @param stored moments of those that were there */
function mark(
  marks: readonly Mark[],
  stored: ReadonlyMap<string, readonly number[]>,
  tally: Tally,
): RawBuilder<unknown>[] {
  const uniques = new Map<string, UniqueCount>();
  const changed = marks.flatMap((each) => {
    const known = stored.get(markText(each));
    const before = known ?? [];
    const { moments, added } = mergeMoments(before, each.moments.keys());
    // Somebody else marked it between the look and the lock.
    if (added.length === 0) return [];
    countMoments(tally, each, added);
    if (before.length === 0) for (const counter of each.first) tally.count(counter);
    if (each.kind === 'day') addUniques(uniques, each, before, moments);
    return known === undefined ? [] : [{ mark: each, moments: trimMoments(moments) }];
  });
  return [
    ...(changed.length === 0 ? [] : [writingMarks(changed)]),
    ...(uniques.size === 0 ? [] : [addingToUniques([...uniques.values()])]),
  ];
}

function countMoments(tally: Tally, { moments }: Mark, added: Iterable<number>): void {
  for (const moment of added) for (const counter of moments.get(moment) ?? []) tally.count(counter);
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

const nothingCarried: StoredCarrier = { userId: null, labels: [], demographics: [] };

function withCarried(carrier: Carrier, before: StoredCarrier): Subject & StoredCarrier {
  const { projectNumber, bucket, subject } = carrier;
  const demographics = carrier.demographics ?? before.demographics;
  const labels = [...new Set([...before.labels, ...carrier.labels, ...demographics.slice(1)])];
  const userId = carrier.demographics === undefined ? before.userId : carrier.userId;
  return { projectNumber, bucket, subject, userId, labels, demographics };
}

/** @param stored of those that were there */
function carry(
  carriers: readonly Carrier[],
  stored: ReadonlyMap<string, StoredCarrier>,
  tally: Tally,
): RawBuilder<unknown>[] {
  const counts = new Map<string, LabelCount>();
  const changed = carriers.flatMap((carrier) => {
    const known = stored.get(subjectText(carrier));
    const before = known ?? nothingCarried;
    const after = withCarried(carrier, before);
    if (carrier.demographics !== undefined) {
      for (const counter of demographicCounters(carrier, before.demographics, -1)) tally.count(counter);
      for (const counter of demographicCounters(carrier, after.demographics, 1)) tally.count(counter);
    }
    const { projectNumber } = carrier;
    // What was carried before stands first.
    for (const label of after.labels.slice(before.labels.length)) {
      const key = `${projectNumber}\n${label}`;
      counts.set(key, { projectNumber, label, carriers: (counts.get(key)?.carriers ?? 0) + 1 });
    }
    return known === undefined ? [] : [after];
  });
  return [
    ...(changed.length === 0 ? [] : [writingCarriers(changed)]),
    ...(counts.size === 0 ? [] : [addingToLabels([...counts.values()])]),
  ];
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

type MarkKey = Pick<Mark, 'projectNumber' | 'subject' | 'metric' | 'scope'>;
type SubjectKey = Pick<Subject, 'projectNumber' | 'subject'>;

/** Which were made, of those that were not made all of them. */
function madeOf(rows: readonly MadeMark[]): MarkKey[] {
  return rows.flatMap((row) => (row.subject === null ? [] : [row as MarkKey]));
}

function markText({ projectNumber, subject, metric, scope }: MarkKey): string {
  return `${projectNumber}\n${subject}\n${metric}\n${scope}`;
}

function inOrder(marks: readonly Mark[]): Mark[] {
  return marks.toSorted(
    (one, other) => inKeyOrder(one, other) || byText(one.metric, other.metric) || byText(one.scope, other.scope),
  );
}

function inKeyOrder(one: Subject, other: Subject): number {
  return one.projectNumber - other.projectNumber || one.bucket - other.bucket || byText(one.subject, other.subject);
}

function byText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

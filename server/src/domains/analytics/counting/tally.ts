/** What a batch of events adds up to: counts, marks of who was counted once, and who carries which labels. Pure. */
import { bucketOf } from '../../../kernel/bucket.ts';
import { storableText } from '../../../kernel/storable-text.ts';

const minuteMilliseconds = 60_000;
const slotMilliseconds = 30 * minuteMilliseconds;
const hourMilliseconds = 60 * minuteMilliseconds;
export const dayMilliseconds = 24 * hourMilliseconds;
/** Events of long ago, and of the future, count within the days for which Pinpoint answers (dossier §1.4). */
const furthestBack = 90 * dayMilliseconds;

/** Longer ones are cut: they stand in keys. */
const longestText = 200;

export function countedText(text: string): string {
  return storableText(text.slice(0, longestText));
}

export interface CounterKey {
  readonly projectNumber: number;
  readonly metric: string;
  /** Milliseconds; the begin of a half hour. */
  readonly slot: number;
  readonly sourceId: string;
  readonly activityId: string;
  readonly treatmentId: string;
  readonly label: string;
}

export interface Counter extends CounterKey {
  readonly value: number;
}

export interface Subject {
  readonly projectNumber: number;
  readonly bucket: number;
  /** Folded endpoint id, `user/` and its id, or `address/` and its key. */
  readonly subject: string;
}

export interface Mark extends Subject {
  readonly metric: string;
  readonly scope: string;
  /** Days or hours, with what each adds to counters when it is the first of its kind. */
  readonly moments: Map<number, readonly Counter[]>;
  /**
   * `day`: moments are days, and told to `analytics_uniques`; `hour`: each hour adds to its counters; `ever`: only the
   * first hour of all does.
   */
  readonly kind: 'day' | 'hour' | 'ever';
  /** What the first moment of all adds besides. */
  readonly first: readonly Counter[];
}

export interface Carrier extends Subject {
  readonly userId: string | null;
  readonly labels: Set<string>;
  /** Undefined where it is not known how the endpoint is now. */
  readonly demographics: readonly string[] | undefined;
}

export function slotOf(milliseconds: number): number {
  return Math.floor(milliseconds / slotMilliseconds) * slotMilliseconds;
}

export function dayNumber(milliseconds: number): number {
  return Math.floor(milliseconds / dayMilliseconds);
}

export function hourNumber(milliseconds: number): number {
  return Math.floor(milliseconds / hourMilliseconds);
}

/** When an event counts. */
export function countedTime(record: { readonly event_timestamp: number; readonly arrival_timestamp: number }): number {
  const { event_timestamp: told, arrival_timestamp: arrived } = record;
  return Math.min(Math.max(told, arrived - furthestBack), arrived);
}

export function endpointSubject(projectNumber: number, foldedId: string): Subject {
  return { projectNumber, bucket: bucketOf(foldedId), subject: `endpoint/${foldedId}` };
}

export function userSubject(projectNumber: number, userId: string): Subject {
  return { projectNumber, bucket: bucketOf(userId), subject: `user/${userId}` };
}

/** @param key of `addressKey` */
export function addressSubject(projectNumber: number, key: string): Subject {
  return { projectNumber, bucket: bucketOf(key), subject: `address/${key}` };
}

const none: readonly Counter[] = [];

export class Tally {
  readonly counters = new Map<string, Counter>();
  readonly marks = new Map<string, Mark>();
  readonly carriers = new Map<string, Carrier>();

  count(counter: Counter): void {
    const key = counterText(counter);
    const before = this.counters.get(key);
    this.counters.set(key, before === undefined ? counter : { ...counter, value: before.value + counter.value });
  }

  /** Counts somebody once a day within a scope. */
  markDay(subject: Subject, metric: string, scope: string, milliseconds: number): void {
    this.#mark(subject, { metric, scope, kind: 'day', first: none }, dayNumber(milliseconds), none);
  }

  /** Adds to counters once a clock hour, or once for all; by when the event came. @param first added once for all */
  markOnce(
    subject: Subject,
    of: { readonly metric: string; readonly scope: string; readonly kind: 'hour' | 'ever' },
    arrived: number,
    counters: readonly Counter[],
    first: readonly Counter[] = none,
  ): void {
    this.#mark(subject, { ...of, first }, hourNumber(arrived), counters);
  }

  carry(
    subject: Subject,
    labels: readonly string[],
    now?: { readonly userId: string | null; readonly demographics: readonly string[] },
  ): void {
    const key = subjectText(subject);
    const before = this.carriers.get(key);
    this.carriers.set(key, {
      ...subject,
      userId: now === undefined ? (before?.userId ?? null) : now.userId,
      labels: new Set([...(before?.labels ?? []), ...labels]),
      demographics: now?.demographics ?? before?.demographics,
    });
  }

  #mark(
    subject: Subject,
    { metric, scope, kind, first }: Pick<Mark, 'metric' | 'scope' | 'kind' | 'first'>,
    moment: number,
    counters: readonly Counter[],
  ): void {
    const key = `${subjectText(subject)}\n${metric}\n${scope}`;
    const mark = this.marks.get(key) ?? { ...subject, metric, scope, kind, first, moments: new Map() };
    this.marks.set(key, mark);
    // The first one of a batch counts, as it would if the events came one by one.
    if (!mark.moments.has(moment) && (kind !== 'ever' || mark.moments.size === 0)) mark.moments.set(moment, counters);
  }
}

function counterText({ projectNumber, metric, slot, sourceId, activityId, treatmentId, label }: CounterKey): string {
  return `${projectNumber}\n${metric}\n${slot}\n${sourceId}\n${activityId}\n${treatmentId}\n${label}`;
}

export function subjectText({ projectNumber, subject }: Pick<Subject, 'projectNumber' | 'subject'>): string {
  return `${projectNumber}\n${subject}`;
}

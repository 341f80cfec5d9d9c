/**
 * Sends the events of one project on, as long as it holds the stream's lease. The mark moves once the destination has
 * taken what lies before it, so what is sent is sent at least once; what waits is read anew for every attempt, so what was
 * erased meanwhile is not sent.
 */
import { type Database, type Lease, renewLease } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Logger } from '../../../kernel/logger.ts';
import { type DeliveryStep, deliver } from './deliver.ts';
import type { EventDestination } from './destination.ts';
import { findExpired, type PendingPlace, type PendingRecord, readPending } from './pending.ts';
import { findMark, findStream, noteProgress } from './store.ts';
import type { StoredStream } from './stream.ts';
import { Wakening } from './wakening.ts';

const leastRead = 2_000;
/** After a moment more have come, and leave in one request. */
const lingerMilliseconds = 100;
const firstPollMilliseconds = 50;
const longestPollMilliseconds = 5_000;
const firstRetryMilliseconds = 200;
const longestRetryMilliseconds = 60_000;
/** Back-off for so long, then the oldest are given up (dossier/events-journeys-console §2.2). */
const patienceMilliseconds = 24 * 3600 * 1000;

/** What a pass has read, and what of it lies before the mark by now. */
interface View {
  mark: Pick<StoredStream, 'transaction' | 'sequence'>;
  found: readonly PendingPlace[];
}

export interface ReaderParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  openDestination(stream: StoredStream): EventDestination;
}

export class StreamReader {
  readonly #parts: ReaderParts;
  readonly #projectNumber: number;
  readonly #lease: Lease;
  readonly #wakening = new Wakening();
  #open: { readonly revision: number; readonly destination: EventDestination } | undefined;
  /** Behind the mark, and sent: others before them were refused. */
  #sentAhead = new Set<string>();
  #polls = 0;
  #failures = 0;

  constructor(parts: ReaderParts, projectNumber: number, lease: Lease) {
    this.#parts = parts;
    this.#projectNumber = projectNumber;
    this.#lease = lease;
  }

  /** Something was appended. */
  wake(): void {
    this.#polls = 0;
    this.#wakening.wake('appended');
  }

  /** The stream is another one: no use in waiting for the former. */
  changed(): void {
    this.#wakening.wake('changed');
  }

  /** Until the stream is gone. @throws LeaseLost, the reason of `signal`, and what the database throws */
  async run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const stream = await findStream(this.#parts.database.query, this.#projectNumber);
        if (stream === undefined) return;
        await this.#pass(await this.#use(stream), stream, signal);
      }
    } finally {
      await this.#open?.destination.close();
    }
  }

  async #use(stream: StoredStream): Promise<EventDestination> {
    if (this.#open?.revision !== stream.revision) {
      await this.#open?.destination.close();
      this.#open = { revision: stream.revision, destination: this.#parts.openDestination(stream) };
      this.#failures = 0;
    }
    return this.#open.destination;
  }

  /** Reads what waits, sends it, moves the mark, and waits until the next pass makes sense. */
  async #pass(destination: EventDestination, stream: StoredStream, signal: AbortSignal): Promise<void> {
    const limit = Math.max(leastRead, destination.limits.records);
    const found = await readPending(this.#parts.database, this.#projectNumber, stream, limit);
    if (found.length === 0) return this.#rest(this.#nextPoll(), ['appended', 'changed'], signal);
    this.#polls = 0;
    const gathering = this.#stillGathering(destination, found);
    if (gathering > 0) return this.#rest(gathering, ['changed'], signal);
    // What was erased meanwhile is not found again.
    this.#sentAhead = new Set(found.map(({ id }) => id).filter((id) => this.#sentAhead.has(id)));
    const waiting = found.filter(({ id }) => !this.#sentAhead.has(id));
    const view: View = { mark: stream, found };
    const delivery = await deliver(destination, waiting, signal, (step) => this.#note(stream, view, step));
    if (delivery.fault === null) {
      this.#failures = 0;
      if (found.length < destination.limits.records) await this.#rest(lingerMilliseconds, ['changed'], signal);
      return;
    }
    const gaveUp = await this.#giveUp(stream);
    this.#failures = delivery.delivered > 0 ? 1 : this.#failures + 1;
    if (!gaveUp) await this.#rest(retryAfter(this.#failures), ['changed'], signal);
  }

  /** For how long a file or its like is not full and not old enough. */
  #stillGathering({ gatherMilliseconds, limits }: EventDestination, found: readonly PendingRecord[]): number {
    const [oldest] = found;
    if (gatherMilliseconds === 0 || oldest === undefined || found.length >= limits.records) return 0;
    const age = this.#parts.clock.now().getTime() - oldest.arrivedAt.getTime();
    return Math.min(Math.max(gatherMilliseconds - age, 0), gatherMilliseconds);
  }

  /** The mark moves over what was sent without a gap. */
  async #note(stream: StoredStream, view: View, step: DeliveryStep): Promise<void> {
    for (const id of [...step.delivered, ...step.tooLarge]) this.#sentAhead.add(id);
    const gap = view.found.findIndex(({ id }) => !this.#sentAhead.has(id));
    const passed = gap < 0 ? view.found : view.found.slice(0, gap);
    const mark = passed.at(-1) ?? view.mark;
    const [sent, dropped] = [step.delivered.length, step.tooLarge.length];
    await this.#write({ mark, sent, dropped, fault: step.fault });
    view.mark = mark;
    view.found = view.found.slice(passed.length);
    for (const { id } of passed) this.#sentAhead.delete(id);
    if (dropped > 0) this.#tell(stream, dropped, 'records too large for the event stream were dropped');
    if (stream.fault === null && typeof step.fault === 'string') {
      const { projectNumber } = stream;
      this.#parts.logger.warn({ projectNumber, fault: step.fault }, 'an event stream is refused');
    }
  }

  /** @returns whether something was given up, so that others come to their turn at once */
  async #giveUp({ failingSince, ...stream }: StoredStream): Promise<boolean> {
    const before = new Date(this.#parts.clock.now().getTime() - patienceMilliseconds);
    if (failingSince === null || failingSince > before) return false;
    let dropped = 0;
    for (;;) {
      const mark = await findMark(this.#parts.database.query, this.#projectNumber);
      if (mark === undefined) break;
      const expired = await findExpired(this.#parts.database, this.#projectNumber, mark, before);
      const last = expired.at(-1);
      if (last === undefined) break;
      const unsent = expired.filter(({ id }) => !this.#sentAhead.has(id)).length;
      await this.#write({ mark: last, sent: 0, dropped: unsent, fault: undefined });
      for (const { id } of expired) this.#sentAhead.delete(id);
      dropped += unsent;
    }
    if (dropped > 0) this.#tell(stream, dropped, 'records that an event stream did not take for a day were dropped');
    return dropped > 0;
  }

  #tell({ projectNumber }: Pick<StoredStream, 'projectNumber'>, records: number, message: string): void {
    this.#parts.logger.error({ projectNumber, records }, message);
  }

  async #write(progress: Omit<Parameters<typeof noteProgress>[2], 'now'>): Promise<void> {
    const now = this.#parts.clock.now();
    await this.#parts.database.transaction(async (tx) => {
      await noteProgress(tx, this.#projectNumber, { ...progress, now });
      // Whoever lost the lease has nothing to note.
      await renewLease(tx, this.#lease);
    });
  }

  /** Soon at first: who told of an append did so a moment before it could be seen. */
  #nextPoll(): number {
    const wait = Math.min(longestPollMilliseconds, firstPollMilliseconds * 2 ** this.#polls);
    this.#polls += 1;
    return wait;
  }

  async #rest(milliseconds: number, until: readonly ('appended' | 'changed')[], signal: AbortSignal): Promise<void> {
    await this.#wakening.wait(milliseconds, until, signal);
  }
}

/** Not all at the same moment: many streams may end at one place. */
function retryAfter(failures: number): number {
  const most = Math.min(longestRetryMilliseconds, firstRetryMilliseconds * 2 ** (failures - 1));
  return most * (0.5 + Math.random() / 2);
}

/** The one place where events are written. */
import { sendLast, type Transaction } from '../../database/index.ts';
import { addressBucket, addressKey } from '../../kernel/address.ts';
import { bucketOf, foldEndpointId } from '../../kernel/bucket.ts';
import { storableText } from '../../kernel/storable-text.ts';
import { requireDays } from './days.ts';
import type { NewEvent } from './record.ts';
import { type EventRow, insertingEvents } from './store.ts';
import { storeRecord } from './stored-record.ts';

/**
 * Told of events in the transaction that appends them, before they are written: counters, triggers. Who needs more than
 * that enqueues a job.
 */
export type EventsHandler = (tx: Transaction, events: readonly NewEvent[]) => Promise<void>;

export class EventLog {
  readonly #appended: readonly EventsHandler[];

  /** @param appended joined in `app.ts`; called one after the other */
  constructor(appended: readonly EventsHandler[]) {
    this.#appended = appended;
  }

  /**
   * Many rows in one statement, within the caller's transaction: an event is there exactly when what it tells of is.
   * They keep their order. They leave with the commit, so nothing of the transaction can look at them.
   */
  async append(tx: Transaction, events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    for (const appended of this.#appended) await appended(tx, events);
    await requireDays(
      tx,
      events.map(({ record }) => new Date(record.arrival_timestamp)),
    );
    await sendLast(tx, [insertingEvents(events.map(toRow))]);
  }
}

function toRow({ projectNumber, endpointId, generation, address, record }: NewEvent): EventRow {
  const folded = foldEndpointId(endpointId ?? record.client.client_id);
  const key = address === undefined ? null : addressKey(address);
  return {
    projectNumber,
    bucket: endpointId === undefined && key !== null ? addressBucket(key) : bucketOf(folded),
    arrivedAt: new Date(record.arrival_timestamp),
    type: storableText(record.event_type),
    occurredAt: storableTime(record.event_timestamp),
    endpointId: endpointId === undefined ? null : folded,
    generation: generation ?? null,
    addressKey: key,
    ...storeRecord(record),
  };
}

const earliest = Date.UTC(1900, 0);
const latest = Date.UTC(9999, 0);

/** Apps say what they like; years of PostgreSQL end elsewhere than JavaScript's. The record keeps what was said. */
function storableTime(milliseconds: number): Date {
  return new Date(Math.min(Math.max(milliseconds, earliest), latest));
}

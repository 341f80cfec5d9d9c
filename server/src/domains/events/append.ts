/** The one place where events are written. */
import type { Transaction } from '../../database/index.ts';
import { bucketOf, foldEndpointId } from '../../kernel/bucket.ts';
import { dayOf, requireDays } from './days.ts';
import type { NewEvent } from './record.ts';
import { insertEvents } from './store.ts';

/**
 * Many rows in one statement, within the caller's transaction: an event is there exactly when what it tells of is.
 * They keep their order.
 */
export async function appendEvents(tx: Transaction, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await requireDays(tx, new Set(events.map(({ record }) => dayOf(new Date(record.arrival_timestamp)))));
  await insertEvents(tx, `[${events.map(toRow).join(',')}]`);
}

/** JSON of one row of `insertEvents`. */
function toRow({ projectNumber, endpointId, record }: NewEvent): string {
  const folded = foldEndpointId(endpointId ?? record.client.client_id);
  const row = {
    p: projectNumber,
    b: bucketOf(folded),
    a: new Date(record.arrival_timestamp).toISOString(),
    t: record.event_type,
    o: storable(record.event_timestamp),
    ...(endpointId !== undefined && { e: folded }),
    r: record,
  };
  const text = JSON.stringify(row);
  return unstorable.test(text) ? JSON.stringify(row, withoutUnstorable) : text;
}

const earliest = Date.UTC(1900, 0);
const latest = Date.UTC(9999, 0);

/** Apps say what they like; years of PostgreSQL end elsewhere than JavaScript's. The record keeps what was said. */
function storable(milliseconds: number): string {
  return new Date(Math.min(Math.max(milliseconds, earliest), latest)).toISOString();
}

/** NUL and halves of surrogate pairs: requests with them are refused, but providers answer what they like. */
const unstorable = /\\u(?:0000|[dD][89a-fA-F])/;

function withoutUnstorable(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return clean(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [clean(name), member]));
}

function clean(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

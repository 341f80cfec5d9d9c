/** Cuts records into requests that fit a destination, and sends them so that the order of each key holds. */
import { bytesOf, DestinationFault, type EventDestination, type StreamRecord } from './destination.ts';

/** After that long what is to be sent is looked up anew: it may have been erased meanwhile. */
const passMilliseconds = 1_000;

export interface Delivery {
  /** Ids of what has arrived. */
  readonly delivered: readonly string[];
  /** Ids of what the destination can never take. */
  readonly tooLarge: readonly string[];
  /** Why it ended before its end. */
  readonly fault: string | undefined;
}

/** Until all was sent, something was refused, or it has lasted long enough. Throws only when `signal` says so. */
export async function deliver(
  destination: EventDestination,
  records: readonly StreamRecord[],
  signal: AbortSignal,
): Promise<Delivery> {
  const isTooLarge = (record: StreamRecord) => bytesOf(record) > destination.limits.recordBytes;
  const tooLarge = records.filter(isTooLarge).map(({ id }) => id);
  const delivered: string[] = [];
  const until = performance.now() + passMilliseconds;
  let waiting = tooLarge.length === 0 ? records : records.filter((record) => !isTooLarge(record));
  let fault: string | undefined;
  while (waiting.length > 0 && fault === undefined && performance.now() < until) {
    const { request, rest } = nextRequest(destination, waiting);
    try {
      const refused = new Map(
        (await destination.send(request, signal)).map(({ index, reason }) => [index, reason] as const),
      );
      delivered.push(...request.flatMap(({ id }, index) => (refused.has(index) ? [] : [id])));
      fault = refused.values().next().value;
      waiting = rest;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DestinationFault)) throw error;
      fault = error.message;
    }
  }
  return { delivered, tooLarge, fault };
}

/** What is left keeps its order. */
export function nextRequest(
  { limits, takesWhole }: EventDestination,
  waiting: readonly StreamRecord[],
): { readonly request: StreamRecord[]; readonly rest: StreamRecord[] } {
  const request: StreamRecord[] = [];
  const rest: StreamRecord[] = [];
  const keys = new Set<string>();
  let bytes = 0;
  for (const [index, record] of waiting.entries()) {
    const size = bytesOf(record);
    if (request.length === limits.records || bytes + size > limits.bytes) {
      for (const later of waiting.slice(index)) rest.push(later);
      break;
    }
    if (!takesWhole && keys.has(record.key)) {
      rest.push(record);
      continue;
    }
    keys.add(record.key);
    request.push(record);
    bytes += size;
  }
  return { request, rest };
}

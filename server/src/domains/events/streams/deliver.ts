/** Cuts records into requests that fit a destination, and sends them so that the order of each key holds. */
import { bytesOf, DestinationFault, type EventDestination, type StreamRecord } from './destination.ts';

/** After that long what is to be sent is looked up anew: it may have been erased meanwhile. */
const passMilliseconds = 1_000;

/** A stop waits so long for the answer to a request that has left: broken off, all of it would arrive once more. */
const graceMilliseconds = 5_000;

/** So many are noted together: what was sent and not noted arrives twice when the process is killed. */
const notedTogether = 100;

/** A part of what was done. */
export interface DeliveryStep {
  /** Ids of what has arrived. */
  readonly delivered: readonly string[];
  /** Ids of what the destination can never take. */
  readonly tooLarge: readonly string[];
  /** Undefined: more is to come. Null: all that was tried was taken. */
  readonly fault: string | null | undefined;
}

/**
 * Until all was sent, something was refused, it has lasted long enough, or `signal` says so. Throws what is no fault of the
 * destination, once what has arrived is noted.
 * @param note is told of each step, the last of which has a fault, or null
 */
export async function deliver(
  destination: EventDestination,
  records: readonly StreamRecord[],
  signal: AbortSignal,
  note: (step: DeliveryStep) => Promise<void>,
): Promise<{ readonly delivered: number; readonly fault: string | null }> {
  const isTooLarge = (record: StreamRecord) => bytesOf(record) > destination.limits.recordBytes;
  const tooLarge = records.filter(isTooLarge).map(({ id }) => id);
  if (tooLarge.length > 0) await note({ delivered: [], tooLarge, fault: undefined });
  const until = performance.now() + passMilliseconds;
  let waiting = tooLarge.length === 0 ? records : records.filter((record) => !isTooLarge(record));
  let step: string[] = [];
  let delivered = 0;
  let fault: string | null = null;
  const patience = abortedLater(signal);
  try {
    while (waiting.length > 0 && fault === null && !signal.aborted && performance.now() < until) {
      const { request, rest } = nextRequest(destination, waiting);
      const taken = await attempt(destination, request, patience.signal);
      step.push(...taken.ids);
      delivered += taken.ids.length;
      fault = taken.fault;
      waiting = rest;
      if (step.length < notedTogether || fault !== null) continue;
      const noted = step;
      step = [];
      await note({ delivered: noted, tooLarge: [], fault: undefined });
    }
  } catch (error) {
    if (step.length > 0) await note({ delivered: step, tooLarge: [], fault: undefined });
    throw error;
  } finally {
    patience.forget();
  }
  await note({ delivered: step, tooLarge: [], fault });
  return { delivered, fault };
}

function abortedLater(signal: AbortSignal): { readonly signal: AbortSignal; forget(): void } {
  const later = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => later.abort(signal.reason), graceMilliseconds);
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  return {
    signal: later.signal,
    forget() {
      clearTimeout(timer);
      signal.removeEventListener('abort', begin);
    },
  };
}

async function attempt(
  destination: EventDestination,
  request: readonly StreamRecord[],
  signal: AbortSignal,
): Promise<{ readonly ids: readonly string[]; readonly fault: string | null }> {
  try {
    const refusals = await destination.send(request, signal);
    const refused = new Set(refusals.map(({ index }) => index));
    const ids = request.flatMap(({ id }, index) => (refused.has(index) ? [] : [id]));
    return { ids, fault: refusals[0]?.reason ?? null };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof DestinationFault)) throw error;
    return { ids: [], fault: error.message };
  }
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

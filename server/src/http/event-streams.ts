/** Server-sent events on their way: framed, kept alive while nothing happens, ended with their reader or the server. */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { unavailable } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import { type EventStream, eventStreamType, type ServerSentEvent } from '../operations/event-stream.ts';
import { toJson } from './encode.ts';

export interface EventStreamTimes {
  /** A comment is sent when nothing else was for so long: less than any proxy's patience. Milliseconds. */
  readonly heartbeat: number;
  /** Then the reader has to sign again. Milliseconds. */
  readonly longest: number;
}

export const defaultEventStreamTimes: EventStreamTimes = { heartbeat: 15_000, longest: 15 * 60_000 };

/** nginx would keep events until it has a buffer full of them. */
export const eventStreamHeaders = {
  'content-type': eventStreamType,
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};

/** Each is a connection that is read slowly if at all. */
const mostStreams = 1_000;

export class EventStreams {
  readonly #open = new Set<AbortController>();
  readonly #times: EventStreamTimes;
  readonly #logger: Logger | undefined;

  constructor(times: EventStreamTimes, logger: Logger | undefined) {
    this.#times = times;
    this.#logger = logger;
  }

  /** @param response what they leave in: its end is theirs @throws ServiceUnavailableException */
  begin(stream: EventStream, requestId: string, response: ServerResponse): Readable {
    if (this.#open.size >= mostStreams) throw unavailable('Too many event streams are open');
    const ending = new AbortController();
    const expiry = setTimeout(() => ending.abort(), this.#times.longest);
    this.#open.add(ending);
    const end = () => {
      clearTimeout(expiry);
      this.#open.delete(ending);
      ending.abort();
    };
    response.once('close', end);
    // Its reader may have gone while the call was made: nobody will say so again.
    if (response.closed) end();
    return Readable.from(this.#frames(stream, ending.signal, requestId), { objectMode: false });
  }

  /** The server stops: readers find another node. */
  endAll(): void {
    for (const ending of this.#open) ending.abort();
  }

  /** What fails in the middle can only end: its reader comes again, and is told then. */
  async *#frames(stream: EventStream, signal: AbortSignal, requestId: string): AsyncGenerator<string> {
    const events = stream.open(signal)[Symbol.asyncIterator]();
    try {
      // Also the begin of the answer, however long the first event takes.
      yield 'retry: 1000\n\n';
      for (let next = events.next(); ; ) {
        const told = await within(next, this.#times.heartbeat, signal);
        if (signal.aborted) return;
        if (told === undefined) yield ':\n\n';
        else if (told.done) return;
        else {
          yield frame(told.value);
          next = events.next();
        }
      }
    } catch (error) {
      this.#logger?.error({ requestId, err: error }, 'an event stream failed');
    } finally {
      await events.return?.();
    }
  }
}

/** JSON has no line breaks of its own, which would end the field. */
function frame({ event, data }: ServerSentEvent): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${toJson(data)}\n\n`;
}

/** Undefined when the time passes, or the signal comes, first. */
async function within<Result>(
  promise: Promise<Result>,
  milliseconds: number,
  signal: AbortSignal,
): Promise<Result | undefined> {
  let stop = () => {};
  const first = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
  });
  const timer = setTimeout(stop, milliseconds);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([promise, first]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

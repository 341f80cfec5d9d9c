/**
 * An answer that goes on: server-sent events, as HTML's EventSource reads them. What a handler gives instead of its
 * operation's output when the caller accepts `text/event-stream`.
 */

export const eventStreamType = 'text/event-stream';

export interface ServerSentEvent {
  /** `message` when left out. */
  readonly event?: string;
  /** Sent as JSON. */
  readonly data: unknown;
}

export class EventStream {
  /** Begun once; ends soon after the signal: the reader has gone, or the server stops. */
  readonly open: (signal: AbortSignal) => AsyncIterable<ServerSentEvent>;

  constructor(open: EventStream['open']) {
    this.open = open;
  }
}

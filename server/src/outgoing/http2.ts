/**
 * Requests over HTTP/2 to one origin: a few connections with many streams each, opened as they are needed. What a closing
 * connection has certainly not processed is sent again on another; what it may have processed is a fault, so that nothing
 * is sent twice. A host that cannot be reached is left alone for a growing while.
 */
import { OutgoingFault, type OutgoingResponse } from './http.ts';
import { type Exchange, Http2Connection, type Http2Request, type Http2Settings } from './http2-connection.ts';
import { AddressRefused } from './networks.ts';

export type { Http2Request, Http2Settings } from './http2-connection.ts';

const defaultTimeout = 15_000;
const defaultMaximumConnections = 8;
const firstPause = 100;
const longestPause = 15_000;
const closePatience = 5_000;
const maximumAttempts = 5;

export class OutgoingHttp2 {
  readonly #settings: Http2Settings;
  readonly #connections = new Set<Http2Connection>();
  readonly #waiting = new Set<Exchange>();
  #failures = 0;
  #pauseUntil = 0;
  #lastFault: unknown;
  #closed = false;

  constructor(settings: Http2Settings) {
    this.#settings = settings;
  }

  /** Any status is an answer. @throws OutgoingFault; of kind `unreachable` when it was certainly not processed */
  request(request: Http2Request): Promise<OutgoingResponse> {
    return new Promise((settle, fail) => {
      let cancelled = false;
      let attempts = 0;
      const exchange: Exchange = {
        request,
        settle: (response) => {
          clearTimeout(deadline);
          settle(response);
        },
        fail: (fault) => {
          clearTimeout(deadline);
          fail(cancelled ? new OutgoingFault('timeout') : fault);
        },
        giveBack: () => {
          attempts += 1;
          if (cancelled || attempts === maximumAttempts) exchange.fail(new OutgoingFault('unreachable'));
          else this.#accept(exchange);
        },
      };
      const deadline = setTimeout(() => {
        if (this.#waiting.delete(exchange)) return exchange.fail(new OutgoingFault('unreachable'));
        cancelled = true;
        exchange.cancel?.();
        // At once: a broken connection may never say that the stream is closed.
        exchange.fail(new OutgoingFault('timeout'));
      }, request.timeoutMilliseconds ?? defaultTimeout);
      this.#accept(exchange);
    });
  }

  #accept(exchange: Exchange): void {
    if (this.#closed || exchange.request.stop?.aborted === true) {
      exchange.fail(new OutgoingFault('unreachable'));
    } else {
      this.#waiting.add(exchange);
      this.#dispatch();
    }
  }

  /** Requests with this signal that have not been sent fail as `unreachable`. To be called when it is aborted. */
  giveUpWaiting(stop: AbortSignal): void {
    this.#failWaiting(new OutgoingFault('unreachable'), ({ request }) => request.stop === stop);
  }

  /** Waits a few seconds for what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#failWaiting(new OutgoingFault('unreachable'));
    await Promise.all([...this.#connections].map((connection) => connection.close(closePatience)));
  }

  #dispatch(): void {
    for (const exchange of this.#waiting) {
      const connection = this.#withRoom();
      if (connection === undefined) break;
      this.#waiting.delete(exchange);
      connection.send(exchange);
    }
    if (this.#waiting.size > 0) this.#grow();
  }

  /** The oldest first: as few connections as the load needs. */
  #withRoom(): Http2Connection | undefined {
    for (const connection of this.#connections) if (connection.hasRoom) return connection;
    return undefined;
  }

  /** One at a time, so that a burst does not open all of them at once. */
  #grow(): void {
    const usable = [...this.#connections].filter(({ leaving }) => !leaving);
    if (usable.length >= (this.#settings.maximumConnections ?? defaultMaximumConnections)) return;
    if (usable.some(({ connecting }) => connecting)) return;
    if (performance.now() >= this.#pauseUntil) this.#connect();
    else if (usable.length === 0) this.#failWaiting(faultOf(this.#lastFault));
  }

  #connect(): void {
    try {
      const connection = new Http2Connection(this.#settings, {
        changed: () => this.#dispatch(),
        answered: () => {
          this.#failures = 0;
        },
        ended: (fault) => {
          this.#connections.delete(connection);
          if (fault === undefined) this.#dispatch();
          else this.#pause(fault);
        },
      });
      this.#connections.add(connection);
    } catch (error) {
      this.#pause(error);
    }
  }

  /** Doubled with each failure; a part of it is random, so that nodes do not come back together. */
  #pause(fault: unknown): void {
    const pause = Math.min(longestPause, firstPause * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    this.#failures += 1;
    this.#pauseUntil = performance.now() + pause;
    this.#lastFault = fault;
    if (![...this.#connections].some(({ leaving }) => !leaving)) this.#failWaiting(faultOf(fault));
  }

  #failWaiting(fault: OutgoingFault, concerns: (exchange: Exchange) => boolean = () => true): void {
    for (const exchange of [...this.#waiting].filter(concerns)) {
      this.#waiting.delete(exchange);
      exchange.fail(fault);
    }
  }
}

function faultOf(cause: unknown): OutgoingFault {
  return new OutgoingFault(cause instanceof AddressRefused ? 'refused address' : 'unreachable', { cause });
}

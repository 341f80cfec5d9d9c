/**
 * One HTTP/2 connection of `OutgoingHttp2`: as many streams as both sides want, a ping now and then, and for every request
 * an answer, a fault, or the word that the other side has not looked at it.
 */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { OutgoingFault, type OutgoingResponse } from './http.ts';
import type { OutgoingNetworks } from './networks.ts';

export interface Http2Settings {
  /** `https://api.push.apple.com`; with http: HTTP/2 without TLS, known to be spoken. */
  readonly origin: string;
  readonly networks: OutgoingNetworks;
  /** Of ours, PEM, where the other side identifies its clients by certificate. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** @default 8 */
  readonly maximumConnections?: number;
  /** What the other side allows may be less. @default 100 */
  readonly streamsPerConnection?: number;
  /** Ids of streams run out after 2^30 requests; and new connections find new machines. @default 1,000,000 */
  readonly requestsPerConnection?: number;
  /** Who leaves a ping unanswered for a third of it is gone. @default 30,000 */
  readonly pingMilliseconds?: number;
}

export interface Http2Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the call to the end of the answer. @default 15,000 */
  readonly timeoutMilliseconds?: number;
  /** Gives up a request that has not been sent, see `giveUpWaiting`. One that was is waited for. */
  readonly stop?: AbortSignal;
}

/** A request on its way, as the connection sees it. */
export interface Exchange {
  readonly request: Http2Request;
  /** Set while it is sent: ends the wait for its answer. */
  cancel?: () => void;
  settle(response: OutgoingResponse): void;
  fail(fault: Error): void;
  /** The other side has certainly not processed it: another connection may. */
  giveBack(): void;
}

export interface ConnectionEvents {
  /** There may be room now. */
  changed(): void;
  answered(): void;
  /** @param fault it ended without ever having answered */
  ended(fault: unknown): void;
}

const settingsTimeout = 10_000;
const idleMilliseconds = 10 * 60_000;
const maximumAnswerBytes = 64 * 1024;

export class Http2Connection {
  readonly #session: ClientHttp2Session;
  readonly #events: ConnectionEvents;
  readonly #settings: Http2Settings;
  readonly #pingInterval: number;
  readonly #pings: NodeJS.Timeout;
  #limit = 0;
  #ready = false;
  #open = 0;
  #sent = 0;
  #answered = false;
  #leaving = false;
  #fault: unknown;
  #lastProcessed = Number.POSITIVE_INFINITY;
  #lastUsed = performance.now();

  constructor(settings: Http2Settings, events: ConnectionEvents) {
    const { origin, networks, certificate } = settings;
    networks.checkHost(new URL(origin).hostname);
    this.#settings = settings;
    this.#events = events;
    this.#session = connect(origin, { ...certificate, lookup: networks.lookup, settings: { enablePush: false } });
    this.#pingInterval = settings.pingMilliseconds ?? 30_000;
    this.#pings = setInterval(() => this.#ping(), this.#pingInterval);
    this.#pings.unref();
    this.#listen();
  }

  /** No answer of the other side yet, so nothing is sent: its settings say how much it takes at once. */
  get connecting(): boolean {
    return !this.#ready && !this.#leaving;
  }

  /** Takes no new requests. */
  get leaving(): boolean {
    return this.#leaving;
  }

  get hasRoom(): boolean {
    return !this.#leaving && this.#open < this.#limit;
  }

  #listen(): void {
    const session = this.#session;
    const patience = setTimeout(() => session.destroy(new Error('No settings came')), settingsTimeout);
    session.on('remoteSettings', ({ maxConcurrentStreams }) => {
      clearTimeout(patience);
      const wanted = this.#settings.streamsPerConnection ?? 100;
      this.#limit = Math.min(wanted, maxConcurrentStreams ?? wanted);
      this.#ready = true;
      this.#events.changed();
    });
    session.on('goaway', (_code, lastStreamId) => {
      this.#leaving = true;
      this.#lastProcessed = lastStreamId;
    });
    session.on('error', (error) => {
      this.#fault = error;
    });
    session.on('close', () => {
      clearTimeout(patience);
      clearInterval(this.#pings);
      this.#leaving = true;
      this.#events.ended(this.#answered ? undefined : (this.#fault ?? new Error('The connection was closed')));
    });
  }

  send(exchange: Exchange): void {
    const { method, path, headers, body } = exchange.request;
    let stream: ClientHttp2Stream;
    try {
      stream = this.#session.request({ ...headers, ':method': method, ':path': path });
    } catch (error) {
      const usable = !this.#session.closed && !this.#session.destroyed;
      if (!usable) this.#leave();
      if (usable) exchange.fail(error as Error);
      else exchange.giveBack();
      return;
    }
    this.#open += 1;
    this.#sent += 1;
    this.#lastUsed = performance.now();
    if (this.#sent >= (this.#settings.requestsPerConnection ?? 1_000_000)) this.#leave();
    exchange.cancel = () => {
      // Whoever does not answer one request in time gets no others.
      this.#leave();
      stream.close(constants.NGHTTP2_CANCEL);
      this.#giveUpUnless(() => stream.destroyed);
    };
    this.#receive(stream, exchange);
    stream.end(body);
  }

  #receive(stream: ClientHttp2Stream, exchange: Exchange): void {
    let response: Pick<OutgoingResponse, 'status' | 'headers'> | undefined;
    let text = '';
    let complete = false;
    let fault: OutgoingFault | undefined;
    stream.on('response', (headers) => {
      response = { status: Number(headers[':status']), headers: headers as Record<string, string> };
    });
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.length <= maximumAnswerBytes) return;
      fault = new OutgoingFault('answer too large');
      stream.close(constants.NGHTTP2_CANCEL);
    });
    stream.on('end', () => {
      complete = true;
    });
    // The close that follows says what is to be said.
    stream.on('error', () => undefined);
    stream.on('close', () => {
      this.#open -= 1;
      exchange.cancel = undefined;
      if (response !== undefined && complete && fault === undefined) {
        this.#answered = true;
        this.#events.answered();
        exchange.settle({ ...response, text: Buffer.from(text, 'latin1').toString('utf8') });
      } else if (this.#wasLeftOut(stream)) exchange.giveBack();
      else exchange.fail(fault ?? new OutgoingFault('broken off', { cause: this.#fault }));
      this.#events.changed();
    });
  }

  /** Refused, or beyond the last stream that a GOAWAY names (RFC 9113 §6.8, §8.7). */
  #wasLeftOut(stream: ClientHttp2Stream): boolean {
    return stream.rstCode === constants.NGHTTP2_REFUSED_STREAM || (stream.id ?? 0) > this.#lastProcessed;
  }

  #leave(): void {
    this.#leaving = true;
    this.#session.close();
  }

  /**
   * A session that was told to go away and then gets what is no HTTP/2 stays as it is for good: its streams do not close,
   * and it sends no pings.
   */
  #giveUpUnless(isClosed: () => boolean): void {
    const end = () => isClosed() || this.#session.destroy();
    setTimeout(end, this.#pingInterval / 3).unref();
  }

  #ping(): void {
    const session = this.#session;
    if (this.#open === 0 && performance.now() - this.#lastUsed > idleMilliseconds) this.#leave();
    if (session.destroyed || session.connecting) return;
    const patience = setTimeout(() => session.destroy(new Error('No answer to a ping')), this.#pingInterval / 3);
    session.ping(() => clearTimeout(patience));
  }

  /** Waits for what is under way, for `patience` milliseconds. */
  async close(patience: number): Promise<void> {
    if (this.#session.destroyed) return;
    const closed = new Promise<void>((settle) => this.#session.once('close', settle));
    const timer = setTimeout(() => this.#session.destroy(), patience);
    this.#leave();
    await closed;
    clearTimeout(timer);
  }
}

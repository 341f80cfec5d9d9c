/**
 * Requests to providers, webhooks and hooks: pooled connections per host, a deadline, a bounded answer, no redirects,
 * and no way into closed networks. Undici's own pool: the global `fetch` reached a tenth of its rate.
 */
import type { Readable } from 'node:stream';
import { Agent, errors } from 'undici';
import { AddressRefused, type OutgoingNetworks } from './networks.ts';

export interface OutgoingRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** From the first byte sent to the last received. @default 15,000 */
  readonly timeoutMilliseconds?: number;
  /** Of the answer. @default 1 MiB */
  readonly maximumBytes?: number;
  readonly signal?: AbortSignal;
}

export interface OutgoingResponse {
  readonly status: number;
  /** Names in lower case; of a repeated header the first. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * No answer came. `refused address`: closed network; `invalid address`: no http(s) URL; `unreachable`: nothing was sent;
 * `timeout` and `broken off`: the other side may have received the request.
 */
export type OutgoingFaultKind =
  | 'refused address'
  | 'invalid address'
  | 'unreachable'
  | 'timeout'
  | 'broken off'
  | 'answer too large';

export class OutgoingFault extends Error {
  readonly kind: OutgoingFaultKind;

  constructor(kind: OutgoingFaultKind, options?: ErrorOptions) {
    super(`No answer: ${kind}`, options);
    this.name = 'OutgoingFault';
    this.kind = kind;
  }
}

const defaultTimeout = 15_000;
const defaultMaximumBytes = 1024 * 1024;
const connectTimeout = 5_000;
const connectionsPerHost = 64;

export class OutgoingHttp {
  readonly #agent: Agent;
  readonly #networks: OutgoingNetworks;

  constructor(networks: OutgoingNetworks) {
    this.#networks = networks;
    this.#agent = new Agent({
      connections: connectionsPerHost,
      connect: { lookup: networks.lookup, timeout: connectTimeout },
      // Undici takes HTTP/2 where it is offered: half as fast here, and under load streams broke off (ENHANCE_YOUR_CALM).
      // Services that are made for HTTP/2 are spoken to by OutgoingHttp2.
      allowH2: false,
    });
  }

  /** Any status is an answer, redirects too: they are not followed. @throws OutgoingFault */
  async request({ method, url, headers, body, signal, ...limits }: OutgoingRequest): Promise<OutgoingResponse> {
    const address = readAddress(url);
    if (signal?.aborted) throw new OutgoingFault('unreachable', { cause: signal.reason });
    // One controller and one timer: `AbortSignal.any` and `AbortSignal.timeout` cost as much as half of the request.
    const ending = new AbortController();
    const end = () => ending.abort();
    let expired = false;
    const expire = () => {
      expired = true;
      end();
    };
    const timer = setTimeout(expire, limits.timeoutMilliseconds ?? defaultTimeout);
    signal?.addEventListener('abort', end, { once: true });
    try {
      this.#networks.checkHost(address.hostname);
      const answer = await this.#agent.request({
        origin: address.origin,
        path: `${address.pathname}${address.search}`,
        method,
        headers: { ...headers },
        body: body ?? null,
        signal: ending.signal,
      });
      const text = await readText(answer.body, limits.maximumBytes ?? defaultMaximumBytes);
      return { status: answer.statusCode, headers: firstOfEach(answer.headers), text };
    } catch (error) {
      if (error instanceof OutgoingFault) throw error;
      throw new OutgoingFault(expired ? 'timeout' : outgoingFaultKind(error), { cause: error });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    }
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}

function readAddress(url: URL | string): URL {
  const address = url instanceof URL ? url : URL.parse(url);
  if (address === null || !['http:', 'https:'].includes(address.protocol)) throw new OutgoingFault('invalid address');
  return address;
}

/** By events: iterating over a stream costs several times as much for answers of one chunk. */
function readText(body: Readable, maximumBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maximumBytes) body.destroy(new OutgoingFault('answer too large'));
      else chunks.push(chunk);
    });
    body.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    body.on('error', reject);
    body.on('close', () => reject(new OutgoingFault('broken off'))); // Too late when it ended.
  });
}

function firstOfEach(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const first: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const text = Array.isArray(value) ? value[0] : value;
    if (text !== undefined) first[name.toLowerCase()] = text;
  }
  return first;
}

const nothingWasSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** What a fault of a connection means, of Node's own clients as well. */
export function outgoingFaultKind(error: unknown): OutgoingFaultKind {
  if (error instanceof AddressRefused) return 'refused address';
  if (error instanceof errors.ConnectTimeoutError) return 'unreachable';
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && nothingWasSent.has(code) ? 'unreachable' : 'broken off';
}

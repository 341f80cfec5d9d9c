/**
 * What anybody may call, unsigned: links in messages, pages for those who received one, callbacks of providers. A route
 * proves by itself what it was given (a sealed link, a provider's signature).
 */
import type { Readable } from 'node:stream';

export interface PublicRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** What follows the route's prefix, percent-encoded as it came, without the query. */
  readonly rest: string;
  readonly query: URLSearchParams;
  /** Path and query as they came: signatures cover them. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** After trusted proxies. */
  readonly sourceAddress: string;
}

export interface PublicAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | Readable;
}

export interface PublicRoute {
  /** `/links/`, with both slashes. */
  readonly prefix: string;
  readonly methods: readonly PublicRequest['method'][];
  /** @throws ServiceError, answered with its status and nothing else */
  answer(request: PublicRequest): Promise<PublicAnswer>;
}

/** Our own API as a client without an SDK uses it: signed with AWS's own signer, sent with fetch. */
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials } from './test-server.ts';

/** Where it listens, and who calls unless a request says otherwise. */
export interface ApiServer {
  readonly origin: string;
  readonly administrator: Credentials;
}

export interface ApiAnswer {
  readonly status: number;
  /** `x-amzn-errortype`, on refusals. */
  readonly errorType: string | null;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the test asserts
  readonly body: any;
}

export interface ApiRequest {
  readonly body?: unknown;
  /** null sends the request unsigned. */
  readonly credentials?: Credentials | null;
  readonly region?: string;
  readonly service?: 'repoint' | 'mobiletargeting';
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a server whose clock a test moves by hand. */
  readonly now?: Date;
}

/**
 * @param call `GET /repoint/v1/users?page-size=2`
 */
export async function callApi(server: ApiServer, call: string, request: ApiRequest = {}): Promise<ApiAnswer> {
  const [method, target] = call.split(' ') as [string, string];
  const url = new URL(target, server.origin);
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const headers = request.credentials === null ? {} : await signHeaders(server, { method, url, body, request });
  const answer = await fetch(url, { method, headers: { ...headers, ...request.headers }, body: body ?? null });
  const text = await answer.text();
  return {
    status: answer.status,
    errorType: answer.headers.get('x-amzn-errortype'),
    headers: answer.headers,
    // A table as CSV is what it is.
    body: text === '' || answer.headers.get('content-type')?.startsWith('text/') ? text || undefined : JSON.parse(text),
  };
}

export interface ApiEvent {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the test asserts
  readonly data: any;
}

/** Server-sent events of an operation, until the server ends them or the caller stops reading. */
export async function* watchApi(server: ApiServer, call: string, request: ApiRequest = {}): AsyncGenerator<ApiEvent> {
  const [method, target] = call.split(' ') as [string, string];
  const url = new URL(target, server.origin);
  const headers = await signHeaders(server, { method, url, body: undefined, request });
  const answer = await fetch(url, { method, headers: { ...headers, accept: 'text/event-stream' } });
  if (answer.headers.get('content-type') !== 'text/event-stream') throw new Error(await answer.text());
  let text = '';
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const frames = `${text}${chunk}`.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      const event = /^event: (.*)$/m.exec(frame)?.[1] ?? 'message';
      if (data !== undefined) yield { event, data: JSON.parse(data) };
    }
  }
}

/** As a browser follows a link: nothing but a URL. */
export async function presignApi(
  server: ApiServer,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { protocol, hostname, port, host } = new URL(server.origin);
  const signer = new SignatureV4({
    ...{ service: 'repoint', region: 'us-east-1', credentials: server.administrator, sha256: Sha256 },
  });
  const request = { method: 'GET', protocol, hostname, port: Number(port), path, query, headers: { host } };
  const signed = await signer.presign(new HttpRequest(request), { expiresIn: 60 });
  const search = new URLSearchParams(signed.query as Record<string, string>);
  return `${server.origin}${path}?${search}`.replaceAll('+', '%20');
}

async function signHeaders(
  server: ApiServer,
  { method, url, body, request }: { method: string; url: URL; body: string | undefined; request: ApiRequest },
): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service: request.service ?? 'repoint',
    region: request.region ?? 'us-east-1',
    credentials: request.credentials ?? server.administrator,
    sha256: Sha256,
  });
  const query: Record<string, string[]> = {};
  for (const [name, value] of url.searchParams) query[name] = [...(query[name] ?? []), value];
  const { headers } = await signer.sign(
    new HttpRequest({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      query,
      headers: { host: url.host, ...(body !== undefined && { 'content-type': 'application/json' }) },
      body,
    }),
    request.now && { signingDate: request.now },
  );
  const { host: _host, ...rest } = headers;
  return rest;
}

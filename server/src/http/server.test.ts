/**
 * The listening server against raw sockets: what well-behaved clients never send, and what they do. Every refusal has
 * AWS's form, wherever in the stack it is made.
 */
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BodyReader, maximumBodyBytes } from './body.ts';
import type { Answer, IncomingRequest } from './chain.ts';
import { createHttpServer, type ServerOptions } from './server.ts';

interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One connection, and what has come back over it. It never closes its own side. */
class Wire {
  readonly #socket: Socket;
  #received = '';
  closed = false;

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.#socket.on('data', (chunk) => {
      this.#received += chunk.toString('latin1');
    });
    this.#socket.on('error', () => undefined);
    for (const event of ['end', 'close']) {
      this.#socket.on(event, () => {
        this.closed = true;
      });
    }
  }

  get received(): string {
    return this.#received;
  }

  write(data: string | Buffer): this {
    this.#socket.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data);
    return this;
  }

  /** Sends all of it before anything is read, as simple clients do. */
  async writeWhole(data: Buffer): Promise<void> {
    this.#socket.pause();
    await new Promise((written) => this.#socket.write(data, written));
    this.#socket.resume();
  }

  pause(): void {
    this.#socket.pause();
  }

  drop(): void {
    this.#socket.destroy();
  }

  /** The next response; `head` for one to a HEAD request, which has a length and no body. */
  async next({ head = false } = {}): Promise<Response> {
    await until(() => take(this.#received, head) !== undefined);
    const [response, rest] = take(this.#received, head) as [Response, string];
    this.#received = rest;
    return response;
  }

  untilClosed(): Promise<void> {
    return until(() => this.closed);
  }
}

function take(text: string, head: boolean): [Response, string] | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((each) => [each.slice(0, each.indexOf(':')).toLowerCase(), each.slice(each.indexOf(':') + 1).trim()]),
  );
  const length = head ? 0 : Number(headers['content-length'] ?? 0);
  const body = text.slice(end + 4, end + 4 + length);
  if (body.length < length) return undefined;
  return [{ status: Number(line.split(' ')[1]), headers, body }, text.slice(end + 4 + length)];
}

async function until(holds: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 400 && !holds(); attempt += 1) await pause(5);
  expect(holds()).toBe(true);
}

let server: FastifyInstance;
let port: number;
let bodyReader: BodyReader;
const wires: Wire[] = [];
const seen: IncomingRequest[] = [];

beforeEach(() => {
  seen.length = 0;
});

afterEach(async () => {
  for (const wire of wires.splice(0)) wire.drop();
  await server.close();
});

/** Tells what it was asked; `/v1/slow` takes a while. */
async function tell(request: IncomingRequest): Promise<Answer> {
  seen.push(request);
  if (request.rawPath === '/v1/slow') await pause(100);
  const { method, rawPath, rawQuery, body } = request;
  return { status: 200, body: JSON.stringify({ method, rawPath, rawQuery, body: body.toString() }) };
}

async function listen(options: Partial<ServerOptions> = {}): Promise<void> {
  bodyReader = new BodyReader();
  server = createHttpServer({ trustedProxies: [], bodyReader, answer: tell, ...options });
  await server.listen({ port: 0, host: '127.0.0.1' });
  port = (server.server.address() as AddressInfo).port;
}

function open(): Wire {
  const wire = new Wire(port);
  wires.push(wire);
  return wire;
}

const request = (line: string, headers: Record<string, string | number> = {}, body = '') =>
  `${line} HTTP/1.1\r\nhost: repoint\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n${body}`;

function expectRefusal(response: Response, status: number, code: string): void {
  expect(response).toMatchObject({
    status,
    headers: {
      'x-amzn-errortype': code,
      'x-amzn-requestid': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      'access-control-allow-origin': '*',
      'access-control-expose-headers': expect.stringContaining('x-amzn-ErrorType'),
      'content-type': expect.stringMatching(/^application\/json/),
    },
  });
  const body = JSON.parse(response.body);
  expect(Object.keys(body)).toEqual(['Message', 'RequestID']);
  expect(body.Message).not.toBe('');
  expect(body.RequestID).toBe(response.headers['x-amzn-requestid']);
}

/** The server holds no connection, although no client has closed one. */
async function untilAlone(): Promise<void> {
  let connections = -1;
  await until(() => {
    server.server.getConnections((_error, count) => {
      connections = count;
    });
    return connections === 0;
  });
}

async function expectAlive(): Promise<void> {
  expect((await open().write(request('GET /v1/apps')).next()).status).toBe(200);
}

describe('malformed HTTP', () => {
  beforeEach(() => listen());

  it.each([
    ['noise', 'noise\r\n\r\n'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['an unknown version', 'GET /v1/apps HTTP/9.9\r\nhost: x\r\n\r\n'],
    ['an unknown verb', 'FROB /v1/apps HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['a header without a colon', 'GET /v1/apps HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n'],
    ['a space before the colon', 'GET /v1/apps HTTP/1.1\r\nhost : x\r\n\r\n'],
    ['NUL in a header', 'GET /v1/apps HTTP/1.1\r\nhost: x\0y\r\n\r\n'],
    ['NUL in the path', 'GET /v1/\0 HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['bytes above ASCII in the path', 'GET /v1/\xc3\xbc HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['two lengths', 'POST /v1/apps HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}'],
    ['a length that is none', 'POST /v1/apps HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n{}'],
    [
      'a length and chunks',
      'POST /v1/apps HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['another encoding than chunked', 'POST /v1/apps HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip\r\n\r\n{}'],
    ['chunks that are none', request('POST /v1/apps', { 'transfer-encoding': 'chunked' }, 'zz\r\n{}\r\n')],
    [
      'a chunk longer than it says',
      request('POST /v1/apps', { 'transfer-encoding': 'chunked' }, '1\r\n{}\r\n0\r\n\r\n'),
    ],
    [
      'a chunk of impossible size',
      request('POST /v1/apps', { 'transfer-encoding': 'chunked' }, 'fffffffffffffffff\r\n'),
    ],
  ])('%s: 400, and the connection is closed', async (_name, bytes) => {
    const wire = open().write(bytes);
    const response = await wire.next();
    expectRefusal(response, 400, 'BadRequestException');
    expect(response.headers['connection']).toBe('close');
    wire.drop();
    await expectAlive();
    expect(bodyReader.bytesInFlight).toBe(0);
  });

  it.each([
    ['one large header', `GET /v1/apps HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`],
    ['a flood of headers', `GET /v1/apps HTTP/1.1\r\nhost: x\r\n${'a: b\r\n'.repeat(100_000)}`],
    ['a path without end', `GET /v1/${'a'.repeat(1_000_000)}`],
  ])('%s: 431', async (_name, bytes) => {
    expectRefusal(await open().write(bytes).next(), 431, 'RequestHeaderFieldsTooLargeException');
    await expectAlive();
  });

  it('a refused sender cannot keep the connection', async () => {
    await server.close();
    await listen({ timeouts: { linger: 50 } });
    const wire = open().write('noise\r\n\r\n');
    await wire.next();
    await untilAlone();
  });

  it('a tunnel is not opened', async () => {
    const wire = open().write('CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n');
    await wire.untilClosed();
    expect(wire.received).toBe('');
  });
});

describe('refusals before the chain', () => {
  beforeEach(() => listen());

  it.each(['/v1/%ff', '/v1/%', '/v1/apps/%zz/segments', '/repoint/v1/%c3'])(
    'broken percent-encoding in %s: 400, and the server lives on',
    async (path) => {
      expectRefusal(
        await open()
          .write(request(`GET ${path}`))
          .next(),
        400,
        'BadRequestException',
      );
      expectRefusal(
        await open()
          .write(request(`POST ${path}`, { 'content-length': 2 }, '{}'))
          .next(),
        400,
        'BadRequestException',
      );
      await expectAlive();
    },
  );

  it.each(['/', '/other', '/v1', '/v1x', '/repoint', '//', '/__proto__'])('unknown path %s: 404', async (path) => {
    expectRefusal(
      await open()
        .write(request(`GET ${path}`))
        .next(),
      404,
      'NotFoundException',
    );
    expectRefusal(
      await open()
        .write(request(`PURGE ${path}`))
        .next(),
      404,
      'NotFoundException',
    );
  });

  it('no Host: 400, but for HTTP/1.0, which knows none', async () => {
    expectRefusal(await open().write('GET /v1/apps HTTP/1.1\r\n\r\n').next(), 400, 'BadRequestException');
    expect((await open().write('GET /v1/apps HTTP/1.0\r\n\r\n').next()).status).toBe(200);
  });

  it('a body that nobody reads closes the connection behind the answer', async () => {
    const wire = open().write(request('POST /other', { 'content-length': 1_000_000 }, 'x'.repeat(1000)));
    const response = await wire.next();
    expectRefusal(response, 404, 'NotFoundException');
    expect(response.headers['connection']).toBe('close');
  });

  it('a fault of the server: 500 with nothing internal in it, and a line in the log', async () => {
    await server.close();
    const lines: string[] = [];
    const logger = pino({ level: 'error' }, { write: (line: string) => lines.push(line) });
    const answer = () => Promise.reject(new Error('secret at /etc/passwd'));
    await listen({ logger, answer });
    const response = await open().write(request('GET /v1/apps')).next();
    expectRefusal(response, 500, 'InternalServerErrorException');
    expect(JSON.stringify(response)).not.toMatch(/secret|passwd/);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(response.headers['x-amzn-requestid']);
  });
});

describe('large bodies', () => {
  const timeouts = { linger: 100 };
  const halfMegabyte = Buffer.alloc(512 * 1024, 'x');
  beforeEach(() => listen({ timeouts }));

  it('that announce 10 MB are refused at once', async () => {
    const response = await open()
      .write(request('PUT /v1/apps', { 'content-length': 10_000_000 }))
      .next();
    expectRefusal(response, 413, 'PayloadTooLargeException');
    expect(response.headers['connection']).toBe('close');
    expect(seen).toHaveLength(0);
  });

  it('that grow to 10 MB are refused when they pass 7', async () => {
    const wire = open().write(request('PUT /v1/apps', { 'transfer-encoding': 'chunked' }));
    for (let sent = 0; sent <= maximumBodyBytes; sent += halfMegabyte.length) {
      wire
        .write(`${halfMegabyte.length.toString(16)}\r\n`)
        .write(halfMegabyte)
        .write('\r\n');
    }
    expectRefusal(await wire.next(), 413, 'PayloadTooLargeException');
    expect(seen).toHaveLength(0);
    expect(bodyReader.bytesInFlight).toBe(0);
  });

  it.each<Record<string, string | number>>([{ 'content-length': 10_000_000_000 }, { 'transfer-encoding': 'chunked' }])(
    'that are sent on and on (%j) are answered all the same, and then cut off',
    async (headers) => {
      const wire = open().write(request('PUT /v1/apps', headers));
      const chunk =
        'transfer-encoding' in headers ? `${halfMegabyte.length.toString(16)}\r\n${halfMegabyte}\r\n` : halfMegabyte;
      let response: Response | undefined;
      void wire.next().then((first) => {
        response = first;
      });
      await until(() => {
        wire.write(chunk);
        return wire.closed;
      });
      expectRefusal(response as Response, 413, 'PayloadTooLargeException');
    },
  );

  it('are answered also when the sender reads nothing before it has sent everything', async () => {
    await server.close();
    await listen({ timeouts: { linger: 10_000 } });
    const wire = open().write(request('PUT /v1/apps', { 'content-length': 20_000_000 }));
    await wire.writeWhole(Buffer.alloc(20_000_000));
    expectRefusal(await wire.next(), 413, 'PayloadTooLargeException');
    await untilAlone();
  });

  it('of 7 MB are read', async () => {
    const wire = open()
      .write(request('PUT /v1/apps', { 'content-length': maximumBodyBytes }))
      .write(Buffer.alloc(maximumBodyBytes, 'x'));
    expect((await wire.next()).status).toBe(200);
    expect(seen[0]?.body).toHaveLength(maximumBodyBytes);
  });
});

describe('slow senders', () => {
  const timeouts = { headers: 60, request: 120, keepAlive: 60, linger: 50, check: 10 };
  beforeEach(() => listen({ timeouts }));

  it.each([
    ['nothing at all', ''],
    ['half a request line', 'GET /v1/ap'],
    ['half of the headers', 'GET /v1/apps HTTP/1.1\r\nhost: x\r\nx-amz-'],
    ['half of the body', request('POST /v1/apps', { 'content-length': 100 }, '{')],
    ['half of a chunk', request('POST /v1/apps', { 'transfer-encoding': 'chunked' }, 'ff\r\n{')],
  ])('that send %s are cut off with 408', async (_name, bytes) => {
    const wire = open().write(bytes);
    expectRefusal(await wire.next(), 408, 'RequestTimeoutException');
    await untilAlone();
    await until(() => bodyReader.bytesInFlight === 0);
    expect(seen).toHaveLength(0);
  });

  it('gain nothing by sending a byte now and then', async () => {
    const wire = open().write('GET /v1/apps HTTP/1.1\r\nhost: x\r\nx: ');
    const begun = performance.now();
    await until(() => {
      wire.write('a');
      return wire.closed;
    });
    expect(performance.now() - begun).toBeLessThan(1000);
    expectRefusal(await wire.next(), 408, 'RequestTimeoutException');
  });

  it('do not include those who wait for a slow answer', async () => {
    expect((await open().write(request('GET /v1/slow')).next()).status).toBe(200);
  });
});

describe('slow readers', () => {
  it('that stop reading are cut off, and what they were sent is let go', async () => {
    const answer = async (): Promise<Answer> => ({ status: 200, body: JSON.stringify('x'.repeat(50_000_000)) });
    await listen({ answer, timeouts: { stall: 100 } });
    const wire = open();
    wire.pause();
    wire.write(request('GET /v1/apps'));
    await pause(50);
    await untilAlone();
  });
});

describe('pipelined requests', () => {
  beforeEach(() => listen());

  it('are answered in order, whichever is done first', async () => {
    const wire = open().write(
      request('GET /v1/slow') + request('POST /v1/fast', { 'content-length': 2 }, '{}') + request('DELETE /v1/last'),
    );
    const answers = [await wire.next(), await wire.next(), await wire.next()];
    expect(answers.map(({ body }) => JSON.parse(body).rawPath)).toEqual(['/v1/slow', '/v1/fast', '/v1/last']);
  });

  it('garbage behind a request under way is not answered in its place', async () => {
    const wire = open().write(`${request('GET /v1/slow')}noise\r\n\r\n`);
    await wire.untilClosed();
    expect(wire.received).not.toContain('400');
  });

  it('garbage behind an answered request is refused', async () => {
    const wire = open().write(request('GET /v1/apps'));
    expect((await wire.next()).status).toBe(200);
    expectRefusal(await wire.write('noise\r\n\r\n').next(), 400, 'BadRequestException');
  });

  it('are answered while the server closes, and the connection is closed behind them', async () => {
    const wire = open().write(request('GET /v1/slow'));
    await until(() => seen.length === 1);
    const closed = server.close();
    wire.write(request('GET /v1/apps'));
    expect((await wire.next()).status).toBe(200);
    expect(await wire.next()).toMatchObject({ status: 200, headers: { connection: 'close' } });
    await wire.untilClosed();
    await closed;
  });
});

describe('what clients may send', () => {
  beforeEach(() => listen());

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'QUERY', 'SUBSCRIBE'])(
    '%s reaches the chain, which knows what is allowed',
    async (method) => {
      const response = await open()
        .write(request(`${method} /v1/apps/x`))
        .next({ head: method === 'HEAD' });
      expect(response.status).toBe(200);
      expect(seen[0]).toMatchObject({ method, rawPath: '/v1/apps/x' });
    },
  );

  it('HEAD is answered without a body: the next answer follows at once', async () => {
    const wire = open().write(request('HEAD /v1/apps') + request('GET /v1/next') + request('HEAD /unknown'));
    const head = await wire.next({ head: true });
    expect(Number(head.headers['content-length'])).toBeGreaterThan(0);
    expect(JSON.parse((await wire.next()).body).rawPath).toBe('/v1/next');
    expect(await wire.next({ head: true })).toMatchObject({
      status: 404,
      headers: { 'x-amzn-errortype': 'NotFoundException' },
    });
    expect(wire.received).toBe('');
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/x-amz-json-1.1',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'not a content type',
    ';;;',
    '',
    undefined,
  ])('the body is read whatever the content type says: %s', async (type) => {
    const headers = { ...(type !== undefined && { 'content-type': type }), 'content-length': 8 };
    for (const method of ['POST', 'PUT', 'DELETE', 'GET']) {
      const { body } = await open()
        .write(request(`${method} /v1/apps`, headers, '{"a":12}'))
        .next();
      expect(JSON.parse(body), method).toMatchObject({ method, body: '{"a":12}' });
    }
  });

  it('chunks are put together', async () => {
    const chunks = request(
      'POST /v1/apps',
      { 'transfer-encoding': 'chunked' },
      '4\r\n{"a"\r\n3;x=y\r\n:1}\r\n0\r\ntrailer: x\r\n\r\n',
    );
    expect(JSON.parse((await open().write(chunks).next()).body).body).toBe('{"a":1}');
  });

  it('paths, queries and headers stay as they came', async () => {
    await open()
      .write(request('GET /v1/apps/a%2fb/./x//y/..?b=2&a=%20+&a', { 'X-Amz-Meta': 'a  b' }))
      .next();
    expect(seen[0]).toMatchObject({ rawPath: '/v1/apps/a%2fb/./x//y/..', rawQuery: 'b=2&a=%20+&a' });
    expect(seen[0]?.rawHeaders).toEqual(['host', 'repoint', 'X-Amz-Meta', 'a  b']);
  });

  it('ids of any length pass', async () => {
    await open()
      .write(request(`GET /v1/apps/abc/endpoints/${'%2F'.repeat(2000)}`))
      .next();
    expect(seen[0]?.rawPath).toHaveLength('/v1/apps/abc/endpoints/'.length + 6000);
  });

  it.each([
    ['http://repoint.example:7100/v1/apps?page-size=1', '/v1/apps', 'page-size=1'],
    ['https://repoint.example/v1/apps', '/v1/apps', ''],
    ['/v1/apps?x=http://other/v1/y', '/v1/apps', 'x=http://other/v1/y'],
  ])('a target with its origin is the path: %s', async (target, rawPath, rawQuery) => {
    expect(
      (
        await open()
          .write(request(`GET ${target}`))
          .next()
      ).status,
    ).toBe(200);
    expect(seen[0]).toMatchObject({ rawPath, rawQuery });
  });

  it('expectations: 100-continue is met, others are passed over', async () => {
    const wire = open().write(request('POST /v1/apps', { expect: '100-continue', 'content-length': 2 }));
    expect((await wire.next()).status).toBe(100);
    expect((await wire.write('{}').next()).status).toBe(200);
    expect(
      (
        await open()
          .write(request('POST /v1/apps', { expect: 'wonders', 'content-length': 2 }, '{}'))
          .next()
      ).status,
    ).toBe(200);
  });

  it('an upgrade is not taken up', async () => {
    const headers = { upgrade: 'websocket', connection: 'upgrade' };
    expect((await open().write(request('GET /v1/apps', headers)).next()).status).toBe(200);
  });

  it('answers and refusals of the chain have their headers', async () => {
    const ok = await open().write(request('GET /v1/apps')).next();
    expect(ok.headers['x-amzn-errortype']).toBeUndefined();
    expect(ok.headers['x-amzn-requestid']).toBe(seen[0]?.requestId);
    expect(ok.headers['access-control-allow-origin']).toBe('*');
    await server.close();
    await listen({
      answer: async ({ requestId }) => ({
        status: 403,
        errorCode: 'SignatureDoesNotMatch',
        body: JSON.stringify({ Message: 'm', RequestID: requestId }),
      }),
    });
    expectRefusal(await open().write(request('GET /v1/apps')).next(), 403, 'SignatureDoesNotMatch');
  });

  it('an answer without a body has none', async () => {
    await server.close();
    await listen({ answer: async () => ({ status: 204, body: undefined }) });
    const wire = open().write(request('DELETE /v1/tags/x') + request('DELETE /v1/tags/y'));
    expect(await wire.next()).toMatchObject({ status: 204, body: '' });
    expect(await wire.next()).toMatchObject({ status: 204, body: '' });
    expect(wire.received).toBe('');
  });
});

describe('preflights', () => {
  beforeEach(() => listen());

  it.each(['/v1/apps', '/repoint/v1/sign-in', '/anything/else', '*'])(
    'of %s are answered without a signature',
    async (path) => {
      const headers = { origin: 'https://app.example', 'access-control-request-headers': 'authorization,x-amz-date' };
      const response = await open()
        .write(request(`OPTIONS ${path}`, headers))
        .next();
      expect(response).toMatchObject({
        status: 204,
        body: '',
        headers: {
          'access-control-allow-origin': '*',
          'access-control-allow-headers': 'authorization, x-amz-date',
          'access-control-allow-methods': expect.stringContaining('DELETE'),
        },
      });
      expect(seen).toHaveLength(0);
    },
  );
});

describe('connections that break', () => {
  it('a hundred senders that drop in the middle of their bodies leave nothing behind', async () => {
    await listen();
    const senders = Array.from({ length: 100 }, () =>
      open().write(request('PUT /v1/apps', { 'content-length': 200_000 }, 'x'.repeat(100_000))),
    );
    await until(() => bodyReader.bytesInFlight === 100 * 100_000);
    for (const wire of senders) wire.drop();
    await until(() => bodyReader.bytesInFlight === 0);
    expect(seen).toHaveLength(0);
    await expectAlive();
  });

  it('are no fault of the server', async () => {
    const lines: string[] = [];
    await listen({ logger: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }) });
    const wire = open().write(request('PUT /v1/apps', { 'content-length': 10 }, '{'));
    await until(() => bodyReader.bytesInFlight === 1);
    wire.drop();
    await until(() => bodyReader.bytesInFlight === 0);
    await pause(20);
    expect(lines).toEqual([]);
  });
});

describe('who is calling', () => {
  const forwarded = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7', 'x-forwarded-proto': 'https' };

  it('is the peer; what a header says of it is not believed', async () => {
    await listen();
    await open().write(request('GET /v1/apps', forwarded)).next();
    expect(seen[0]).toMatchObject({ sourceAddress: '127.0.0.1', secureTransport: false });
  });

  it('is who a trusted proxy says it is, and no further back than that', async () => {
    await listen({ trustedProxies: ['127.0.0.0/8'] });
    await open().write(request('GET /v1/apps', forwarded)).next();
    expect(seen[0]).toMatchObject({ sourceAddress: '198.51.100.7', secureTransport: true });
  });
});

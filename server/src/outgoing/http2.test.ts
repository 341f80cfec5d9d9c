/** HTTP/2 connections against a real server: limits of both sides, connections that end in every way, deadlines, closed networks. */
import { once } from 'node:events';
import { constants, createSecureServer, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { serverCertificate, type TestCertificate, trustCertificate } from '../../tests/support/certificates.ts';
import { startHttp2Server, type TestHttp2Server } from '../../tests/support/http2-server.ts';
import { type Http2Request, type Http2Settings, OutgoingHttp2 } from './http2.ts';
import { OutgoingNetworks } from './networks.ts';

type Answer = (stream: ServerHttp2Stream, number: number) => void;

const networks = new OutgoingNetworks(['127.0.0.0/8', '::1']);
const post: Http2Request = { method: 'POST', path: '/x', headers: { 'content-type': 'application/json' }, body: '{}' };
const after: (() => Promise<unknown> | unknown)[] = [];
let certificate: TestCertificate;

beforeAll(async () => {
  certificate = await serverCertificate();
  trustCertificate(certificate);
});
afterEach(async () => {
  for (const end of after.splice(0).reverse()) await end();
});

async function start(answer: Answer, settings: { maxConcurrentStreams?: number } = {}): Promise<TestHttp2Server> {
  const server = await startHttp2Server(certificate, answer, { settings });
  after.push(server.close);
  return server;
}

function open(origin: string, settings: Partial<Http2Settings> = {}): OutgoingHttp2 {
  const http2 = new OutgoingHttp2({ origin, networks, ...settings });
  after.push(() => http2.close());
  return http2;
}

const echo: Answer = (stream) => {
  stream.respond({ ':status': 200, 'x-seen': 'yes' });
  stream.pipe(stream);
};

/** Kinds of faults, or statuses, with how often they came. */
async function tally(requests: readonly Promise<{ status: number }>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const settled of await Promise.allSettled(requests)) {
    const name = settled.status === 'fulfilled' ? String(settled.value.status) : String(settled.reason.kind);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const many = (count: number, http2: OutgoingHttp2, request: Http2Request = post) =>
  Array.from({ length: count }, () => http2.request(request));

describe('answers', () => {
  test('status, headers and text', async () => {
    const { origin } = await start(echo);
    const answer = await open(origin).request({ ...post, body: 'ä€' });
    expect(answer).toMatchObject({ status: 200, text: 'ä€', headers: { 'x-seen': 'yes' } });
  });
  test('as many streams as the other side allows, over as many connections as we open', async () => {
    const { origin, most, sessions } = await start((stream) => setTimeout(() => echo(stream, 0), 10), {
      maxConcurrentStreams: 7,
    });
    expect(await tally(many(200, open(origin, { maximumConnections: 3 })))).toEqual({ 200: 200 });
    expect(most()).toBe(7);
    expect(sessions.length).toBe(3);
  });
  test('no more streams than we want, and a new connection after so many requests', async () => {
    const { origin, most, sessions } = await start(echo);
    const http2 = open(origin, { streamsPerConnection: 10, maximumConnections: 1, requestsPerConnection: 50 });
    expect(await tally(many(200, http2))).toEqual({ 200: 200 });
    expect(most()).toBeLessThanOrEqual(10);
    expect(sessions.length).toBeGreaterThanOrEqual(4);
  });
  test('an answer that is too large', async () => {
    const { origin } = await start((stream) => stream.end('x'.repeat(70_000)));
    await expect(open(origin).request(post)).rejects.toMatchObject({ kind: 'answer too large' });
  });
});

describe('connections that end', () => {
  test('what a GOAWAY leaves out goes over another connection; what it covers is answered', async () => {
    let left = false;
    const { origin, sessions, streams } = await start((stream, number) => {
      // Of fifty streams the first twenty are taken, then the server leaves.
      if (left || sessions.length > 1) return echo(stream, number);
      if (number === 19) {
        stream.session?.goaway(constants.NGHTTP2_NO_ERROR, stream.id);
        left = true;
      }
      setTimeout(() => !stream.destroyed && echo(stream, number), 20);
    });
    expect(await tally(many(50, open(origin, { maximumConnections: 1 })))).toEqual({ 200: 50 });
    expect(sessions.length).toBe(2);
    expect(streams()).toBeGreaterThanOrEqual(50);
  });
  test('a GOAWAY with an error: what it covers may have been processed', async () => {
    const { origin, sessions } = await start((stream, number) => {
      if (sessions.length > 1) return echo(stream, number);
      if (number === 9) stream.session?.goaway(constants.NGHTTP2_INTERNAL_ERROR, stream.id);
    });
    const counts = await tally(many(30, open(origin, { maximumConnections: 1 })));
    expect(counts).toEqual({ 'broken off': 10, 200: 20 });
  });
  test('a refused stream is sent again, but not for ever', async () => {
    const { origin, streams } = await start((stream, number) => {
      if (number < 3) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else echo(stream, number);
    });
    expect(await tally(many(5, open(origin)))).toEqual({ 200: 5 });
    const stubborn = await start((stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM));
    expect(await tally(many(1, open(stubborn.origin)))).toEqual({ unreachable: 1 });
    expect(stubborn.streams()).toBe(5);
    expect(streams()).toBeGreaterThanOrEqual(8);
  });
  test('a connection cut: what was sent is broken off, the rest goes over the next', async () => {
    const { origin, sessions } = await start((stream, number) => {
      if (number === 15) stream.session?.destroy();
      else if (number !== 14) echo(stream, number);
    });
    const counts = await tally(many(300, open(origin, { maximumConnections: 1, streamsPerConnection: 20 })));
    expect((counts['broken off'] ?? 0) + (counts['200'] ?? 0)).toBe(300);
    expect(counts['broken off']).toBeLessThanOrEqual(20);
    expect(sessions.length).toBe(2);
  });
  test('pings keep a connection', async () => {
    const { origin, sessions } = await start(echo);
    const http2 = open(origin, { pingMilliseconds: 60 });
    await http2.request(post);
    let pings = 0;
    sessions[0]?.on('ping', () => (pings += 1));
    await expect.poll(() => pings).toBeGreaterThan(1);
    expect(await tally(many(3, http2))).toEqual({ 200: 3 });
    expect(sessions.length).toBe(1);
  });
  test('a ping without answer ends the connection long before the deadline', async () => {
    const emptySettings = Buffer.from('000000040000000000', 'hex');
    const server = createTlsServer({ ...certificate, ALPNProtocols: ['h2'] }, (socket) => {
      socket.on('error', () => undefined);
      socket.write(emptySettings);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    after.push(() => server.close());
    const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
    expect(await tally(many(2, open(origin, { pingMilliseconds: 60 })))).toEqual({ 'broken off': 2 });
  });
});

describe('servers that do not answer', () => {
  test('a deadline, and no more requests over that connection', async () => {
    const { origin, sessions } = await start((stream, number) => number > 0 && echo(stream, number));
    const http2 = open(origin);
    await expect(http2.request({ ...post, timeoutMilliseconds: 50 })).rejects.toMatchObject({ kind: 'timeout' });
    expect((await http2.request(post)).status).toBe(200);
    expect(sessions.length).toBe(2);
  });
  test('a deadline also where the other side goes away and then speaks something else, and an end of that connection', async () => {
    const [settings, goAway] = ['000000040000000000', '0000080700000000007fffffff00000000'];
    let ended = 0;
    const server = createServer((socket) => {
      socket.resume().on('error', () => undefined);
      socket.on('close', () => (ended += 1));
      socket.write(Buffer.from(settings, 'hex'));
      setTimeout(() => socket.write(Buffer.from(goAway, 'hex')), 30);
      setTimeout(() => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), 60);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    after.push(() => server.close());
    const http2 = open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { pingMilliseconds: 300 });
    expect(await tally(many(3, http2, { ...post, timeoutMilliseconds: 150 }))).toEqual({ timeout: 3 });
    await expect.poll(() => ended).toBe(1);
  });
  test('what waits for a stream when its deadline comes was not sent', async () => {
    const { origin } = await start(() => undefined, { maxConcurrentStreams: 1 });
    const http2 = open(origin, { maximumConnections: 1 });
    const counts = await tally(many(4, http2, { ...post, timeoutMilliseconds: 100 }));
    expect(counts).toEqual({ timeout: 1, unreachable: 3 });
  });
  test('given up: only what has not been sent', async () => {
    const stop = new AbortController();
    let http2: OutgoingHttp2 | undefined;
    const { origin } = await start(
      (stream, number) => {
        if (number === 1) {
          stop.abort();
          http2?.giveUpWaiting(stop.signal);
        }
        setTimeout(() => echo(stream, number), 50);
      },
      { maxConcurrentStreams: 2 },
    );
    http2 = open(origin, { maximumConnections: 1 });
    const requests = many(10, http2, { ...post, stop: stop.signal });
    const other = http2.request(post);
    expect(await tally(requests)).toEqual({ 200: 2, unreachable: 8 });
    expect((await other).status).toBe(200);
    expect(await tally(many(1, http2, { ...post, stop: stop.signal }))).toEqual({ unreachable: 1 });
  });
});

describe('hosts that cannot be reached', () => {
  async function listen(answer: (socket: Socket) => void): Promise<{ origin: string; connections: () => number }> {
    let connections = 0;
    const server: Server = createServer((socket) => {
      connections += 1;
      socket.on('error', () => undefined);
      answer(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    after.push(() => server.close());
    return { origin: `https://localhost:${(server.address() as AddressInfo).port}`, connections: () => connections };
  }

  test.each<[string, (socket: Socket) => void]>([
    ['closes at once', (socket) => socket.destroy()],
    ['speaks no TLS', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('%s: nothing was sent, and it is left alone for a while', async (_name, answer) => {
    const { origin, connections } = await listen(answer);
    const http2 = open(origin);
    expect(await tally(many(20, http2))).toEqual({ unreachable: 20 });
    expect(await tally(many(20, http2))).toEqual({ unreachable: 20 });
    expect(connections()).toBe(1);
    await new Promise((resume) => setTimeout(resume, 110));
    expect(await tally(many(1, http2))).toEqual({ unreachable: 1 });
    expect(connections()).toBe(2);
  });
  test('HTTP/2 without TLS that is no HTTP/2', async () => {
    const { origin } = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await tally(many(3, open(origin.replace('https', 'http'))))).toEqual({ unreachable: 3 });
  });
  test('nobody there; and back again once somebody is', async () => {
    const { origin, port, close } = await start(echo);
    await close();
    after.pop();
    const http2 = open(origin);
    const fault = await http2.request(post).catch((error: unknown) => error);
    expect(fault).toMatchObject({ kind: 'unreachable', cause: { code: 'ECONNREFUSED' } });
    const again = createSecureServer({ ...certificate }).on('stream', (stream) => echo(stream, 0));
    again.listen(port, '127.0.0.1');
    after.push(() => again.close());
    await expect.poll(async () => tally(many(1, http2)), { timeout: 3_000 }).toEqual({ 200: 1 });
  });
  test('a certificate that is not trusted', async () => {
    const untrusted = createSecureServer(await serverCertificate());
    untrusted.listen(0, '127.0.0.1');
    await once(untrusted, 'listening');
    after.push(() => untrusted.close());
    const http2 = open(`https://localhost:${(untrusted.address() as AddressInfo).port}`);
    const fault = await http2.request(post).catch((error: unknown) => error);
    expect(fault).toMatchObject({ kind: 'unreachable', cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
  });
  test.each(['localhost', '127.0.0.1'])('closed networks: %s', async (host) => {
    const { origin, sessions } = await start(echo);
    const http2 = open(origin.replace('localhost', host), { networks: new OutgoingNetworks([]) });
    expect(await tally(many(3, http2))).toEqual({ 'refused address': 3 });
    expect(sessions.length).toBe(0);
  });
});

test('closing waits for what is under way, and takes nothing new', async () => {
  const { origin } = await start((stream, number) => setTimeout(() => echo(stream, number), 100));
  const http2 = open(origin);
  const under = http2.request(post);
  await new Promise((resume) => setTimeout(resume, 50));
  const closed = http2.close();
  expect(await tally(many(1, http2))).toEqual({ unreachable: 1 });
  expect((await under).status).toBe(200);
  await closed;
});

/** Server-sent events of a listening server, read as bytes: their frames, and how they end. */
import { get, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { EventStream, type ServerSentEvent } from '../operations/event-stream.ts';
import { BodyReader } from './body.ts';
import { createHttpServer } from './server.ts';

let server: FastifyInstance;
afterEach(() => server.close());

async function listen(open: EventStream['open'], times = { heartbeat: 60_000, longest: 60_000 }): Promise<number> {
  server = createHttpServer({
    ...{ trustedProxies: [], bodyReader: new BodyReader(), eventStreamTimes: times },
    answer: async () => ({ status: 200, body: undefined, stream: new EventStream(open) }),
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  return (server.server.address() as AddressInfo).port;
}

interface Reader {
  readonly answer: IncomingMessage;
  readonly text: () => string;
  readonly ended: Promise<void>;
}

async function read(port: number): Promise<Reader> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: '/repoint/v1/x', agent: false }, resolve).on('error', reject);
  });
  let text = '';
  answer.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = new Promise<void>((resolve) => answer.on('close', resolve));
  return { answer, text: () => text, ended };
}

async function* never(signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
  yield { data: 1 };
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

it('are framed, with their begin at once, and end with the last', async () => {
  let release = () => {};
  const port = await listen(async function* () {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    yield { event: 'progress', data: { Text: 'one\ntwo', none: null } };
    yield { data: [1] };
  });
  const { answer, text, ended } = await read(port);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).toMatchObject({
    ...{ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    'access-control-allow-origin': '*',
  });
  await expect.poll(text).toBe('retry: 1000\n\n');
  release();
  await ended;
  expect(answer.complete).toBe(true);
  expect(text()).toBe('retry: 1000\n\nevent: progress\ndata: {"Text":"one\\ntwo"}\n\ndata: [1]\n\n');
});

it('are kept alive while nothing happens, and end after the longest time', async () => {
  const port = await listen(never, { heartbeat: 40, longest: 150 });
  const { answer, text, ended } = await read(port);
  await ended;
  expect(answer.complete).toBe(true);
  expect(text()).toMatch(/^retry: 1000\n\ndata: 1\n\n(:\n\n){2,4}$/);
});

it('end for the source as soon as the reader has gone', async () => {
  let gone = false;
  const port = await listen(async function* (signal) {
    try {
      yield* never(signal);
    } finally {
      gone = true;
    }
  });
  const { answer, text } = await read(port);
  await expect.poll(text).toContain('data: 1');
  answer.destroy();
  await expect.poll(() => gone, { timeout: 500 }).toBe(true);
});

it('end when the server stops', async () => {
  const port = await listen(never);
  const { answer, text, ended } = await read(port);
  await expect.poll(text).toContain('data: 1');
  const begun = performance.now();
  await server.close();
  await ended;
  expect(performance.now() - begun).toBeLessThan(1_000);
  expect(answer.complete).toBe(true);
});

it('wait for a reader that reads slowly', async () => {
  let made = 0;
  const port = await listen(async function* (signal) {
    for (; !signal.aborted && made < 10_000; made += 1) yield { data: 'x'.repeat(100_000) };
  });
  const { answer } = await read(port);
  answer.pause();
  await pause(200);
  const before = made;
  await pause(200);
  expect(made).toBe(before);
  expect(before).toBeLessThan(1_000);
  answer.destroy();
});

it('end where the source fails, after what it told', async () => {
  const port = await listen(async function* () {
    yield { data: 1 };
    throw new Error('the database is away');
  });
  const { text, ended } = await read(port);
  await ended;
  expect(text()).toBe('retry: 1000\n\ndata: 1\n\n');
});

/** Streams of one process. */
const most = 1_000;

it('leave room for others when their readers went before they began', async () => {
  let answered = 0;
  server = createHttpServer({
    ...{ trustedProxies: [], bodyReader: new BodyReader() },
    answer: async () => {
      if (answered < most) await pause(100);
      answered += 1;
      return { status: 200, body: undefined, stream: new EventStream(never) };
    },
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  for (let begun = 0; begun < most; begun += 100) {
    const sockets = Array.from({ length: 100 }, () => connect(port, '127.0.0.1'));
    for (const socket of sockets) socket.write('GET /repoint/v1/x HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await pause(50);
    for (const socket of sockets) socket.destroy();
    await expect.poll(() => answered).toBe(begun + 100);
  }
  const { answer } = await read(port);
  expect(answer.statusCode).toBe(200);
  answer.destroy();
});

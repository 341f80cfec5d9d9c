/** Bodies within their limits, over real connections: what is read, what is refused, and what is counted meanwhile. */
import { createServer, type IncomingMessage, request as openRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ServiceError } from '../kernel/errors.ts';
import { alwaysReadBytes, BodyReader, maximumBodyBytes } from './body.ts';

let server: Server;
afterEach(() => server.closeAllConnections());
afterEach(() => new Promise((closed) => server.close(closed)));

/** A server that answers the length of each body, after `use`. */
async function serve(reader: BodyReader, use: (body: Buffer) => Promise<unknown> = async () => {}): Promise<number> {
  server = createServer(async (request, response) => {
    try {
      const length = await reader.withBody(request, async (body) => {
        await use(body);
        return body.length;
      });
      response.end(String(length));
    } catch (error) {
      response.writeHead(error instanceof ServiceError ? error.status : 500, { connection: 'close' }).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return (server.address() as AddressInfo).port;
}

interface Sent {
  readonly answered: Promise<{ status: number; text: string }>;
  write(bytes: Buffer): void;
  end(): void;
  drop(): void;
}

function send(port: number, headers: Record<string, string | number> = {}, method = 'POST'): Sent {
  const { promise: answered, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const request = openRequest({ port, host: '127.0.0.1', method, headers }, async (response: IncomingMessage) => {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
  });
  request.on('error', reject);
  answered.catch(() => undefined);
  return { answered, write: (bytes) => request.write(bytes), end: () => request.end(), drop: () => request.destroy() };
}

async function post(port: number, body: Buffer, headers?: Record<string, string | number>) {
  const sent = send(port, headers);
  sent.write(body);
  sent.end();
  return sent.answered;
}

async function until(holds: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !holds(); attempt += 1) await pause(10);
  expect(holds()).toBe(true);
}

describe('one body', () => {
  it('is read whole, with and without an announced length, up to 7 MB', async () => {
    const port = await serve(new BodyReader());
    const body = Buffer.alloc(maximumBodyBytes, 'x');
    expect(await post(port, body, { 'content-length': body.length })).toEqual({
      status: 200,
      text: String(body.length),
    });
    expect(await post(port, body)).toEqual({ status: 200, text: String(body.length) });
  });

  it('is empty when none is announced, whatever the method', async () => {
    const port = await serve(new BodyReader());
    for (const method of ['GET', 'DELETE', 'POST']) {
      const sent = send(port, method === 'POST' ? { 'content-length': 0 } : {}, method);
      sent.end();
      expect(await sent.answered, method).toEqual({ status: 200, text: '0' });
    }
  });

  it('of a GET or DELETE is read like any other', async () => {
    const port = await serve(new BodyReader());
    for (const method of ['GET', 'DELETE']) {
      const sent = send(port, { 'content-length': 3 }, method);
      sent.write(Buffer.from('abc'));
      sent.end();
      expect(await sent.answered, method).toEqual({ status: 200, text: '3' });
    }
  });

  it('that announces more than 7 MB is refused before a byte of it is read', async () => {
    const reader = new BodyReader();
    const sent = send(await serve(reader), { 'content-length': maximumBodyBytes + 1 });
    sent.write(Buffer.from('{'));
    expect((await sent.answered).status).toBe(413);
    expect(reader.bytesInFlight).toBe(0);
    sent.drop();
  });

  it('that grows beyond 7 MB is refused there', async () => {
    const reader = new BodyReader();
    const sent = send(await serve(reader));
    sent.write(Buffer.alloc(maximumBodyBytes));
    await until(() => reader.bytesInFlight === maximumBodyBytes);
    sent.write(Buffer.from('}'));
    expect((await sent.answered).status).toBe(413);
    expect(reader.bytesInFlight).toBe(0);
    sent.drop();
  });
});

describe('all bodies together', () => {
  const limit = 1024 * 1024;

  it('are held within a limit: the upload that passes it is refused, small bodies still get through', async () => {
    const reader = new BodyReader(limit);
    const port = await serve(reader);
    const first = send(port);
    first.write(Buffer.alloc(limit));
    await until(() => reader.bytesInFlight === limit);

    expect((await post(port, Buffer.alloc(alwaysReadBytes + 1))).status).toBe(503);
    expect(await post(port, Buffer.alloc(alwaysReadBytes))).toEqual({ status: 200, text: String(alwaysReadBytes) });

    first.end();
    expect((await first.answered).status).toBe(200);
    expect((await post(port, Buffer.alloc(limit))).status).toBe(200);
    expect(reader.bytesInFlight).toBe(0);
  });

  it('count until the request is answered, not only while they arrive', async () => {
    const reader = new BodyReader(limit);
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const port = await serve(reader, () => gate);
    const answered = post(port, Buffer.alloc(1000));
    await until(() => reader.bytesInFlight === 1000);
    await pause(20);
    expect(reader.bytesInFlight).toBe(1000);
    open();
    await answered;
    expect(reader.bytesInFlight).toBe(0);
  });

  it('count no longer when the work on them fails', async () => {
    const reader = new BodyReader(limit);
    const port = await serve(reader, async () => {
      throw new Error('fault');
    });
    expect((await post(port, Buffer.alloc(1000))).status).toBe(500);
    expect(reader.bytesInFlight).toBe(0);
  });

  it('leave nothing behind when their senders go away', async () => {
    const reader = new BodyReader();
    const port = await serve(reader);
    const senders = Array.from({ length: 100 }, () => send(port, { 'content-length': 100_000 }));
    for (const sent of senders) sent.write(Buffer.alloc(50_000));
    await until(() => reader.bytesInFlight === 100 * 50_000);
    for (const sent of senders) sent.drop();
    await until(() => reader.bytesInFlight === 0);
  });
});

/** A real server of the S3 protocol, and a way to it that can be made unreliable. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

interface S3Server {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}

/** It brings no types. */
const S3rver = createRequire(import.meta.url)('@20minutes/s3rver') as new (options: object) => S3Server;

export const s3Credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

export interface RunningS3Server {
  readonly endpoint: string;
}

/** It is stopped after the tests of the file. */
export async function startS3Server(buckets: readonly string[]): Promise<RunningS3Server> {
  const directory = mkdtempSync(join(tmpdir(), 's3-server-'));
  const server = new S3rver({
    ...{ address: '127.0.0.1', port: 0, silent: true, directory, allowMismatchedSignatures: true },
    configureBuckets: buckets.map((name) => ({ name })),
  });
  const { port } = await server.run();
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return { endpoint: `http://127.0.0.1:${port}` };
}

/**
 * - `500`: an answer that does not help
 * - `hang`: no answer
 * - `break`: half of the body, then the end of the connection
 * - `stall`: half of the body, then nothing
 */
export type Misbehaviour = '500' | 'hang' | 'break' | 'stall';

export interface UnreliableWay extends RunningS3Server {
  /** Of the next requests, one each; those after them pass. `always` is for all. */
  misbehave(next: readonly Misbehaviour[] | { always: Misbehaviour }): void;
}

/** Forwards to a server, until it is told not to. */
export async function startUnreliableWay(to: RunningS3Server): Promise<UnreliableWay> {
  let queue: Misbehaviour[] = [];
  let always: Misbehaviour | undefined;
  const server = createServer((incoming, outgoing) => {
    const misbehaviour = always ?? queue.shift();
    if (misbehaviour === '500') return void incoming.resume().on('end', () => outgoing.writeHead(500).end());
    if (misbehaviour === 'hang') return void incoming.resume();
    const onward = request(new URL(incoming.url ?? '/', to.endpoint), {
      method: incoming.method,
      headers: incoming.headers,
    });
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      if (misbehaviour === undefined) answer.pipe(outgoing);
      else answer.once('data', (chunk: Buffer) => halve(chunk, outgoing, misbehaviour));
    });
    incoming.pipe(onward);
  });
  await listening(server);
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    misbehave(next) {
      queue = 'always' in next ? [] : [...next];
      always = 'always' in next ? next.always : undefined;
    },
  };
}

function halve(chunk: Buffer, outgoing: ServerResponse, misbehaviour: Misbehaviour): void {
  outgoing.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => {
    if (misbehaviour === 'break') outgoing.destroy();
  });
}

function listening(server: Server): Promise<void> {
  return new Promise((resume) => server.listen(0, '127.0.0.1', resume));
}

/** The real nats-server with JetStream, in a process of its own and a directory that goes with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, vi } from 'vitest';
import { findNatsServer } from '../../../scripts/nats-server.ts';

export interface NatsServer {
  readonly url: string;
  readonly token: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** A stream that takes in a subject. */
  create(stream: string, subject: string): Promise<void>;
  /** All that a stream has. */
  read(stream: string): Promise<string[]>;
}

export async function startNatsServer(): Promise<NatsServer> {
  const program = findNatsServer();
  if (program === undefined) throw new Error('nats-server is missing: run the tests with `npm test`.');
  const directory = mkdtempSync(join(tmpdir(), 'repoint-nats-'));
  const port = await freePort();
  const [url, token] = [`nats://127.0.0.1:${port}`, 'nats-test-token'];
  let running: ChildProcess | undefined;
  const stop = async () => {
    if (running === undefined) return;
    const ended = once(running, 'exit');
    running.kill('SIGTERM');
    await ended;
    running = undefined;
  };
  afterAll(async () => {
    await stop();
    rmSync(directory, { recursive: true, force: true });
  });
  const use = async <Result>(work: (connection: Awaited<ReturnType<typeof connect>>) => Promise<Result>) => {
    const connection = await connect({ servers: url, token });
    return work(connection).finally(() => connection.close());
  };
  const start = async () => {
    const words = [
      '--addr',
      '127.0.0.1',
      '--port',
      String(port),
      '--jetstream',
      '--store_dir',
      directory,
      '--auth',
      token,
    ];
    running = spawn(program, words, { stdio: 'ignore' });
    await vi.waitFor(() => use(async () => {}), { timeout: 20_000, interval: 50 });
  };
  await start();
  return {
    ...{ url, token, start, stop },
    create: (name, subject) =>
      use(async (connection) => {
        await (await jetstreamManager(connection)).streams.add({ name, subjects: [subject] });
      }),
    read: (stream) =>
      use(async (connection) => {
        const { state } = await (await jetstreamManager(connection)).streams.info(stream);
        if (state.messages === 0) return [];
        const consumer = await jetstream(connection).consumers.get(stream);
        const texts: string[] = [];
        for await (const message of await consumer.fetch({ max_messages: state.messages, expires: 5_000 })) {
          texts.push(message.string());
        }
        return texts;
      }),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * A load generator that costs little: prepared request bytes over keep-alive sockets, one request in flight on each.
 * Runs as its own process (`node bench/load.ts`), reads its task as JSON from standard input, writes its result.
 */
import { connect, type Socket } from 'node:net';

export interface LoadTask {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** Of load before that, which is not measured; 5 when left out. */
  readonly warmSeconds?: number;
  /** Whole HTTP requests; connections take them in turn. */
  readonly requests: readonly string[];
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  /** Answers whose status was not 2xx. */
  readonly failures: number;
}

/** A server that has run for a while has its hot code compiled and its connections open. */
const usualWarmSeconds = 5;

async function generateLoad(task: LoadTask): Promise<LoadResult> {
  const requests = task.requests.map((text) => Buffer.from(text));
  const latencies: number[] = [];
  let failures = 0;
  let next = 0;
  const warmUntil = performance.now() + (task.warmSeconds ?? usualWarmSeconds) * 1_000;
  const until = warmUntil + task.seconds * 1_000;

  const worker = (socket: Socket) =>
    new Promise<void>((finish, fail) => {
      let begun = 0;
      const send = () => {
        begun = performance.now();
        if (begun >= until) {
          socket.destroy();
          finish();
          return;
        }
        socket.write(requests[next++ % requests.length] as Buffer);
      };
      onAnswer(socket, (status) => {
        const ended = performance.now();
        if (status < 200 || status > 299) failures += 1;
        else if (begun >= warmUntil) latencies.push(ended - begun);
        send();
      });
      socket.on('error', fail);
      socket.on('connect', send);
    });

  await Promise.all(
    Array.from({ length: task.connections }, () => worker(connect(task.port, '127.0.0.1').setNoDelay(true))),
  );
  const sorted = Float64Array.from(latencies).sort();
  const quantile = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return {
    requestsPerSecond: latencies.length / task.seconds,
    p50Milliseconds: quantile(0.5),
    p99Milliseconds: quantile(0.99),
    failures,
  };
}

/** Calls back once for every complete answer. Answers must carry a content-length. */
function onAnswer(socket: Socket, answered: (status: number) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const headEnd = rest.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const head = rest.toString('latin1', 0, headEnd);
      const length = Number(/\r\ncontent-length: *([0-9]+)/i.exec(head)?.[1] ?? 0);
      const end = headEnd + 4 + length;
      if (rest.length < end) return;
      rest = rest.subarray(end);
      answered(Number(head.slice(9, 12)));
    }
  });
}

if (import.meta.main) {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const result = await generateLoad(JSON.parse(Buffer.concat(chunks).toString()) as LoadTask);
  process.stdout.write(JSON.stringify(result));
}

/** Signed GetApp with keep-alive against a bare `node:http` server that answers the same bytes; 1 and 2 processes. */
import { CreateAppCommand, PinpointClient } from '@aws-sdk/client-pinpoint';
import { type BenchServer, runLoad, startBareServer, startRepoint, temporaryDataDirectory } from './processes.ts';
import { signedGet } from './signing.ts';
import { type Row, rate } from './table.ts';

const connections = 64;
const seconds = 5;
const rounds = 3;

export async function benchHttp(): Promise<Row[]> {
  return [await measure(1), await measure(2)];
}

/** Server and ceiling take turns, so that whatever else the machine does meets both. The best round counts for each. */
async function measure(processes: number): Promise<Row> {
  const data = temporaryDataDirectory();
  const server = await startRepoint(data.path, { REPOINT_PROCESSES: String(processes) });
  try {
    const request = signedGet(server, `/v1/apps/${await createProject(server)}`);
    const body = await (await fetch(request.url, { headers: request.headers })).text();
    const bare = await startBareServer(processes, body);
    const task = { connections, seconds, requests: [request.text] };
    let best = await runLoad({ ...task, port: server.port });
    let ceiling = await runLoad({ ...task, port: bare.port });
    for (let round = 1; round < rounds; round += 1) {
      best = faster(best, await runLoad({ ...task, port: server.port }));
      ceiling = faster(ceiling, await runLoad({ ...task, port: bare.port }));
    }
    const memory = server.memoryMegabytes();
    await bare.stop();
    if (best.failures > 0) throw new Error(`${best.failures} requests failed`);
    return {
      workload: `GetApp, signed, ${processes} process${processes > 1 ? 'es' : ''}, ${connections} connections`,
      figure: rate(best.requestsPerSecond, 'requests/s'),
      latency: `${best.p50Milliseconds.toFixed(1)} / ${best.p99Milliseconds.toFixed(1)} ms`,
      memory: `${memory.toFixed(0)} MB`,
      ceiling: `bare node:http ${rate(ceiling.requestsPerSecond)}`,
      ratio: best.requestsPerSecond / ceiling.requestsPerSecond,
      aim: processes === 1 ? '≥ 0.50 and ≥ 10,000/s' : '≥ 0.50',
    };
  } finally {
    await server.stop();
    data.remove();
  }
}

function faster<Result extends { requestsPerSecond: number }>(one: Result, other: Result): Result {
  return other.requestsPerSecond > one.requestsPerSecond ? other : one;
}

export async function createProject(server: BenchServer): Promise<string> {
  const client = new PinpointClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${server.port}`,
    credentials: { accessKeyId: server.accessKeyId, secretAccessKey: server.secretAccessKey },
  });
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'bench' } }),
  );
  client.destroy();
  return ApplicationResponse?.Id as string;
}

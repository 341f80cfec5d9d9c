/**
 * UpdateEndpoint, UpdateEndpointsBatch and GetEndpoint through HTTP, beside the same writes without HTTP and beside bare
 * upserts into the same tables and indexes (no reading, no merging, no rules), all in one run.
 */
import { sql } from 'kysely';
import { type GeneratedEndpoint, generatePeople } from '../scripts/people/people.ts';
import { type AudienceDatabase, openAudienceDatabase } from './audience-database.ts';
import { createProject } from './http.ts';
import { type BenchServer, runLoad, startBareServer, startRepoint, temporaryDataDirectory } from './processes.ts';
import { type SignedRequest, signedGet, signedPut } from './signing.ts';
import { type Row, rate } from './table.ts';

const people = 20_000;
const connections = 64;
const seconds = 6;

export async function benchEndpoints(): Promise<Row[]> {
  const endpoints = [...generatePeople({ endpoints: people, seed: 5 })];
  const ceilings = await measureCeilings(endpoints);
  const data = temporaryDataDirectory();
  const server = await startRepoint(data.path);
  try {
    const project = await createProject(server);
    return [
      ...(await measureWrites(server, project, endpoints, ceilings)),
      await measureReads(server, project, endpoints),
    ];
  } finally {
    await server.stop();
    data.remove();
  }
}

interface Ceilings {
  /** The write path without HTTP, in batches of 200. */
  readonly withoutHttp: number;
  /** Statements alone. */
  readonly bareUpserts: number;
}

async function measureCeilings(endpoints: readonly GeneratedEndpoint[]): Promise<Ceilings> {
  const audience = await openAudienceDatabase();
  try {
    await audience.write(endpoints, 200);
    const withoutHttp = await audience.write(endpoints, 200);
    return { withoutHttp, bareUpserts: await measureBareUpserts(audience) };
  } finally {
    await audience.close();
  }
}

/** What was written is read back once and written again as it is, 500 rows a statement, on two connections. */
async function measureBareUpserts({ database }: AudienceDatabase): Promise<number> {
  const { rows } = await sql<{ endpoint: string; facets: string }>`
    select to_jsonb(e)::text as endpoint, to_jsonb(f)::text as facets
    from endpoints e join endpoint_facets f using (project_number, bucket, id) limit ${people}`.execute(database.query);
  const until = performance.now() + seconds * 1000;
  const begun = performance.now();
  let next = 0;
  let done = 0;
  const writer = async () => {
    while (performance.now() < until) {
      const batch = rows.slice(next, next + 500);
      next = next + 500 >= rows.length ? 0 : next + 500;
      await database.transaction(async (tx) => {
        await sql`
          insert into endpoints select * from json_populate_recordset(null::endpoints, ${join(batch, 'endpoint')}::json)
          order by project_number, bucket, id
          on conflict (project_number, bucket, id) do update set
            attributes = excluded.attributes, metrics = excluded.metrics, effective_at = excluded.effective_at`.execute(
          tx,
        );
        await sql`
          insert into endpoint_facets select * from json_populate_recordset(null::endpoint_facets, ${join(batch, 'facets')}::json)
          order by project_number, bucket, id
          on conflict (project_number, bucket, id) do update set
            tokens = excluded.tokens, metrics = excluded.metrics, last_active_at = excluded.last_active_at`.execute(tx);
      });
      done += batch.length;
    }
  };
  await Promise.all([writer(), writer()]);
  return (done * 1000) / (performance.now() - begun);
}

function join<Name extends string>(batch: readonly Readonly<Record<Name, string>>[], member: Name): string {
  return `[${batch.map((row) => row[member]).join(',')}]`;
}

async function measureWrites(
  server: BenchServer,
  project: string,
  endpoints: readonly GeneratedEndpoint[],
  ceilings: Ceilings,
): Promise<Row[]> {
  const singles = endpoints.map(({ Id, ...body }) => signedPut(server, `/v1/apps/${project}/endpoints/${Id}`, body));
  const batches: SignedRequest[] = [];
  for (let from = 0; from < endpoints.length; from += 100) {
    batches.push(signedPut(server, `/v1/apps/${project}/endpoints`, { Item: endpoints.slice(from, from + 100) }));
  }
  const single = await load(server, singles, connections);
  const batch = await load(server, batches, 8);
  // Whatever the load came to, everybody is there when the reads begin.
  for (const { url, headers, body } of batches) {
    const { ok, status } = await fetch(url, { method: 'PUT', headers, body });
    if (!ok) throw new Error(`A batch was answered with ${status}`);
  }
  return [
    {
      workload: `UpdateEndpoint, signed, 1 KB, ${connections} connections, durable`,
      figure: rate(single.requestsPerSecond, 'requests/s'),
      latency: `${single.p50Milliseconds.toFixed(1)} / ${single.p99Milliseconds.toFixed(1)} ms`,
      memory: `${server.memoryMegabytes().toFixed(0)} MB`,
      ceiling: `without HTTP ${rate(ceilings.withoutHttp)}`,
      ratio: single.requestsPerSecond / ceilings.withoutHttp,
      aim: '≥ 6,000/s',
    },
    {
      workload: 'UpdateEndpointsBatch, 100 a call, 8 connections',
      figure: rate(batch.requestsPerSecond * 100, 'endpoints/s'),
      latency: `${batch.p50Milliseconds.toFixed(0)} / ${batch.p99Milliseconds.toFixed(0)} ms`,
      ceiling: `bare upserts ${rate(ceilings.bareUpserts)}`,
      ratio: (batch.requestsPerSecond * 100) / ceilings.bareUpserts,
      aim: '≥ 0.60 and ≥ 10,000/s',
    },
  ];
}

async function measureReads(
  server: BenchServer,
  project: string,
  endpoints: readonly GeneratedEndpoint[],
): Promise<Row> {
  const requests = endpoints.map(({ Id }) => signedGet(server, `/v1/apps/${project}/endpoints/${Id}`));
  const [first] = requests as [SignedRequest];
  const body = await (await fetch(first.url, { headers: first.headers })).text();
  const reads = await load(server, requests, connections);
  const bare = await startBareServer(1, body);
  const ceiling = await runLoad({ port: bare.port, connections, seconds, requests: [first.text] });
  await bare.stop();
  return {
    workload: `GetEndpoint, signed, ${connections} connections`,
    figure: rate(reads.requestsPerSecond, 'requests/s'),
    latency: `${reads.p50Milliseconds.toFixed(1)} / ${reads.p99Milliseconds.toFixed(1)} ms`,
    ceiling: `bare node:http ${rate(ceiling.requestsPerSecond)}`,
    ratio: reads.requestsPerSecond / ceiling.requestsPerSecond,
    aim: '≥ 8,000/s',
  };
}

async function load(server: BenchServer, requests: readonly SignedRequest[], parallel: number) {
  const task = { port: server.port, connections: parallel, seconds, requests: requests.map(({ text }) => text) };
  const result = await runLoad(task);
  if (result.failures > 0) throw new Error(`${result.failures} requests failed`);
  return result;
}

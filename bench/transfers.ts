/**
 * Import and export of as many people as REPOINT_BENCH_ENDPOINTS says (a million), through a server as users run it.
 * Beside the import: the same rows by COPY into a staging table and one upsert into the same tables with the same
 * indexes; beside the export: COPY out and gzip.
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import {
  CreateExportJobCommand,
  CreateImportJobCommand,
  GetExportJobCommand,
  GetImportJobCommand,
  PinpointClient,
} from '@aws-sdk/client-pinpoint';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { writePeople } from '../scripts/people/write-people.ts';
import { openEmbedded } from '../server/src/database/index.ts';
import { createLogger } from '../server/src/kernel/logger.ts';
import { createProject } from './http.ts';
import { type BenchServer, startRepoint, temporaryDataDirectory } from './processes.ts';
import { type Row, rate } from './table.ts';

const endpoints = Number(process.env['REPOINT_BENCH_ENDPOINTS'] ?? 1_000_000);
const RoleArn = 'arn:aws:iam::111122223333:role/bench';
/** Hot rows live in these two; the ceiling leaves out users and addresses. */
const tables = ['endpoints', 'endpoint_facets'] as const;
/** No project has it. */
const otherProject = 1_000_000;

export async function benchTransfers(): Promise<Row[]> {
  const data = temporaryDataDirectory();
  const folder = join(data.path, 'buckets', 'bench');
  mkdirSync(folder, { recursive: true });
  await writePeople(join(folder, 'people.json.gz'), { endpoints });
  const server = await startRepoint(data.path);
  try {
    const jobs = openJobs(server, await createProject(server));
    const first = await jobs.import();
    const memory = `${server.memoryMegabytes().toFixed(0)} MB`;
    const again = await jobs.import();
    const exported = await jobs.export();
    const ceiling = await measureCeilings(data.path);
    return [
      {
        workload: `import of ${endpoints.toLocaleString('en-US')}, gzip JSON of ${megabytes(join(folder, 'people.json.gz'))}`,
        ...{ figure: rate(first, 'rows/s'), memory, ratio: first / ceiling.upserted },
        ceiling: `COPY and upsert ${rate(ceiling.upserted)}, COPY ${rate(ceiling.copiedIn)}`,
        aim: '≥ 0.60 and < 500 MB; 20,000/s',
      },
      { workload: 'the same file again, all merges', figure: rate(again, 'rows/s'), aim: '≥ 12,000/s' },
      {
        ...{ workload: 'export of all', figure: rate(exported, 'rows/s'), ratio: exported / ceiling.copiedOut },
        ...{ ceiling: `COPY out and gzip ${rate(ceiling.copiedOut)}`, aim: '≥ 50,000/s' },
      },
    ];
  } finally {
    await server.stop();
    data.remove();
  }
}

function megabytes(file: string): string {
  return `${Math.round(statSync(file).size / 1e6)} MB`;
}

/** Each resolves with rows per second, from the request to the answer that it is done. */
function openJobs(server: BenchServer, ApplicationId: string) {
  const client = new PinpointClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${server.port}`,
    credentials: server,
  });
  const measure = async (
    begin: () => Promise<string | undefined>,
    look: (JobId: string) => Promise<Job | undefined>,
  ) => {
    const begun = performance.now();
    const JobId = (await begin()) as string;
    for (;;) {
      const job = await look(JobId);
      if (job?.JobStatus === 'FAILED') throw new Error(`The job failed: ${job.Failures?.[0]}`);
      if (job?.JobStatus === 'COMPLETED') {
        if (job.TotalFailures !== 0) throw new Error(`Rows failed: ${job.Failures?.[0]}`);
        return ((job.TotalProcessed ?? 0) * 1000) / (performance.now() - begun);
      }
      await new Promise((resume) => setTimeout(resume, 100));
    }
  };
  const ImportJobRequest = {
    ...{ RoleArn, S3Url: 's3://bench/people.json.gz', RegisterEndpoints: true },
    Format: 'JSON' as const,
  };
  const ExportJobRequest = { RoleArn, S3UrlPrefix: 's3://bench/out/' };
  return {
    import: () =>
      measure(
        async () =>
          (await client.send(new CreateImportJobCommand({ ApplicationId, ImportJobRequest }))).ImportJobResponse?.Id,
        async (JobId) => (await client.send(new GetImportJobCommand({ ApplicationId, JobId }))).ImportJobResponse,
      ),
    export: () =>
      measure(
        async () =>
          (await client.send(new CreateExportJobCommand({ ApplicationId, ExportJobRequest }))).ExportJobResponse?.Id,
        async (JobId) => (await client.send(new GetExportJobCommand({ ApplicationId, JobId }))).ExportJobResponse,
      ),
  };
}

interface Job {
  readonly JobStatus?: string | undefined;
  readonly TotalProcessed?: number | undefined;
  readonly TotalFailures?: number | undefined;
  readonly Failures?: readonly string[] | undefined;
}

interface Ceilings {
  readonly copiedOut: number;
  readonly copiedIn: number;
  readonly upserted: number;
}

/** With the very rows that the import made. */
async function measureCeilings(dataDirectory: string): Promise<Ceilings> {
  const embedded = await openEmbedded({ dataDirectory, mode: 'join', logger: createLogger('warn') });
  const client = new pg.Client({ connectionString: embedded.connection.url });
  await client.connect();
  try {
    const copiedOut = await timed(async () => {
      const lines = 'copy (select to_json(e) from endpoints as e) to stdout';
      await pipeline(client.query(copyTo(lines)), createGzip({ level: 3 }), nowhere());
    });
    const copies = new Map<string, Buffer>();
    for (const table of tables) copies.set(table, await copyOut(client, table));
    const copiedIn = await timed(async () => {
      for (const table of tables) {
        await client.query(`create table staging_${table} (like ${table} including defaults)`);
        const content = Readable.from([copies.get(table)]);
        await pipeline(content, client.query(copyFrom(`copy staging_${table} from stdin`)));
      }
    });
    for (const table of tables) await client.query(`update staging_${table} set project_number = ${otherProject}`);
    const upserting = await timed(async () => {
      for (const table of tables) {
        const changed = table === 'endpoints' ? 'effective_at' : 'last_active_at';
        await client.query(
          `insert into ${table} select * from staging_${table}
           on conflict (project_number, bucket, id) do update set ${changed} = excluded.${changed}`,
        );
      }
    });
    return { copiedOut, copiedIn, upserted: 1 / (1 / copiedIn + 1 / upserting) };
  } finally {
    await client.end();
    await embedded.close();
  }
}

/** @returns rows per second */
async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (endpoints * 1000) / (performance.now() - begun);
}

async function copyOut(client: pg.Client, table: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of client.query(copyTo(`copy (select * from ${table}) to stdout`)))
    chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

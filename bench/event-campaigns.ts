/**
 * A campaign that waits for events: PutEvents over HTTP at a steady rate, each of another person, until the mail has come to
 * an SMTP server in this process. Measured from before the request is sent to the end of the mail.
 */
import {
  CreateCampaignCommand,
  CreateSegmentCommand,
  GetCampaignCommand,
  PinpointClient,
  UpdateEmailChannelCommand,
  UpdateEndpointsBatchCommand,
} from '@aws-sdk/client-pinpoint';
import { Pool } from 'undici';
import { openSink } from '../server/tests/support/smtp-sink.ts';
import { createProject } from './http.ts';
import { type BenchServer, startRepoint, temporaryDataDirectory } from './processes.ts';
import { signedPost } from './signing.ts';
import { type Row, rate } from './table.ts';

const perSecond = Number(process.env['REPOINT_BENCH_EVENTS_PER_SECOND'] ?? 500);
const warmSeconds = 2;
const seconds = 8;
const people = perSecond * (warmSeconds + seconds);
const everyMilliseconds = 10;
const longestWaitMilliseconds = 20_000;

export async function benchEventCampaigns(): Promise<Row[]> {
  const data = temporaryDataDirectory();
  const arrivals = new Map<string, number>();
  const sink = await openSink({
    ...{ extensions: ['PIPELINING', '8BITMIME', 'SIZE 20000000'], keep: false },
    misbehave({ command, to }) {
      if (command === 'content') arrivals.set(to, performance.now());
      return undefined;
    },
  });
  const server = await startRepoint(data.path, { REPOINT_SMTP_URL: `smtp://127.0.0.1:${sink.port}?connections=10` });
  try {
    const project = await openCampaign(server);
    const departures = await putEvents(server, project);
    const begun = performance.now();
    while (arrivals.size < people && performance.now() - begun < longestWaitMilliseconds) await pause(50);
    if (arrivals.size < people) throw new Error(`${people - arrivals.size} of ${people} events had no message`);
    const measured = departures.slice(perSecond * warmSeconds);
    const latencies = measured.map(({ address, at }) => (arrivals.get(address) as number) - at).sort((a, b) => a - b);
    const spread = (measured.at(-1)?.at ?? 0) - (measured[0]?.at ?? 0);
    const at = (share: number) => latencies[Math.floor(latencies.length * share)] as number;
    return [
      {
        workload: 'event campaign, from PutEvents over HTTP to the mail over SMTP',
        figure: rate(((measured.length - 1) * 1_000) / spread, 'events/s'),
        latency: `${at(0.5).toFixed(0)} / ${at(0.99).toFixed(0)} ms`,
        memory: `${server.memoryMegabytes().toFixed(0)} MB`,
        aim: 'p99 ≤ 1 s at 500/s',
      },
    ];
  } finally {
    await server.stop();
    await sink.close();
    data.remove();
  }
}

const pause = (milliseconds: number) => new Promise((resume) => setTimeout(resume, milliseconds));
const addressOf = (person: number) => `person-${person}@example.com`;

/** @returns the project, whose campaign waits */
async function openCampaign(server: BenchServer): Promise<string> {
  const ApplicationId = await createProject(server);
  const { accessKeyId, secretAccessKey, port } = server;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new PinpointClient({ region: 'us-east-1', endpoint: `http://127.0.0.1:${port}`, credentials });
  const Identity = 'arn:aws:ses:us-east-1:123456789012:identity/example.com';
  const EmailChannelRequest = { FromAddress: 'Shop <shop@example.com>', Identity, Enabled: true };
  await client.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest }));
  for (let first = 0; first < people; first += 100) {
    const Item = Array.from({ length: 100 }, (_, index) => {
      return { Id: `person-${first + index}`, ChannelType: 'EMAIL' as const, Address: addressOf(first + index) };
    });
    await client.send(new UpdateEndpointsBatchCommand({ ApplicationId, EndpointBatchRequest: { Item } }));
  }
  const made = await client.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'all' } }));
  const { CampaignResponse } = await client.send(
    new CreateCampaignCommand({
      ApplicationId,
      WriteCampaignRequest: {
        ...{ Name: 'cart', SegmentId: made.SegmentResponse?.Id as string },
        MessageConfiguration: { EmailMessage: { Title: 'You left something', HtmlBody: '<p>Come back</p>' } },
        Schedule: {
          ...{ Frequency: 'EVENT', StartTime: 'IMMEDIATE', EndTime: new Date(Date.now() + 3_600_000).toISOString() },
          EventFilter: { FilterType: 'ENDPOINT', Dimensions: { EventType: { Values: ['cart.left'] } } },
        },
      },
    }),
  );
  const CampaignId = CampaignResponse?.Id as string;
  for (let state: string | undefined; state !== 'EXECUTING'; ) {
    await pause(50);
    const read = await client.send(new GetCampaignCommand({ ApplicationId, CampaignId }));
    state = read.CampaignResponse?.State?.CampaignStatus;
  }
  client.destroy();
  return ApplicationId;
}

interface Departure {
  readonly address: string;
  readonly at: number;
}

async function putEvents(server: BenchServer, project: string): Promise<Departure[]> {
  const pool = new Pool(`http://127.0.0.1:${server.port}`, { connections: 64 });
  const path = `/v1/apps/${project}/events`;
  const Timestamp = new Date().toISOString();
  const requests = Array.from({ length: people }, (_, person) =>
    signedPost(server, path, {
      BatchItem: { [`person-${person}`]: { Endpoint: {}, Events: { e: { EventType: 'cart.left', Timestamp } } } },
    }),
  );
  const departures: Departure[] = [];
  const answers: Promise<void>[] = [];
  const begun = performance.now();
  for (const [person, { headers, body }] of requests.entries()) {
    while (performance.now() - begun < (person * 1_000) / perSecond) await pause(everyMilliseconds);
    departures.push({ address: addressOf(person), at: performance.now() });
    answers.push(
      pool.request({ path, method: 'POST', headers, body }).then(async (answer) => {
        await answer.body.dump();
        if (answer.statusCode !== 202) throw new Error(`PutEvents answered ${answer.statusCode}`);
      }),
    );
  }
  await Promise.all(answers);
  await pool.close();
  return departures;
}

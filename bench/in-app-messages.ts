/**
 * GetInAppMessages through HTTP: three campaigns, one of them for a segment by attributes and one with a holdout, beside a
 * bare HTTP server that gives the same answer.
 */
import { createProject } from './http.ts';
import { type BenchServer, runLoad, startBareServer, startRepoint, temporaryDataDirectory } from './processes.ts';
import { type SignedRequest, signedGet, signedPost, signedPut } from './signing.ts';
import { type Row, rate } from './table.ts';

const connections = 64;
const seconds = 6;
const apps = 5_000;

export async function benchInAppMessages(): Promise<Row[]> {
  const data = temporaryDataDirectory();
  const server = await startRepoint(data.path);
  try {
    const project = await createProject(server);
    await writeApps(server, project);
    const everybody = await make(server, `/v1/apps/${project}/segments`, { Name: 'all' });
    const Dimensions = { Attributes: { plan: { AttributeType: 'INCLUSIVE', Values: ['gold'] } } };
    const gold = await make(server, `/v1/apps/${project}/segments`, { Name: 'gold', Dimensions });
    for (const campaign of [
      { SegmentId: everybody },
      { SegmentId: gold },
      { SegmentId: everybody, HoldoutPercent: 20 },
    ]) {
      await make(server, `/v1/apps/${project}/campaigns`, { ...message, ...campaign });
    }
    return [await measure(server, project)];
  } finally {
    await server.stop();
    data.remove();
  }
}

async function measure(server: BenchServer, project: string): Promise<Row> {
  const requests = Array.from({ length: apps }, (_, index) =>
    signedGet(server, `/v1/apps/${project}/endpoints/app-${index}/inappmessages`),
  );
  const [first] = requests as [SignedRequest];
  const body = await (await fetch(first.url, { headers: first.headers })).text();
  const load = { connections, seconds };
  const result = await runLoad({ ...load, port: server.port, requests: requests.map(({ text }) => text) });
  if (result.failures > 0) throw new Error(`${result.failures} requests failed`);
  const bare = await startBareServer(1, body);
  const ceiling = await runLoad({ ...load, port: bare.port, requests: [first.text] });
  await bare.stop();
  return {
    workload: `GetInAppMessages, three campaigns, signed, ${connections} connections`,
    figure: rate(result.requestsPerSecond, 'requests/s'),
    latency: `${result.p50Milliseconds.toFixed(1)} / ${result.p99Milliseconds.toFixed(1)} ms`,
    memory: `${server.memoryMegabytes().toFixed(0)} MB`,
    ceiling: `bare node:http ${rate(ceiling.requestsPerSecond)}`,
    ratio: result.requestsPerSecond / ceiling.requestsPerSecond,
    aim: '≥ 5,000/s',
  };
}

async function writeApps(server: BenchServer, project: string): Promise<void> {
  for (let from = 0; from < apps; from += 100) {
    const Item = Array.from({ length: 100 }, (_, index) => ({
      ...{ Id: `app-${from + index}`, ChannelType: 'IN_APP', Address: `app-${from + index}` },
      Attributes: { plan: [index % 2 === 0 ? 'gold' : 'silver'] },
      Demographic: { Timezone: 'Europe/Berlin' },
    }));
    await send('PUT', signedPut(server, `/v1/apps/${project}/endpoints`, { Item }));
  }
}

async function make(server: BenchServer, path: string, body: object): Promise<string> {
  return ((await send('POST', signedPost(server, path, body))) as { readonly Id: string }).Id;
}

async function send(method: 'POST' | 'PUT', { url, headers, body }: SignedRequest): Promise<unknown> {
  const answer = await fetch(url, { method, headers, body });
  if (!answer.ok) throw new Error(`${method} was answered with ${answer.status}`);
  return answer.json();
}

const message = {
  Name: 'thanks',
  Schedule: {
    ...{ StartTime: 'IMMEDIATE', EndTime: '2099-01-01T00:00:00Z', Frequency: 'IN_APP_EVENT' },
    EventFilter: { FilterType: 'ENDPOINT', Dimensions: { EventType: { Values: ['purchase'] } } },
    // Equal bounds are none: it is asked and never holds.
    QuietTime: { Start: '03:00', End: '03:00' },
  },
  MessageConfiguration: {
    InAppMessage: {
      Layout: 'MIDDLE_BANNER',
      Content: [
        {
          BackgroundColor: '#FFFFFF',
          HeaderConfig: { Header: 'Thanks', TextColor: '#000000', Alignment: 'CENTER' },
          BodyConfig: { Body: 'Here is a gift for you.', TextColor: '#000000', Alignment: 'LEFT' },
          PrimaryBtn: { DefaultConfig: { Text: 'Open', ButtonAction: 'LINK', Link: 'https://example.com/gift' } },
        },
      ],
    },
  },
};

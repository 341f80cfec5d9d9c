/** SendMessages through HTTP, one SMS address a call, to the built-in outbox; beside a bare HTTP server in the same run. */
import { createProject } from './http.ts';
import { runLoad, startBareServer, startRepoint, temporaryDataDirectory } from './processes.ts';
import { type SignedRequest, signedPost, signedPut } from './signing.ts';
import { type Row, rate } from './table.ts';

const connections = 64;
const seconds = 6;
/** Other numbers each time; more would not change what is measured. */
const recipients = 5_000;

export async function benchMessages(): Promise<Row[]> {
  const data = temporaryDataDirectory();
  const server = await startRepoint(data.path);
  try {
    const project = await createProject(server);
    const channel = signedPut(server, `/v1/apps/${project}/channels/sms`, { Enabled: true });
    const answer = await fetch(channel.url, { method: 'PUT', headers: channel.headers, body: '{"Enabled":true}' });
    if (!answer.ok) throw new Error(`the channel cannot be set up: ${answer.status}`);
    const requests = Array.from({ length: recipients }, (_, index) =>
      signedPost(server, `/v1/apps/${project}/messages`, {
        Addresses: { [`+4915112${String(index).padStart(6, '0')}`]: { ChannelType: 'SMS' } },
        MessageConfiguration: { SMSMessage: { Body: 'Your parcel arrives today.', MessageType: 'TRANSACTIONAL' } },
      }),
    );
    const [first] = requests as [SignedRequest];
    const texts = requests.map(({ text }) => text);
    const result = await runLoad({ port: server.port, connections, seconds, requests: texts });
    if (result.failures > 0) throw new Error(`${result.failures} requests failed`);
    const bare = await startBareServer(1, '{}');
    const ceiling = await runLoad({ port: bare.port, connections, seconds, requests: [first.text] });
    await bare.stop();
    return [
      {
        workload: `SendMessages, one SMS address to the outbox, signed, ${connections} connections`,
        figure: rate(result.requestsPerSecond, 'requests/s'),
        latency: `${result.p50Milliseconds.toFixed(1)} / ${result.p99Milliseconds.toFixed(1)} ms`,
        memory: `${server.memoryMegabytes().toFixed(0)} MB`,
        ceiling: `bare node:http ${rate(ceiling.requestsPerSecond)}`,
        ratio: result.requestsPerSecond / ceiling.requestsPerSecond,
        aim: '≥ 4,000/s',
      },
    ];
  } finally {
    await server.stop();
    data.remove();
  }
}

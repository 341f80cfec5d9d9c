/**
 * Push drivers, without the pipeline around them, to a local HTTP/2 server with TLS, beside a bare `node:http2` loop that
 * sends the same requests over as many streams and reads the same answers.
 */
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type ClientHttp2Session, connect } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Driver } from '../server/src/domains/channels/driver.ts';
import { apns } from '../server/src/domains/channels/drivers/apns/index.ts';
import { fcm } from '../server/src/domains/channels/drivers/fcm/index.ts';
import type { OutgoingMessage } from '../server/src/domains/channels/message.ts';
import { buildPush, type PushChannelType } from '../server/src/domains/channels/push-payloads/index.ts';
import { serverCertificate, trustCertificate } from '../server/tests/support/certificates.ts';
import { partsOf, pushMessage } from '../server/tests/support/push-drivers.ts';
import { type Row, rate } from './table.ts';

const seconds = 1.5;
const warmSeconds = 3;
const rounds = 2;
const bareConnections = 4;
const streamsPerConnection = 100;

export async function benchPush(): Promise<Row[]> {
  const sink = await startSink();
  const tokens = await startTokens();
  const parts = partsOf();
  const drivers: { name: string; channel: PushChannelType; driver: Driver }[] = [
    { name: 'APNs', channel: 'APNS', driver: apns.open(apns.readSettings(apnsSettings(sink.url)), parts) },
    { name: 'FCM', channel: 'GCM', driver: fcm.open(fcm.readSettings(fcmSettings(sink.url, tokens.url)), parts) },
  ];
  try {
    const best = new Map<string, Measured>();
    const measured = async (name: string, measure: () => Promise<Measured>) => {
      const result = await measure();
      if (result.perSecond > (best.get(name)?.perSecond ?? 0)) best.set(name, result);
    };
    for (let round = 0; round < rounds; round += 1) {
      await measured('bare', () => bareLoop(sink.url, batchFor('APNS', 1)[0] as OutgoingMessage));
      for (const { name, channel, driver } of drivers) {
        await measured(name, () => driverLoop(driver, batchFor(channel, driver.limits.batch)));
      }
    }
    const ceiling = best.get('bare') as Measured;
    return drivers.map(({ name }) => row(name, best.get(name) as Measured, ceiling));
  } finally {
    await Promise.all(drivers.map(({ driver }) => driver.close()));
    await parts.http.close();
    tokens.stop();
    sink.stop();
  }
}

export interface Measured {
  readonly perSecond: number;
  /** Of this process, a message: says more than the rate when the machine has other work. */
  readonly cpuMicroseconds: number;
}

function row(name: string, reached: Measured, ceiling: Measured): Row {
  const words = ({ perSecond, cpuMicroseconds }: Measured) =>
    `${rate(perSecond)}, ${cpuMicroseconds.toFixed(0)} µs CPU each`;
  return {
    workload: `${name} driver, HTTP/2 with TLS, one process`,
    figure: words(reached),
    ceiling: `bare node:http2 ${words(ceiling)}`,
    ratio: reached.perSecond / ceiling.perSecond,
    aim: '≥ 0.60 and ≥ 6,000/s',
  };
}

/** Counts what is done between warming up and the end. */
class Meter {
  readonly #from = performance.now() + warmSeconds * 1000;
  readonly #until = this.#from + seconds * 1000;
  #cpu: NodeJS.CpuUsage | undefined;
  #used: NodeJS.CpuUsage | undefined;
  #count = 0;

  get runs(): boolean {
    return performance.now() < this.#until;
  }

  done(): void {
    const now = performance.now();
    if (now < this.#from) return;
    this.#cpu ??= process.cpuUsage();
    if (now < this.#until) this.#count += 1;
    else this.#used ??= process.cpuUsage(this.#cpu);
  }

  result(): Measured {
    const { user, system } = this.#used ?? process.cpuUsage(this.#cpu);
    return { perSecond: this.#count / seconds, cpuMicroseconds: (user + system) / this.#count };
  }
}

/** As the pipeline does it: as many batches at once as the driver allows. */
async function driverLoop(driver: Driver, messages: readonly OutgoingMessage[]): Promise<Measured> {
  const meter = new Meter();
  const never = new AbortController().signal;
  const worker = async () => {
    while (meter.runs) {
      await driver.deliver(
        messages,
        (_message, outcome) => {
          if (outcome.status !== 'SUCCESSFUL') throw new Error(`A message failed: ${outcome.statusMessage}`);
          meter.done();
        },
        never,
      );
    }
  };
  await Promise.all(Array.from({ length: driver.limits.concurrency }, worker));
  return meter.result();
}

/** @param message sent again and again */
export async function bareLoop(url: string, { content, key }: OutgoingMessage): Promise<Measured> {
  if (content.kind !== 'push') throw new Error('The bare loop sends push messages.');
  const headers = {
    ':method': 'POST',
    ':path': '/3/device/aa',
    'apns-id': key,
    authorization: 'bearer x',
    ...content.headers,
  };
  const meter = new Meter();
  const send = (session: ClientHttp2Session): Promise<void> =>
    new Promise((settle, fail) => {
      const stream = session.request(headers);
      stream.on('response', (answer) => {
        if (answer[':status'] !== 200) fail(new Error('The sink refused'));
      });
      stream.on('error', fail);
      stream.on('close', settle);
      stream.resume();
      stream.end(content.payload);
    });
  const worker = async (session: ClientHttp2Session) => {
    while (meter.runs) {
      await send(session);
      meter.done();
    }
  };
  const sessions = Array.from({ length: bareConnections }, () => connect(url));
  await Promise.all(sessions.flatMap((session) => Array.from({ length: streamsPerConnection }, () => worker(session))));
  for (const session of sessions) session.close();
  return meter.result();
}

export function batchFor(channel: PushChannelType, count: number): OutgoingMessage[] {
  const message = {
    title: 'Order shipped',
    body: 'Arrives Friday',
    url: 'shop://orders/77',
    action: 'DEEP_LINK',
  } as const;
  const origin = {
    kind: 'campaign',
    campaignId: 'c'.repeat(32),
    activityId: 'a'.repeat(32),
    treatmentId: '0',
  } as const;
  return Array.from({ length: count }, (_, index) => {
    const built = buildPush(channel, message, { origin, endpointId: `endpoint-${index}`, now: new Date() });
    if (built.kind === 'fault') throw new Error(built.statusMessage);
    return pushMessage(channel, index.toString(16).padStart(64, '0'), JSON.parse(built.payload), built);
  });
}

export function apnsSettings(url: string): Record<string, string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const TokenKey = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return { TokenKey, TokenKeyId: 'KEY', TeamId: 'TEAM', BundleId: 'com.example.shop', BaseUrl: url };
}

function fcmSettings(url: string, tokenUri: string): Record<string, string> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const account = {
    project_id: 'bench',
    client_email: 'bench@example.com',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: tokenUri,
  };
  return { ServiceJson: JSON.stringify(account), BaseUrl: url };
}

/** A process of its own, whose certificate this one trusts. */
export async function startSink(): Promise<{ url: string; stop(): void }> {
  const certificate = await serverCertificate();
  trustCertificate(certificate);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'push-sink.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(certificate));
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `https://localhost:${String(port).trim()}`, stop: () => child.kill('SIGTERM') };
}

async function startTokens(): Promise<{ url: string; stop(): void }> {
  const server = createServer((_request, response) => {
    response.end(JSON.stringify({ access_token: 'bench', expires_in: 3600 }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

/**
 * The HTTP driver: messages in Twilio's form to a server on this machine, delivered as messaging does it (two batches of
 * 32 under way), beside the same requests through a bare undici pool. The server runs as a process of its own
 * (`node bench/webhook.ts`), so that both share nothing with it.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { twilio } from '../server/src/domains/channels/drivers/twilio/index.ts';
import type { OutgoingMessage } from '../server/src/domains/channels/message.ts';
import { systemClock } from '../server/src/kernel/clock.ts';
import { createLogger } from '../server/src/kernel/logger.ts';
import { OutgoingHttp } from '../server/src/outgoing/http.ts';
import { OutgoingNetworks } from '../server/src/outgoing/networks.ts';
import { type Row, rate } from './table.ts';

const seconds = 2;
const rounds = 3;
const batchesUnderWay = 2;
const batch = 32;

const answer = JSON.stringify({ sid: `SM${'0'.repeat(32)}`, status: 'queued', error_code: null });
const accountSid = `AC${'0'.repeat(32)}`;
const authToken = 'auth-token-of-the-bench';

export async function benchWebhook(): Promise<Row[]> {
  const { origin, stop } = await startServer();
  try {
    const driven: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      bare.push(await measureBare(origin));
      driven.push(await measureDriver(origin));
    }
    const [driver, ceiling] = [Math.max(...driven), Math.max(...bare)];
    return [
      {
        workload: `SMS through the HTTP driver (Twilio's form), ${batchesUnderWay} × ${batch} under way`,
        figure: rate(driver, 'messages/s'),
        ceiling: `bare undici pool ${rate(ceiling)}`,
        ratio: driver / ceiling,
        aim: '≥ 0.60',
      },
    ];
  } finally {
    stop();
  }
}

function makeMessages(): OutgoingMessage[] {
  return Array.from({ length: batch }, (_, index) => ({
    ...{
      key: String(index).padStart(32, '0'),
      channelType: 'SMS',
      address: `+1206555${String(index).padStart(4, '0')}`,
    },
    content: { kind: 'sms', body: 'Your order 77 has left our house today.', messageType: 'TRANSACTIONAL' },
  }));
}

async function measureDriver(origin: string): Promise<number> {
  const networks = new OutgoingNetworks(['127.0.0.0/8']);
  const http = new OutgoingHttp(networks);
  const settings = twilio.readSettings({
    AccountSid: accountSid,
    AuthToken: authToken,
    From: '+15005550006',
    BaseUrl: origin,
  });
  const parts = { http, networks, clock: systemClock, logger: createLogger('silent'), async received() {} };
  const driver = twilio.open(settings, parts);
  const { signal } = new AbortController();
  const perSecond = await countFor(batchesUnderWay, async () => {
    let accepted = 0;
    await driver.deliver(
      makeMessages(),
      (_message, { status }) => (accepted += status === 'SUCCESSFUL' ? 1 : 0),
      signal,
    );
    if (accepted !== batch) throw new Error('a message was not accepted');
    return batch;
  });
  await driver.close();
  await http.close();
  return perSecond;
}

/** What any client of such an API has to do: make the form, send it, read the answer. */
async function measureBare(origin: string): Promise<number> {
  const pool = new Pool(origin, { connections: batchesUnderWay * batch });
  const headers = {
    authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  const path = `/2010-04-01/Accounts/${accountSid}/Messages.json`;
  const [message] = makeMessages();
  const perSecond = await countFor(batchesUnderWay * batch, async () => {
    const { address = '', content } = message ?? {};
    const body = new URLSearchParams({
      To: address,
      Body: content?.kind === 'sms' ? content.body : '',
      From: '+15005550006',
    });
    const { body: received } = await pool.request({ method: 'POST', path, headers, body: body.toString() });
    const { sid } = (await received.json()) as { sid?: string };
    if (sid === undefined) throw new Error('a message was not accepted');
    return 1;
  });
  await pool.close();
  return perSecond;
}

/** Pieces per second of so many callers, each calling again as soon as it was answered; half a second to warm up. */
async function countFor(parallel: number, call: () => Promise<number>): Promise<number> {
  const from = performance.now() + 500;
  const until = from + seconds * 1000;
  let done = 0;
  const caller = async () => {
    while (performance.now() < until) {
      const pieces = await call();
      if (performance.now() >= from) done += pieces;
    }
  };
  await Promise.all(Array.from({ length: parallel }, caller));
  return done / ((performance.now() - from) / 1000);
}

async function startServer(): Promise<{ readonly origin: string; stop(): void }> {
  const child = spawn(process.execPath, [import.meta.filename], { stdio: ['ignore', 'pipe', 'inherit'] });
  const origin = await new Promise<string>((ready, fail) => {
    child.stdout.once('data', (line: Buffer) => ready(line.toString().trim()));
    child.once('error', fail);
    child.once('exit', () => fail(new Error('the server of the bench ended')));
  });
  return { origin, stop: () => void child.kill() };
}

if (import.meta.main) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(201, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer);
    });
  });
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
}

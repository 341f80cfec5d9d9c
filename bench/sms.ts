/**
 * Drivers of SMS, each beside the bare client that it is built on in the same process: the SMPP driver beside a loop of
 * the library, the HTTP driver beside an undici pool. The servers are processes of their own.
 */
import { pino } from 'pino';
import smpp from 'smpp';
import { Pool } from 'undici';
import type { Driver, DriverParts, Outcome } from '../server/src/domains/channels/driver.ts';
import { httpDriver } from '../server/src/domains/channels/drivers/http/index.ts';
import { smppDriver } from '../server/src/domains/channels/drivers/smpp/index.ts';
import type { OutgoingMessage } from '../server/src/domains/channels/message.ts';
import { systemClock } from '../server/src/kernel/clock.ts';
import { newId } from '../server/src/kernel/ids.ts';
import { OutgoingHttp } from '../server/src/outgoing/http.ts';
import { OutgoingNetworks } from '../server/src/outgoing/networks.ts';
import { startBareServer, startSmscServer } from './processes.ts';
import { type Row, rate } from './table.ts';

const milliseconds = 700;
const rounds = 6;
const window = 50;
const requests = 64;
const text = 'Hello Ana, your order 77 has left the house.';

export async function benchSms(): Promise<Row[]> {
  return [await benchSmpp(), await benchGateway()];
}

async function benchSmpp(): Promise<Row> {
  const server = await startSmscServer();
  const parts = driverParts();
  const settings = { Host: '127.0.0.1', Port: server.port, SystemId: 'bench', Window: window };
  const driver = smppDriver.open(smppDriver.readSettings(settings), parts);
  const bare = await bareSmpp(server.port);
  try {
    const { ours, ceiling } = await takeTurns(() => sendFor(driver), bare.sendFor);
    return toRow(`SMS over SMPP, window ${window}`, ours, `bare smpp ${rate(ceiling)}`, ceiling);
  } finally {
    bare.end();
    await driver.close();
    await parts.http.close();
    await server.stop();
  }
}

async function benchGateway(): Promise<Row> {
  const server = await startBareServer(1, '{"id":"7d1f6a"}');
  const parts = driverParts();
  const settings = {
    Url: `http://127.0.0.1:${server.port}/`,
    Body: '{"to":"{to}","text":"{body}"}',
    MessageIdPath: 'id',
  };
  const driver = httpDriver.open(httpDriver.readSettings(settings), parts);
  const pool = new Pool(`http://127.0.0.1:${server.port}`, { connections: requests });
  try {
    const { ours, ceiling } = await takeTurns(
      () => sendFor(driver),
      () => barePool(pool),
    );
    return toRow(`SMS over HTTP, ${requests} at once`, ours, `bare undici ${rate(ceiling)}`, ceiling);
  } finally {
    await driver.close();
    await pool.close();
    await parts.http.close();
    await server.stop();
  }
}

function toRow(workload: string, ours: number, ceiling: string, ceilingRate: number): Row {
  return { workload, figure: rate(ours, 'messages/s'), ceiling, ratio: ours / ceilingRate, aim: '≥ 0.60' };
}

function driverParts(): DriverParts {
  const networks = new OutgoingNetworks(['127.0.0.0/8']);
  const http = new OutgoingHttp(networks);
  return { http, networks, clock: systemClock, logger: pino({ level: 'silent' }), received: async () => undefined };
}

/** Whatever else the machine does meets both. The best round counts for each. */
async function takeTurns(measure: () => Promise<number>, bare: () => Promise<number>) {
  let ours = 0;
  let ceiling = 0;
  for (let round = 0; round < rounds; round += 1) {
    ours = Math.max(ours, await measure());
    ceiling = Math.max(ceiling, await bare());
  }
  return { ours, ceiling };
}

/** Batches as the pipeline hands them over, as many at once as the driver allows. */
async function sendFor(driver: Driver): Promise<number> {
  const begun = performance.now();
  const signal = new AbortController().signal;
  let sent = 0;
  const report = (_message: OutgoingMessage, { status }: Outcome) => {
    if (status !== 'SUCCESSFUL') throw new Error(`A message was not sent: ${status}`);
    sent += 1;
  };
  const lane = async () => {
    while (performance.now() - begun < milliseconds) {
      await driver.deliver(Array.from({ length: driver.limits.batch }, newMessage), report, signal);
    }
  };
  await Promise.all(Array.from({ length: driver.limits.concurrency }, lane));
  return (sent / (performance.now() - begun)) * 1_000;
}

function newMessage(): OutgoingMessage {
  const content = { kind: 'sms', body: text, messageType: 'TRANSACTIONAL', originationNumber: '+12065550199' } as const;
  return { key: newId(), channelType: 'SMS', address: '+4915112345678', content };
}

interface BareClient {
  sendFor(): Promise<number>;
  end(): void;
}

async function bareSmpp(port: number): Promise<BareClient> {
  const session = await new Promise<BareSession>((bound) => {
    const opened = smpp.connect({ host: '127.0.0.1', port }, () => {
      opened.socket.setNoDelay(true);
      opened.bind_transceiver({ system_id: 'bare', password: '' }, () => bound(opened));
    });
  });
  const sendOne = (sent: () => void) =>
    session.submit_sm(
      {
        ...{
          source_addr_ton: 1,
          source_addr_npi: 1,
          source_addr: '12065550199',
          registered_delivery: 1,
          data_coding: 0,
        },
        ...{ dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: '4915112345678', short_message: Buffer.from(text) },
      },
      sent,
    );
  const sendFor = () =>
    new Promise<number>((done) => {
      const begun = performance.now();
      let sent = 0;
      let waiting = window;
      const next = () => {
        sent += 1;
        const passed = performance.now() - begun;
        if (passed < milliseconds) sendOne(next);
        else if (--waiting === 0) done((sent / passed) * 1_000);
      };
      for (let at = 0; at < window; at += 1) sendOne(next);
    });
  return { sendFor, end: () => session.destroy() };
}

type BareSession = ReturnType<typeof smpp.connect>;

async function barePool(pool: Pool): Promise<number> {
  const begun = performance.now();
  let sent = 0;
  const lane = async () => {
    while (performance.now() - begun < milliseconds) {
      const body = JSON.stringify({ to: '+4915112345678', text });
      const answer = await pool.request({
        path: '/',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      JSON.parse(await answer.body.text());
      sent += 1;
    }
  };
  await Promise.all(Array.from({ length: requests }, lane));
  return (sent / (performance.now() - begun)) * 1_000;
}

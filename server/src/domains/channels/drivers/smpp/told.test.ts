/** What an SMSC tells of its own accord: receipts, inbound messages, parts of them, and bytes that are nothing of it. */

import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deliverAll as deliver } from '../../../../../tests/support/driver-parts.ts';
import { message, open, smsc, until } from '../../../../../tests/support/smpp-driver.ts';
import { systemClock } from '../../../../kernel/clock.ts';
import { OutgoingHttp } from '../../../../outgoing/http.ts';
import { OutgoingNetworks } from '../../../../outgoing/networks.ts';
import type { InboundMessage, ProviderNews, Receipt } from '../../driver.ts';
import { encodeSms } from '../../sms/parts.ts';
import { smppDriver } from './index.ts';
import { decodePdu, type Pdu } from './pdu.ts';
import { usualTiming } from './timing.ts';
import { createTold } from './told.ts';

const networks = new OutgoingNetworks([]);
const http = new OutgoingHttp(networks);

const ok = 0;

/** A driver that is bound, and what it was told. */
async function bound(settings: Readonly<Record<string, unknown>> = {}, store?: () => Promise<void>) {
  const server = await smsc();
  const told: ProviderNews[] = [];
  const batches: number[] = [];
  const lines: string[] = [];
  const driver = open(server.port, {
    settings,
    received: async (news) => {
      await store?.();
      batches.push(news.length);
      told.push(...news);
    },
    log: (line) => lines.push(line),
  });
  await until(() => server.sessions.length > 0);
  return { server, driver, told, batches, lines };
}

const receiptOf = (id: string, stat: string) =>
  Buffer.from(
    `id:${id} sub:001 dlvrd:001 submit date:2611260129 done date:2611260130 stat:${stat} err:000 text:Hello stat:no`,
  );
const phone = { source_addr_ton: 1, source_addr_npi: 1, source_addr: '4915112345678', destination_addr: '72345' };

describe('receipts', () => {
  it.each([
    ['DELIVRD', 'DELIVERED', true, true],
    ['EXPIRED', 'TTL_EXPIRED', false, true],
    ['DELETED', 'UNREACHABLE', false, true],
    ['UNDELIV', 'UNREACHABLE', false, true],
    ['ACCEPTD', 'SUCCESSFUL', false, false],
    ['ENROUTE', 'PENDING', false, false],
    ['UNKNOWN', 'UNKNOWN', false, true],
    ['REJECTD', 'CARRIER_BLOCKED', false, true],
    ['DELIVERED', 'DELIVERED', true, true],
    ['whatever', 'UNKNOWN', false, true],
  ])('in text: %s', async (stat, recordStatus, delivered, final) => {
    const { server, told } = await bound();
    const answer = await server.deliver({ ...phone, esm_class: 4, short_message: receiptOf('abc-1', stat) });
    expect(answer.command_status).toBe(ok);
    expect(told).toEqual([
      { type: 'receipt', channel: 'SMS', messageId: 'abc-1', recordStatus, delivered, final, at: expect.any(Date) },
    ]);
  });

  it.each([
    [Buffer.from('id-7\0'), 2, 'id-7', 'DELIVERED'],
    // Several SMSCs leave out the closing NUL.
    [Buffer.from('id-7'), 5, 'id-7', 'UNREACHABLE'],
    [Buffer.from('id-7'), 77, 'id-7', 'UNKNOWN'],
  ])(
    'in fields of their own, with esm_class or without',
    async (receipted_message_id, message_state, messageId, recordStatus) => {
      for (const esm_class of [0, 4]) {
        const { server, told } = await bound();
        await server.deliver({ ...phone, esm_class, receipted_message_id, message_state });
        expect(told).toMatchObject([{ messageId, recordStatus }]);
      }
    },
  );

  it('on the way', async () => {
    const { server, told } = await bound();
    await server.deliver({ ...phone, esm_class: 0x20, short_message: Buffer.from('id:9 stat:unheard') });
    expect(told).toMatchObject([{ messageId: '9', recordStatus: 'PENDING', final: false }]);
  });

  it.each([
    ['SAME', 'A1', 'A1'],
    ['DECIMAL_OF_HEX', '00a1', '161'],
    ['HEX_OF_DECIMAL', '161', 'A1'],
  ])('name the message as its answer did: %s', async (ReceiptIds, answered, receipted) => {
    const server = await smsc({ submit: (submit) => submit.answer({ message_id: answered }) });
    const told: ProviderNews[] = [];
    const driver = open(server.port, { settings: { ReceiptIds }, received: async (news) => void told.push(...news) });
    const [outcome] = await deliver(driver, [message('x')]);
    await server.deliver({ ...phone, esm_class: 4, short_message: receiptOf(receipted, 'DELIVRD') });
    expect((told[0] as Receipt).messageId).toBe(outcome?.messageId);
  });

  it('that name no message are passed over', async () => {
    const { server, told, lines } = await bound();
    const answer = await server.deliver({ ...phone, esm_class: 4, short_message: Buffer.from('stat:DELIVRD') });
    expect(answer.command_status).toBe(ok);
    expect(told).toEqual([]);
    expect(lines.join()).toContain('names no message');
  });

  it('are acknowledged when they are stored, and stored together', async () => {
    const gate = Promise.withResolvers<void>();
    const { server, batches } = await bound({}, () => gate.promise);
    const answers = Array.from({ length: 300 }, (_, at) =>
      server.deliver({ ...phone, esm_class: 4, short_message: receiptOf(String(at), 'DELIVRD') }),
    );
    let answered = 0;
    for (const answer of answers) void answer.then(() => (answered += 1));
    await pause(100);
    expect(answered).toBe(0);
    gate.resolve();
    await Promise.all(answers);
    expect(batches.reduce((sum, size) => sum + size)).toBe(300);
    expect(batches.length).toBeLessThan(10);
  });

  it('that cannot be stored shall come again, and do not hold up others', async () => {
    const server = await smsc();
    const told: Receipt[] = [];
    open(server.port, {
      received: async (news) => {
        if (news.some((each) => (each as Receipt).messageId === 'bad')) throw new Error('no');
        told.push(...(news as Receipt[]));
      },
    });
    await until(() => server.sessions.length > 0);
    const answers = await Promise.all(
      ['1', 'bad', '2'].map((id) =>
        server.deliver({ ...phone, esm_class: 4, short_message: receiptOf(id, 'DELIVRD') }),
      ),
    );
    expect(answers.map(({ command_status }) => command_status)).toEqual([ok, 0x64, ok]);
    expect(told.map(({ messageId }) => messageId)).toEqual(['1', '2']);
  });
});

describe('inbound messages', () => {
  it.each([
    ['GSM-7', 0, encodeSms('Stop @ €', 'GSM_7'), 'Stop @ €'],
    ['UCS-2', 8, encodeSms('Привет 😀', 'UCS_2'), 'Привет 😀'],
    ['Latin-1', 3, Buffer.from('Größe', 'latin1'), 'Größe'],
    ['ASCII', 1, Buffer.from('hello'), 'hello'],
    ['flash message', 0x10, encodeSms('ä', 'GSM_7'), 'ä'],
    ['flash message of UCS-2', 0x18, encodeSms('漢', 'UCS_2'), '漢'],
    ['ISO 8859-5', 6, Buffer.from([0xbf, 0xe0, 0xd8]), 'При'],
  ])('in %s', async (_name, data_coding, short_message, body) => {
    const { server, told } = await bound();
    expect((await server.deliver({ ...phone, data_coding, short_message })).command_status).toBe(ok);
    const inboundMessageId = expect.stringMatching(/^[0-9a-f]{32}$/);
    expect(told).toEqual([
      { type: 'inbound message', from: '+4915112345678', to: '72345', body, inboundMessageId, at: expect.any(Date) },
    ]);
  });

  it.each([
    [{ source_addr_ton: 0, source_addr: '12065550142' }, '+12065550142'],
    [{ source_addr_ton: 0, source_addr: '+12065550142' }, '+12065550142'],
    [{ source_addr_ton: 1, source_addr: '4915112345678' }, '+4915112345678'],
    [{ source_addr_ton: 5, source_addr: 'Bank' }, 'Bank'],
    [{ source_addr_ton: 3, source_addr: '33123' }, '33123'],
  ])('of %j', async (source, from) => {
    const { server, told } = await bound();
    await server.deliver({ ...source, destination_addr: '4915112345678', short_message: Buffer.from('x') });
    expect(told).toMatchObject([{ from, to: '+4915112345678' }]);
  });

  it('binary ones are acknowledged and passed over', async () => {
    const { server, told } = await bound();
    expect((await server.deliver({ ...phone, data_coding: 4, short_message: Buffer.from([1]) })).command_status).toBe(
      ok,
    );
    expect(told).toEqual([]);
  });

  it('in message_payload, and over a receiver of its own', async () => {
    const { server, told } = await bound({ BindMode: 'TRANSMITTER_AND_RECEIVER' });
    await until(() => server.sessions.length === 2);
    await server.deliver({ ...phone, data_coding: 8, message_payload: encodeSms('漢'.repeat(300), 'UCS_2') });
    expect(told).toMatchObject([{ body: '漢'.repeat(300) }]);
  });

  it('told again for want of an answer, it keeps its id; the same words once more are another message', async () => {
    const server = await smsc();
    const told: InboundMessage[] = [];
    open(server.port, {
      received: async (news) => {
        told.push(...(news as InboundMessage[]));
        if (told.length < 3) throw new Error('no');
      },
    });
    await until(() => server.sessions.length > 0);
    const statuses: number[] = [];
    for (let time = 0; time < 4; time += 1) {
      statuses.push((await server.deliver({ ...phone, short_message: Buffer.from('yes') })).command_status);
    }
    expect(statuses).toEqual([0x64, 0x64, ok, ok]);
    const ids = told.map(({ inboundMessageId }) => inboundMessageId);
    expect(new Set(ids.slice(0, 3)).size).toBe(1);
    expect(ids[3]).not.toBe(ids[0]);
  });
});

describe('inbound messages in parts', () => {
  const part = (reference: number, total: number, number: number, bytes: Buffer, data_coding = 0) => ({
    ...{ ...phone, esm_class: 0x40, data_coding },
    short_message: Buffer.concat([Buffer.from([5, 0, 3, reference, total, number]), bytes]),
  });
  const wide = (reference: number, total: number, number: number, bytes: Buffer) => ({
    ...{ ...phone, esm_class: 0x40, data_coding: 8 },
    short_message: Buffer.concat([
      Buffer.from([10, 5, 2, 0, 0, 8, 4, reference >> 8, reference & 255, total, number]),
      bytes,
    ]),
  });

  it('in any order, with a pair of surrogates cut in two; acknowledged together', async () => {
    const { server, told } = await bound();
    const whole = encodeSms('Привет 😀 мир', 'UCS_2');
    const [first, second] = [whole.subarray(0, 16), whole.subarray(16)];
    const early = server.deliver(wide(770, 2, 2, second));
    await pause(40);
    expect(told).toEqual([]);
    const answers = await Promise.all([early, server.deliver(wide(770, 2, 1, first))]);
    expect(answers.map(({ command_status }) => command_status)).toEqual([ok, ok]);
    expect(told).toMatchObject([{ body: 'Привет 😀 мир' }]);
  });

  it('in fields instead of a header', async () => {
    const { server, told } = await bound();
    const field = (sar_segment_seqnum: number, text: string) =>
      server.deliver({
        ...{ ...phone, sar_msg_ref_num: 5, sar_total_segments: 2, sar_segment_seqnum },
        short_message: Buffer.from(text),
      });
    await Promise.all([field(1, 'one '), field(2, 'two')]);
    expect(told).toMatchObject([{ body: 'one two' }]);
  });

  it('several messages at once, and parts sent twice', async () => {
    const { server, told } = await bound();
    await Promise.all([
      server.deliver(part(1, 2, 1, Buffer.from('a1 '))),
      server.deliver(part(2, 2, 1, Buffer.from('b1 '))),
      server.deliver(part(1, 2, 1, Buffer.from('a1 '))),
      server.deliver(part(2, 2, 2, Buffer.from('b2'))),
      server.deliver(part(1, 2, 2, Buffer.from('a2'))),
    ]);
    expect((told as InboundMessage[]).map(({ body }) => body)).toEqual(['b1 b2', 'a1 a2']);
  });

  it('an SMSC that sends one at a time is not left waiting', async () => {
    const { server, told } = await bound();
    for (const number of [1, 2, 3]) {
      expect((await server.deliver(part(9, 3, number, Buffer.from(`${number}`)))).command_status).toBe(ok);
    }
    expect(told).toMatchObject([{ body: '123' }]);
  });

  it('what cannot be stored is whole again when its last part comes again', async () => {
    const server = await smsc();
    const told: InboundMessage[] = [];
    let failures = 1;
    open(server.port, {
      received: async (news) => {
        if (failures-- > 0) throw new Error('no');
        told.push(...(news as InboundMessage[]));
      },
    });
    await until(() => server.sessions.length > 0);
    const status = async (number: number) =>
      (await server.deliver(part(5, 2, number, Buffer.from(`${number}`)))).command_status;
    expect([await status(1), await status(2), await status(2)]).toEqual([ok, 0x64, ok]);
    expect(told.map(({ body }) => body)).toEqual(['12']);
  });

  it('what never becomes whole is told in the end', async () => {
    const { server, told } = await bound();
    await Promise.all([
      server.deliver(part(3, 4, 1, Buffer.from('one'))),
      server.deliver(part(3, 4, 4, Buffer.from('four'))),
    ]);
    expect(told).toEqual([]);
    await until(() => told.length === 1);
    expect(told).toMatchObject([{ body: 'one…four' }]);
  });

  it('or when the driver is closed, if it was acknowledged', async () => {
    const { server, told, driver } = await bound();
    await server.deliver(part(3, 2, 2, Buffer.from('end')));
    await driver.close();
    expect(told).toMatchObject([{ body: '…end' }]);
  });

  it('a place that cannot be is none', async () => {
    const { server, told } = await bound();
    await server.deliver(part(1, 2, 3, Buffer.from('beyond')));
    await server.deliver(part(1, 0, 0, Buffer.from('nowhere')));
    await server.deliver({ ...phone, esm_class: 0x40, short_message: Buffer.from([200, 1]) });
    expect((told as InboundMessage[]).map(({ body }) => body.slice(0, 7))).toEqual(['beyond', 'nowhere', '\ufffd£']);
  });
});

describe('bytes by hand', () => {
  /** Binds whoever comes, and then does what the test says with the bare socket. */
  async function rawSmsc(bound: (socket: Socket, connections: number) => void) {
    const answers: Buffer[] = [];
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      const mine = connections;
      let isBound = false;
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        if (isBound) {
          answers.push(chunk);
          return;
        }
        isBound = true;
        socket.write(pdu(0x80000009, ok, chunk.readUInt32BE(12), Buffer.from('smsc\0')));
        setTimeout(() => bound(socket, mine), 20);
      });
      onTestFinished(() => void socket.destroy());
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    return { port: (server.address() as AddressInfo).port, answers, connections: () => connections };
  }

  function pdu(command: number, status: number, sequence: number, body: Buffer = Buffer.alloc(0)): Buffer {
    const header = Buffer.alloc(16);
    for (const [at, word] of [16 + body.length, command, status, sequence].entries())
      header.writeUInt32BE(word, at * 4);
    return Buffer.concat([header, body]);
  }

  async function writeSlowly(socket: Socket, bytes: Buffer): Promise<void> {
    for (const byte of bytes) {
      socket.write(Buffer.from([byte]));
      await pause(1);
    }
  }

  const deliverSm = (sequence: number, text: string) => {
    const fields = ['\0', '\x01\x01', '4915112345678\0', '\x03\0', '72345\0', '\0\0\0', '\0', '\0', '\0\0', '\0\0'];
    const body = Buffer.concat([Buffer.from(fields.join(''), 'latin1'), Buffer.from([text.length]), Buffer.from(text)]);
    return pdu(0x05, ok, sequence, body);
  };

  it('a message in single bytes, and several in one piece', async () => {
    const told: InboundMessage[] = [];
    const { port, answers } = await rawSmsc((socket) => {
      socket.setNoDelay(true);
      void writeSlowly(socket, deliverSm(7, 'slowly')).then(() =>
        socket.write(Buffer.concat([deliverSm(8, 'two'), deliverSm(9, 'three'), pdu(0x15, ok, 10)])),
      );
    });
    open(port, { received: async (news) => void told.push(...(news as InboundMessage[])) });
    await until(() => Buffer.concat(answers).length >= 3 * 17 + 16);
    expect(told.map(({ body }) => body)).toEqual(['slowly', 'two', 'three']);
    const sequences: number[] = [];
    for (let rest = Buffer.concat(answers); rest.length > 0; rest = rest.subarray(rest.readUInt32BE(0))) {
      expect(rest.readUInt32BE(8)).toBe(ok);
      sequences.push(rest.readUInt32BE(12));
    }
    expect(sequences.sort()).toEqual([10, 7, 8, 9]);
  });

  it('a command that SMPP does not have, and a message whose fields are broken', async () => {
    const { port, answers, connections } = await rawSmsc((socket) => {
      socket.write(pdu(0x00000777, ok, 21));
      // sar_msg_ref_num of one byte, at the very end.
      const broken = Buffer.concat([deliverSm(22, 'x').subarray(16), Buffer.from([0x02, 0x0c, 0x00, 0x02, 0x01])]);
      socket.write(pdu(0x05, ok, 22, broken));
      socket.write(deliverSm(23, 'fine'));
    });
    const told: InboundMessage[] = [];
    open(port, { received: async (news) => void told.push(...(news as InboundMessage[])) });
    await until(() => Buffer.concat(answers).length >= 16 + 16 + 17);
    const all = Buffer.concat(answers);
    expect([all.readUInt32BE(4), all.readUInt32BE(8), all.readUInt32BE(12)]).toEqual([0x80000000, 0x03, 21]);
    expect([all.readUInt32BE(20), all.readUInt32BE(24), all.readUInt32BE(28)]).toEqual([0x80000005, 0x65, 22]);
    await until(() => told.length === 1);
    expect(connections()).toBe(1);
  });

  it.each([
    ['a length of nothing', Buffer.from([0, 0, 0, 0])],
    ['a length below the header', Buffer.from([0, 0, 0, 4, 1, 2, 3, 4])],
    ['a length beyond reason', Buffer.from([0x7f, 0xff, 0xff, 0xff])],
    ['another protocol', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('%s: the connection is given up and made again', async (_name, bytes) => {
    const { port, connections } = await rawSmsc((socket, mine) => {
      if (mine === 1) socket.write(bytes);
    });
    const driver = open(port);
    await until(() => connections() === 2);
    await driver.close();
  });

  it('answers to what was never asked', async () => {
    const { port, connections } = await rawSmsc((socket) => {
      socket.write(pdu(0x80000004, ok, 4_000, Buffer.from('x\0')));
      socket.write(pdu(0x80000000, 0x03, 0));
    });
    open(port);
    await pause(120);
    expect(connections()).toBe(1);
  });

  it('generic_nack is an answer, and an answer without an id is a success', async () => {
    let sequence = 0;
    const { port, answers } = await rawSmsc((socket) => {
      socket.on('data', (chunk) => {
        sequence = chunk.readUInt32BE(12);
        const isFirst = answers.length === 1;
        socket.write(isFirst ? pdu(0x80000000, 0x02, sequence) : pdu(0x80000004, ok, sequence));
      });
    });
    const driver = open(port);
    await pause(60);
    expect(await deliver(driver, [message('x')])).toMatchObject([{ status: 'PERMANENT_FAILURE' }]);
    const [outcome] = await deliver(driver, [message('x')]);
    expect(outcome).toMatchObject({ status: 'SUCCESSFUL' });
    expect(outcome).not.toHaveProperty('messageId');
  });
});

it('no bytes of an SMSC can harm us', async () => {
  const told = createTold(
    smppDriver.readSettings({ Host: 'smsc', SystemId: 'x' }),
    {
      ...{ clock: systemClock, logger: pino({ level: 'silent' }), networks, http },
      received: async (news) => expect(news.length).toBeGreaterThan(0),
    },
    { ...usualTiming, partHoldMilliseconds: 0 },
  );
  const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 2, 5, 8, 0x40, 0x04, 0x1e, 0x24));
  await fc.assert(
    fc.asyncProperty(fc.array(byte, { maxLength: 120 }), async (bytes) => {
      const header = Buffer.alloc(16);
      for (const [at, word] of [16 + bytes.length, 5, 0, 1].entries()) header.writeUInt32BE(word, at * 4);
      let pdu: Pdu;
      try {
        pdu = decodePdu(Buffer.concat([header, Buffer.from(bytes)]));
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        return;
      }
      expect([0, 0x64]).toContain(await told.received(pdu, () => true));
    }),
    { numRuns: 1_500 },
  );
  await told.close();
}, 30_000);

it('nothing of people or secrets is logged', async () => {
  const { server, driver, lines } = await bound({}, async () => {
    throw new Error('the database is away');
  });
  await deliver(driver, [message('a private text'), message('x', { address: 'nobody-private' })]);
  await server.deliver({ ...phone, short_message: Buffer.from('a private answer') });
  await server.deliver({ ...phone, esm_class: 4, short_message: receiptOf('1', 'DELIVRD') });
  await server.close();
  await until(() => lines.some((line) => line.includes('no connection')));
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.join()).not.toMatch(/private|4915112345678|secret|127\.0\.0\.1/);
});

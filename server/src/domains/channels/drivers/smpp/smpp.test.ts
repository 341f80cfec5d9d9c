/** The SMPP driver against a real SMSC over TCP: what arrives, what is reported, and what happens when things go wrong. */
import { setTimeout as pause } from 'node:timers/promises';
import { generate } from 'selfsigned';
import type { Session } from 'smpp';
import { describe, expect, it } from 'vitest';
import { deliverAll as deliver } from '../../../../../tests/support/driver-parts.ts';
import { message, open, smsc, until } from '../../../../../tests/support/smpp-driver.ts';
import type { Submitted } from '../../../../../tests/support/smsc.ts';
import type { Outcome } from '../../driver.ts';
import type { SmsContent } from '../../message.ts';

const texts = (count: number) => Array.from({ length: count }, (_, at) => message(`text ${at}`));
const statusesOf = (outcomes: readonly Outcome[]) => outcomes.map(({ status }) => status);

describe('content', () => {
  it.each([
    ['GSM-7', 'Hello @£$¥ äöüÄÖÜß {x} [y] €', 0],
    ['UCS-2', 'Здравствуйте 😀', 8],
    ['nothing', '', 0],
    ['160 characters', 'a'.repeat(160), 0],
    ['70 characters', '漢'.repeat(70), 8],
  ])('%s arrives as it is', async (_name, body, coding) => {
    const server = await smsc();
    const [outcome] = await deliver(open(server.port), [message(body)]);
    expect(outcome).toEqual({ status: 'SUCCESSFUL', statusCode: 200, statusMessage: 'MessageId: 1', messageId: '1' });
    const [{ text, header, pdu } = {} as Submitted] = server.submitted;
    expect(server.submitted).toHaveLength(1);
    expect(text.toString()).toBe(body);
    expect(header).toBeUndefined();
    expect(pdu).toMatchObject({
      data_coding: coding,
      registered_delivery: 1,
      esm_class: 0,
      dest_addr_ton: 1,
      dest_addr_npi: 1,
    });
    expect(pdu['destination_addr']).toBe('4915112345678');
  });

  it.each([
    ['GSM-7', `${'a'.repeat(152)}€${'b'.repeat(200)}`, 3],
    ['UCS-2', `${'漢'.repeat(66)}😀${'字'.repeat(80)}`, 3],
  ])('a long message of %s leaves in parts with a header', async (_name, body, count) => {
    const server = await smsc();
    const [outcome] = await deliver(open(server.port), [message(body)]);
    expect(server.submitted.map(({ text }) => text).join('')).toBe(body);
    expect(server.submitted).toHaveLength(count);
    const headers = server.submitted.map(({ header }) => [...(header as Buffer)]);
    const reference = headers[0]?.[2];
    expect(headers).toEqual(Array.from({ length: count }, (_, at) => [0, 3, reference, count, at + 1]));
    // The receipt of the last part stands for the message.
    expect(server.submitted.map(({ pdu }) => pdu['registered_delivery'])).toEqual([0, 0, 1]);
    expect(outcome).toMatchObject({ status: 'SUCCESSFUL', messageId: '3' });
  });

  it('or in one piece, where the provider cuts it', async () => {
    const server = await smsc();
    const body = 'long '.repeat(100);
    await deliver(open(server.port, { settings: { LongMessages: 'MESSAGE_PAYLOAD' } }), [message(body)]);
    expect(server.submitted.map(({ text }) => text)).toEqual([body]);
    expect(server.submitted[0]?.pdu).toMatchObject({ esm_class: 0, registered_delivery: 1 });
  });

  it.each([
    [{ originationNumber: '+12065550199' }, 1, 1, '12065550199'],
    [{ originationNumber: '72345' }, 3, 0, '72345'],
    [{ senderId: 'Shop' }, 5, 0, 'Shop'],
    [{ originationNumber: '+12065550199', senderId: 'Shop' }, 1, 1, '12065550199'],
    [{}, 5, 0, 'Default'],
  ])('the sender of %j', async (content, ton, npi, address) => {
    const server = await smsc();
    await deliver(open(server.port, { settings: { SourceAddress: 'Default', ServiceType: 'OTP' } }), [
      message('x', content),
    ]);
    expect(server.submitted[0]?.pdu).toMatchObject({
      ...{ source_addr_ton: ton, source_addr_npi: npi, source_addr: address, service_type: 'OTP' },
    });
  });

  it('registration in India', async () => {
    const server = await smsc();
    await deliver(open(server.port), [message('x', { entityId: '1101456324', templateId: '1107161234' })]);
    expect(server.submitted[0]?.pdu).toMatchObject({
      dlt_entity_id: Buffer.from('1101456324'),
      dlt_template_id: Buffer.from('1107161234'),
    });
  });

  it('what cannot be sent never reaches the SMSC', async () => {
    const server = await smsc();
    const outcomes = await deliver(open(server.port), [
      message('a'.repeat(1601)),
      message('漢'.repeat(631)),
      message('x', { address: 'nobody' }),
      message('x', { senderId: 'one\0two' }),
      message('x', { entityId: 'ä' }),
      { ...message('x'), content: { kind: 'voice', body: 'x' } },
    ]);
    expect(outcomes.map(({ status, statusCode }) => [status, statusCode])).toEqual(
      Array.from({ length: 6 }, () => ['PERMANENT_FAILURE', 400]),
    );
    expect(server.submitted).toEqual([]);
  });
});

describe('answers', () => {
  it.each([
    [0x58, 'THROTTLED', 429, 'ESME_RTHROTTLED (0x00000058)'],
    [0x14, 'THROTTLED', 429, 'ESME_RMSGQFUL (0x00000014)'],
    [0x08, 'TEMPORARY_FAILURE', 503, 'ESME_RSYSERR (0x00000008)'],
    [0x0b, 'PERMANENT_FAILURE', 400, 'ESME_RINVDSTADR (0x0000000B)'],
    [0x0a, 'PERMANENT_FAILURE', 400, 'ESME_RINVSRCADR (0x0000000A)'],
    [0x401, 'PERMANENT_FAILURE', 400, '0x00000401'],
  ])('%i', async (command_status, status, statusCode, statusMessage) => {
    const server = await smsc({ submit: (submit) => submit.answer({ command_status }) });
    expect(await deliver(open(server.port), [message('x')])).toEqual([{ status, statusCode, statusMessage }]);
  });

  it('in any order belong to their messages', async () => {
    const held: Submitted[] = [];
    const server = await smsc({
      submit: (submit) => {
        held.push(submit);
        if (held.length < 40) return;
        for (const each of held.reverse()) each.answer({ message_id: `of ${each.text}` });
      },
    });
    const outcomes = await deliver(open(server.port), texts(40));
    expect(outcomes.map(({ messageId }) => messageId)).toEqual(Array.from({ length: 40 }, (_, at) => `of text ${at}`));
  });

  it('that come late are not taken for others', async () => {
    const late: Submitted[] = [];
    const server = await smsc({
      submit: (submit) => {
        if (submit.text === 'late') late.push(submit);
        else submit.answer();
      },
    });
    const driver = open(server.port, { settings: { AnswerTimeoutSeconds: 1 } });
    expect(await deliver(driver, [message('late')])).toMatchObject([{ status: 'UNKNOWN_FAILURE', statusCode: 504 }]);
    late[0]?.answer({ message_id: 'too late' });
    expect(await deliver(driver, [message('other')])).toMatchObject([{ status: 'SUCCESSFUL', messageId: '2' }]);
  });

  it('a long message is successful only when all of its parts are', async () => {
    let refusals = 0;
    const server = await smsc({
      submit: (submit) => {
        const part = submit.header?.[4];
        const command_status =
          { throttled: 0x58, refused: 0x0b, relents: 0x58 }[submit.text.split(' ')[0] as string] ?? 0;
        const relents = submit.text.startsWith('relents') && ++refusals > 2;
        submit.answer(part === 2 && !relents ? { command_status } : {});
      },
    });
    const long = (word: string) => message(`${'x'.repeat(153)}${`${word} `.repeat(10)}`);
    const outcomes = await deliver(open(server.port), [
      long('throttled'),
      long('refused'),
      long('relents'),
      long('fine'),
    ]);
    expect(statusesOf(outcomes)).toEqual(['UNKNOWN_FAILURE', 'PERMANENT_FAILURE', 'SUCCESSFUL', 'SUCCESSFUL']);
    expect(outcomes[0]?.statusMessage).toContain('Part 2 of 2: ESME_RTHROTTLED');
  });
});

describe('the window', () => {
  it('is filled and never exceeded, over several deliveries', async () => {
    const server = await smsc({ submit: (submit) => setTimeout(() => submit.answer(), 5) });
    const driver = open(server.port, { settings: { Window: 10 } });
    const outcomes = await Promise.all([
      deliver(driver, texts(60)),
      deliver(driver, texts(60)),
      deliver(driver, texts(60)),
    ]);
    expect(new Set(outcomes.flatMap(statusesOf))).toEqual(new Set(['SUCCESSFUL']));
    expect(server.waiting.most).toBe(10);
    expect(server.submitted).toHaveLength(180);
    expect(driver.limits).toEqual({ batch: 5, concurrency: 4 });
  });
});

describe('a broken connection', () => {
  it('what was sent is unknown, what was not is temporary, and sending goes on', async () => {
    let broken = 0;
    const server = await smsc({
      submit: (submit, session) => {
        if (server.submitted.length % 30 === 0 && broken < 1) {
          broken += 1;
          session.destroy();
        } else setTimeout(() => submit.answer(), 20);
      },
    });
    const driver = open(server.port, { settings: { Window: 10 } });
    const outcomes = await deliver(driver, texts(100));
    const count = (status: string) => statusesOf(outcomes).filter((each) => each === status).length;
    expect(count('UNKNOWN_FAILURE')).toBeGreaterThan(0);
    expect(count('UNKNOWN_FAILURE')).toBeLessThanOrEqual(10);
    expect(count('SUCCESSFUL') + count('TEMPORARY_FAILURE')).toBe(100 - count('UNKNOWN_FAILURE'));
    expect(outcomes.find(({ status }) => status === 'UNKNOWN_FAILURE')).toMatchObject({ providerIsDown: true });
    await until(() => server.sessions.length === 1);
    expect(statusesOf(await deliver(driver, texts(5)))).toEqual(Array(5).fill('SUCCESSFUL'));
    // Nothing reported as temporary had been sent.
    const seen = new Set(server.submitted.map(({ text }) => text));
    for (const [at, { status }] of outcomes.entries()) {
      if (status === 'TEMPORARY_FAILURE' && at > 4) expect(seen.has(`text ${at}`)).toBe(false);
    }
  });

  it('no SMSC at all: temporary, at once, and the provider is down', async () => {
    const driver = open(1);
    const outcomes = await deliver(driver, texts(3));
    expect(outcomes).toMatchObject(
      Array(3).fill({ status: 'TEMPORARY_FAILURE', statusCode: 503, providerIsDown: true }),
    );
    expect(outcomes[0]?.statusMessage).toContain('ECONNREFUSED');
  });

  it.each([
    [0x0e, 'ESME_RINVPASWD'],
    [0x05, 'ESME_RALYBND'],
    [0x0d, 'ESME_RBINDFAIL'],
  ])('a bind that is refused (%i) is tried again', async (status, name) => {
    const server = await smsc({ bind: (attempt) => (attempt < 3 ? status : 0) });
    const driver = open(server.port);
    const [outcome] = await deliver(driver, texts(1));
    expect(outcome).toMatchObject({ status: 'TEMPORARY_FAILURE', providerIsDown: true });
    expect(outcome?.statusMessage).toContain(name);
    await until(() => server.sessions.length === 1);
    expect(server.binds).toHaveLength(3);
    expect(statusesOf(await deliver(driver, texts(1)))).toEqual(['SUCCESSFUL']);
  });

  it('a bind that is not answered', async () => {
    const server = await smsc({ bind: () => undefined });
    const [outcome] = await deliver(open(server.port, { timing: { connectMilliseconds: 50 } }), texts(1));
    expect(outcome).toMatchObject({ status: 'TEMPORARY_FAILURE', providerIsDown: true });
  });

  it('a connection that is silent is given up', async () => {
    const server = await smsc({ ignoresEnquireLink: true, submit: () => undefined });
    const driver = open(server.port, { settings: { EnquireLinkSeconds: 1, AnswerTimeoutSeconds: 1 } });
    await until(() => server.binds.length > 1);
    expect(server.sessions.length).toBeLessThanOrEqual(1);
    expect(driver.limits.batch).toBe(25);
  });

  it('an SMSC that says good-bye still answers what was sent', async () => {
    const server = await smsc({
      submit: (submit, session: Session) => {
        if (submit.text !== 'text 0') return submit.answer();
        session.unbind({}, () => setTimeout(() => submit.answer({ message_id: 'after all' }), 30));
      },
    });
    const driver = open(server.port);
    expect(await deliver(driver, texts(1))).toMatchObject([{ status: 'SUCCESSFUL', messageId: 'after all' }]);
    await until(() => server.binds.length === 2 && server.sessions.length === 1);
    expect(statusesOf(await deliver(driver, [message('next')]))).toEqual(['SUCCESSFUL']);
  });

  it('closed networks are never connected to', async () => {
    const server = await smsc();
    for (const Host of ['127.0.0.1', 'localhost']) {
      const [outcome] = await deliver(open(server.port, { allowed: [], settings: { Host } }), texts(1));
      expect(outcome).toMatchObject({ status: 'TEMPORARY_FAILURE', providerIsDown: true });
      expect(outcome?.statusMessage).toContain('REPOINT_ALLOWED_NETWORKS');
    }
    expect(server.binds).toEqual([]);
  });
});

describe('stopping', () => {
  it('what was sent is waited for, what was not is temporary', async () => {
    const server = await smsc({ submit: (submit) => setTimeout(() => submit.answer(), 60) });
    const stop = new AbortController();
    const driver = open(server.port, { settings: { Window: 5 } });
    const delivered = deliver(driver, texts(20), stop.signal);
    await until(() => server.submitted.length === 5);
    stop.abort();
    const outcomes = await delivered;
    expect(statusesOf(outcomes)).toEqual([...Array(5).fill('SUCCESSFUL'), ...Array(15).fill('TEMPORARY_FAILURE')]);
    expect(server.submitted).toHaveLength(5);
  });

  it('but not for ever', async () => {
    const server = await smsc({ submit: () => undefined });
    const stop = new AbortController();
    const delivered = deliver(open(server.port, { settings: { Window: 5 } }), texts(10), stop.signal);
    await until(() => server.submitted.length === 5);
    stop.abort();
    expect(statusesOf(await delivered)).toEqual([
      ...Array(5).fill('UNKNOWN_FAILURE'),
      ...Array(5).fill('TEMPORARY_FAILURE'),
    ]);
  });

  it('before anything was sent', async () => {
    const server = await smsc();
    expect(statusesOf(await deliver(open(server.port), texts(3), AbortSignal.abort()))).toEqual(
      Array(3).fill('TEMPORARY_FAILURE'),
    );
    expect(server.submitted).toEqual([]);
  });

  it('while there is no connection, and a message of which a part is gone is finished', async () => {
    const stop = new AbortController();
    const server = await smsc({
      submit: (submit) => {
        stop.abort();
        setTimeout(() => submit.answer(), 10);
      },
    });
    expect(await deliver(open(server.port), [message('x'.repeat(400))], stop.signal)).toMatchObject([
      { status: 'SUCCESSFUL', messageId: '3' },
    ]);
    const silent = await smsc({ bind: () => undefined });
    const delivered = deliver(open(silent.port), texts(3), AbortSignal.timeout(50));
    expect(statusesOf(await delivered)).toEqual(Array(3).fill('TEMPORARY_FAILURE'));
  });

  it('close says good-bye and ends every connection', async () => {
    const server = await smsc();
    const driver = open(server.port, { settings: { BindMode: 'TRANSMITTER_AND_RECEIVER' } });
    await until(() => server.sessions.length === 2);
    let unbinds = 0;
    for (const session of server.sessions) session.on('unbind', () => (unbinds += 1));
    await driver.close();
    await until(() => server.sessions.length === 0);
    expect(unbinds).toBe(2);
    await pause(150);
    expect(server.binds.sort()).toEqual(['bind_receiver', 'bind_transmitter']);
    expect(statusesOf(await deliver(driver, texts(1)))).toEqual(['TEMPORARY_FAILURE']);
  });
});

describe('TLS', () => {
  it('with an authority of its own; without it the SMSC is not believed', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'localhost' },
            { type: 7, ip: '127.0.0.1' },
          ],
        },
      ],
    });
    const server = await smsc({ tls: { key, cert } });
    const settings = { Tls: true, Host: 'localhost' };
    expect(
      statusesOf(await deliver(open(server.port, { settings: { ...settings, CertificateAuthority: cert } }), texts(2))),
    ).toEqual(['SUCCESSFUL', 'SUCCESSFUL']);
    const byAddress = { Tls: true, CertificateAuthority: cert };
    expect(statusesOf(await deliver(open(server.port, { settings: byAddress }), texts(1)))).toEqual(['SUCCESSFUL']);
    const [refused] = await deliver(open(server.port, { settings }), texts(1));
    expect(refused).toMatchObject({ status: 'TEMPORARY_FAILURE', providerIsDown: true });
    expect(refused?.statusMessage).toContain('CERT');
  });
});

it('under any faults every message is reported once, and never wrongly', async () => {
  const accepted = new Set<string>();
  let random = 20_26;
  const next = (below: number) => {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((random / 2_147_483_648) * below);
  };
  const accept = (submit: Submitted) => {
    accepted.add(submit.text);
    submit.answer();
  };
  const server = await smsc({
    bind: (attempt) => (attempt % 3 === 2 ? 0x0d : 0),
    submit: (submit, session) => {
      const kind = next(100);
      if (kind < 50) setTimeout(() => accept(submit), next(15));
      else if (kind < 80) accept(submit);
      else if (kind < 88) submit.answer({ command_status: 0x58 });
      else if (kind < 93) submit.answer({ command_status: 0x0b });
      else if (kind < 95) accepted.add(submit.text);
      else if (kind < 97) {
        accepted.add(submit.text);
        session.destroy();
      } else if (kind < 98) session.socket.write(Buffer.from('garbage that is not SMPP at all'));
      else submit.answer({ command_status: 0x401 });
    },
  });
  const driver = open(server.port, { settings: { Window: 20, AnswerTimeoutSeconds: 1 } });
  const stop = new AbortController();
  const batches = Array.from({ length: 12 }, (_, batch) =>
    Array.from({ length: 40 }, (_none, at) => message(`${batch}/${at}`)),
  );
  setTimeout(() => stop.abort(), 2_500);
  const outcomes = (
    await Promise.all(
      batches.map(async (batch, at) => {
        await pause(at * 150);
        return deliver(driver, batch, stop.signal);
      }),
    )
  ).flat();
  const bodies = batches.flat().map(({ content }) => (content as SmsContent).body);
  const wrong = bodies.filter((body, at) => {
    const { status } = outcomes[at] as Outcome;
    return accepted.has(body) ? !['SUCCESSFUL', 'UNKNOWN_FAILURE'].includes(status) : status === 'SUCCESSFUL';
  });
  expect(wrong).toEqual([]);
  expect(new Set(statusesOf(outcomes))).toEqual(
    new Set(['SUCCESSFUL', 'THROTTLED', 'TEMPORARY_FAILURE', 'PERMANENT_FAILURE', 'UNKNOWN_FAILURE']),
  );
}, 20_000);

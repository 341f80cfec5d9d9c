/**
 * The driver against two servers that share nothing with it: smtp-server (TLS, AUTH, replies by recipient) and a small
 * sink that misbehaves at any step.
 */
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { generate } from 'selfsigned';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openSink, type Sink, type SinkOptions } from '../../../../../tests/support/smtp-sink.ts';
import { ManualClock } from '../../../../kernel/clock.ts';
import { createLogger } from '../../../../kernel/logger.ts';
import { OutgoingHttp } from '../../../../outgoing/http.ts';
import { OutgoingNetworks } from '../../../../outgoing/networks.ts';
import type { Driver, DriverParts, Outcome } from '../../driver.ts';
import type { EmailContent, OutgoingMessage } from '../../message.ts';
import { stuffDots } from './prepare.ts';
import { defaultTimeouts } from './session.ts';
import { readSettings, readTrustedSettings, type SmtpSettings } from './settings.ts';
import { openSmtp, smtpKind } from './smtp.ts';

const modern = ['PIPELINING', '8BITMIME', 'SIZE 20000000', 'SMTPUTF8', 'ENHANCEDSTATUSCODES'];
const quick = { ...defaultTimeouts, connect: 2_000, greeting: 300, answer: 300, content: 300, idle: 300 };
const networks = new OutgoingNetworks(['127.0.0.0/8', '::1']);
const http = new OutgoingHttp(networks);
const parts: DriverParts = {
  ...{ http, networks, clock: new ManualClock('2026-11-26T01:29:08Z'), logger: createLogger('silent') },
  received: () => Promise.reject(new Error('SMTP tells nothing of its own accord')),
};
const never = new AbortController().signal;

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
afterAll(() => http.close());

async function sinkWith(options: SinkOptions = {}): Promise<Sink> {
  const sink = await openSink({ extensions: modern, ...options });
  open.push(() => sink.close());
  return sink;
}

function driverFor(port: number, given: Record<string, unknown> = {}, timeouts = quick): Driver {
  const driver = openSmtp(readSettings({ Host: '127.0.0.1', Port: port, ...given }), parts, timeouts);
  open.push(() => driver.close());
  return driver;
}

const content: EmailContent = {
  ...{ kind: 'email', from: 'Shop <shop@example.com>', replyTo: [], subject: 'Order', headers: [] },
  ...{ text: 'Hello\n.\n..two\nend', html: '<p>Grüße und noch ein wenig mehr Text</p>' },
};
const toMessage = (address: string, index: number, own: Partial<EmailContent> = {}): OutgoingMessage => ({
  key: index.toString(16).padStart(32, '0'),
  ...{ channelType: 'EMAIL', address, content: { ...content, ...own } },
});
const people = (count: number, first = 0) =>
  Array.from({ length: count }, (_, index) => toMessage(`p${first + index}@example.org`, first + index));

/** Fails for a message that is reported twice or never. */
async function deliver(
  driver: Driver,
  messages: readonly OutgoingMessage[],
  signal = never,
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const report = ({ address }: OutgoingMessage, outcome: Outcome) => {
    expect(outcomes.has(address), `${address} was reported twice`).toBe(false);
    outcomes.set(address, outcome);
  };
  await driver.deliver(messages, report, signal);
  expect([...outcomes.keys()].sort()).toEqual(messages.map(({ address }) => address).sort());
  return outcomes;
}

const statuses = (outcomes: Map<string, Outcome>) => {
  const counts: Record<string, number> = {};
  for (const { status } of outcomes.values()) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

describe('mails reach the sink', () => {
  test.each([
    ['with pipelining', modern, 3],
    ['without', ['8BITMIME'], 1],
    ['that knows HELO only', [], 1],
  ])('%s', async (title, extensions, longestGroup) => {
    const sink = await sinkWith({
      extensions,
      misbehave: ({ command }) =>
        title.includes('HELO') && command.startsWith('EHLO') ? { text: '502 no\r\n' } : undefined,
    });
    const messages = people(250);
    const outcomes = await deliver(driverFor(sink.port), messages);
    expect(statuses(outcomes)).toEqual({ SUCCESSFUL: 250 });
    expect(outcomes.get('p7@example.org')).toEqual({
      ...{ status: 'SUCCESSFUL', statusCode: 200, statusMessage: '250 2.0.0 queued' },
      messageId: `${'7'.padStart(32, '0')}@example.com`,
    });
    expect(sink.count).toBe(250);
    expect(sink.longestGroup).toBe(longestGroup);
    for (const mail of sink.mails) {
      const parsed = await simpleParser(mail.content);
      expect(parsed.to).toMatchObject({ text: mail.to });
      expect(parsed.text?.trimEnd()).toBe(content.text);
      expect(mail.from).toBe('shop@example.com');
    }
    expect(new Set(sink.mails.map(({ to }) => to)).size).toBe(250);
  });

  test('over connections that are used again, and replaced after 100 mails', async () => {
    const sink = await sinkWith();
    const driver = driverFor(sink.port, { Connections: 1 });
    for (let round = 0; round < 3; round += 1) await deliver(driver, people(50, round * 50));
    expect(sink.connections).toBe(2);
    expect(sink.mails.filter(({ connection }) => connection === 0)).toHaveLength(100);
  });

  test('no more connections than there are messages or are allowed', async () => {
    const sink = await sinkWith();
    await deliver(driverFor(sink.port), people(3));
    expect(sink.connections).toBe(3);
    const other = await sinkWith();
    const driver = driverFor(other.port, { Connections: 2 });
    await Promise.all([deliver(driver, people(60)), deliver(driver, people(60, 60))]);
    expect(other.connections).toBe(2);
  });

  test('the idle connection is closed, and another opened when there is work', async () => {
    const sink = await sinkWith();
    const driver = driverFor(sink.port, {}, { ...quick, idle: 20 });
    await deliver(driver, people(1));
    await expect.poll(() => sink.commands.at(-1)).toBe('QUIT');
    expect(statuses(await deliver(driver, people(1)))).toEqual({ SUCCESSFUL: 1 });
    expect(sink.connections).toBe(2);
  });

  test('the connection that the server closed meanwhile is no failure', async () => {
    let closing = false;
    const sink = await sinkWith({
      misbehave: ({ command, mails }) => (closing && command.startsWith('MAIL') && mails > 0 ? 'close' : undefined),
    });
    const driver = driverFor(sink.port, { Connections: 1 });
    await deliver(driver, people(1));
    closing = true;
    expect(statuses(await deliver(driver, people(1)))).toEqual({ SUCCESSFUL: 1 });
  });

  test('8BITMIME, SIZE and SMTPUTF8 are said where they are offered', async () => {
    const sink = await sinkWith();
    await deliver(driverFor(sink.port), [toMessage('анна@example.org', 1)]);
    expect(Buffer.from(sink.commands[1] ?? '', 'latin1').toString()).toMatch(
      /^MAIL FROM:<shop@example.com> SIZE=[0-9]+ BODY=8BITMIME SMTPUTF8$/,
    );
    expect(sink.mails[0]?.content).toContain('<p>Grüße und');
    const old = await sinkWith({ extensions: ['SIZE 1000'] });
    const outcomes = await deliver(driverFor(old.port), [
      toMessage('анна@example.org', 1),
      toMessage('b@example.org', 2, { html: 'x'.repeat(1000) }),
      toMessage('c@example.org', 3),
    ]);
    expect(outcomes.get('анна@example.org')).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 400 });
    expect(outcomes.get('b@example.org')).toMatchObject({ status: 'PERMANENT_FAILURE', statusCode: 413 });
    expect(outcomes.get('c@example.org')).toMatchObject({ status: 'SUCCESSFUL' });
    expect(old.mails[0]?.content).toContain('Gr=C3=BC=C3=9Fe');
  });

  test('dots are stuffed wherever they stand', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('.', '\r\n', 'a') }), (text) => {
        const stuffed = Buffer.concat(stuffDots(Buffer.from(text)).map((piece) => Buffer.from(piece))).toString();
        expect(stuffed).toBe(text.replace(/^\./gm, '..'));
      }),
    );
  });

  test('DKIM signs what arrives, in 7 bits', async () => {
    const sink = await sinkWith();
    const pair = (await generate([{ name: 'commonName', value: 'x' }])).private;
    const Dkim = { Domain: 'example.com', Selector: 'mail', PrivateKey: pair };
    await deliver(driverFor(sink.port, { Dkim }), people(20));
    for (const mail of sink.mails) {
      expect(mail.content).toMatch(
        /^DKIM-Signature: v=1; a=rsa-sha256; c=relaxed\/relaxed;\r\n d=example.com; s=mail;/,
      );
      expect(mail.content).toMatch(/^[\r\n\t -~]*$/);
    }
  });
});

describe('replies', () => {
  const refuse =
    (replies: Record<string, string>): SinkOptions['misbehave'] =>
    ({ command, to }) => {
      const step = command.startsWith('RCPT') ? to.split('@')[0] : command === 'content' ? `${to.split('@')[0]}!` : '';
      const text = replies[step ?? ''];
      return text === undefined ? undefined : { text: `${text}\r\n` };
    };

  test.each([modern, ['SIZE']])('become outcomes by recipient, and the others arrive: %j', async (...extensions) => {
    const sink = await sinkWith({
      extensions,
      misbehave: refuse({
        ...{ p1: '550 5.1.1 no such user', p2: '550 5.7.1 relaying denied', p3: '450 4.2.1 later', p4: '452 full' },
        ...{
          p5: '550 User unknown',
          p6: '552 5.2.2 over quota',
          'p7!': '554 5.6.0 spam',
          'p8!': '451 4.3.0 try again',
        },
        ...{ p9: '454 Throttling failure: Maximum sending rate exceeded.', p10: '530 5.7.0 Authentication required' },
        ...{ p11: '550-5.1.10 one\r\n550 5.1.10 two', 'p12!': '550 5.1.1 gone' },
      }),
    });
    const outcomes = await deliver(driverFor(sink.port, { Connections: 2 }), people(40));
    const of = (index: number) => outcomes.get(`p${index}@example.org`);
    const dead = { status: 'PERMANENT_FAILURE', statusCode: 400, addressIsDead: true };
    const permanent = { status: 'PERMANENT_FAILURE', statusCode: 400 };
    const temporary = { status: 'TEMPORARY_FAILURE', statusCode: 503 };
    expect(of(1)).toEqual({ ...dead, statusMessage: '550 5.1.1 no such user' });
    expect(of(2)).toEqual({ ...permanent, statusMessage: '550 5.7.1 relaying denied' });
    expect(of(3)).toEqual({ ...temporary, statusMessage: '450 4.2.1 later' });
    expect(of(4)).toEqual({ ...temporary, statusMessage: '452 full' });
    expect(of(5)).toEqual({ ...dead, statusMessage: '550 User unknown' });
    expect(of(6)).toEqual({ ...permanent, statusMessage: '552 5.2.2 over quota' });
    expect(of(7)).toEqual({ ...permanent, statusMessage: '554 5.6.0 spam' });
    expect(of(8)).toEqual({ ...temporary, statusMessage: '451 4.3.0 try again' });
    expect(of(9)).toMatchObject({ status: 'THROTTLED', statusCode: 429 });
    expect(of(10)).toMatchObject({ status: 'TEMPORARY_FAILURE', statusCode: 403, providerIsDown: true });
    expect(of(11)).toEqual({ ...dead, statusMessage: '550 5.1.10 one 5.1.10 two' });
    expect(of(12)).toEqual({ ...dead, statusMessage: '550 5.1.1 gone' });
    expect(statuses(outcomes)['SUCCESSFUL']).toBe(28);
    expect(sink.count).toBe(28);
    expect(sink.connections).toBe(2);
  });

  test('a server that wants the content of a mail for nobody gets none', async () => {
    const sink = await sinkWith({
      misbehave: ({ command, to }) => {
        if (!to.startsWith('p1@')) return undefined;
        if (command === 'DATA') return { text: '354 whatever\r\n' };
        return command.startsWith('RCPT') ? { text: '550 5.1.1 no\r\n' } : undefined;
      },
    });
    const outcomes = await deliver(driverFor(sink.port, { Connections: 1 }), people(3));
    expect(statuses(outcomes)).toEqual({ SUCCESSFUL: 2, PERMANENT_FAILURE: 1 });
    expect(sink.mails.filter(({ to }) => to.startsWith('p1@')).map(({ content: sent }) => sent)).toEqual(['\r\n']);
  });

  test('a sender that is refused is no dead address', async () => {
    const sink = await sinkWith({
      misbehave: ({ command }) => (command.startsWith('MAIL') ? { text: '550 5.1.1 sender\r\n' } : undefined),
    });
    const [outcome] = (await deliver(driverFor(sink.port), people(1))).values();
    expect(outcome).toEqual({ status: 'PERMANENT_FAILURE', statusCode: 400, statusMessage: '550 5.1.1 sender' });
  });

  test('what cannot be composed is refused, and the others arrive', async () => {
    const sink = await sinkWith();
    const messages = [
      ...people(5),
      toMessage('x y@example.org', 9),
      toMessage('z@example.org', 10, { subject: 'a\r\nBcc: b' }),
    ];
    const outcomes = await deliver(driverFor(sink.port, { Connections: 1 }), messages);
    expect(statuses(outcomes)).toEqual({ SUCCESSFUL: 5, PERMANENT_FAILURE: 2 });
    expect(sink.count).toBe(5);
  });
});

describe('faults', () => {
  test.each(['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'content'])(
    'at %s every message is reported once, whatever the fault',
    { timeout: 60_000 },
    async (step) => {
      const kinds = [
        'close',
        'hang',
        { text: 'what?\r\n' },
        { text: '421 4.3.2 going\r\n' },
        { text: '999 x\r\n' },
      ] as const;
      for (const fault of kinds) {
        for (const extensions of fault === 'hang' ? [modern] : [modern, ['8BITMIME']]) {
          let faults = 0;
          const sink = await sinkWith({
            extensions,
            misbehave: ({ command, mails }) => {
              const here = command.startsWith(step) && (mails === 2 || step === 'greeting' || step === 'EHLO');
              if (!here || faults >= 3) return undefined;
              faults += 1;
              return fault;
            },
          });
          const driver = driverFor(sink.port, { Connections: 3 });
          const outcomes = await deliver(driver, people(30));
          const counts = statuses(outcomes);
          // Whatever was told to have been taken was taken, and nothing twice unless the answer never came.
          const unknown = counts['UNKNOWN_FAILURE'] ?? 0;
          const taken = new Set(sink.mails.map(({ to }) => to));
          for (const [address, { status }] of outcomes) {
            if (status === 'SUCCESSFUL') expect(taken.has(address)).toBe(true);
            if (status === 'TEMPORARY_FAILURE') expect(taken.has(address)).toBe(false);
          }
          expect(taken.size).toBe(sink.mails.length);
          if (step !== 'content' || (typeof fault === 'object' && fault.text.startsWith('421')))
            expect(unknown).toBe(0);
          if (step === 'content' && fault === 'close') expect(unknown).toBe(faults);
          await driver.close();
          await sink.close();
        }
      }
    },
  );

  test('421 in the middle costs a connection, not a message', async () => {
    const sink = await sinkWith({
      misbehave: ({ command, mails, connection }) =>
        command.startsWith('MAIL') && mails === 5 && connection < 3 ? { text: '421 4.7.0 enough\r\n' } : undefined,
    });
    expect(statuses(await deliver(driverFor(sink.port, { Connections: 2 }), people(60)))).toEqual({ SUCCESSFUL: 60 });
    expect(sink.connections).toBe(5);
  });

  test('lost before the content: temporary, after its end: unknown', async () => {
    const before = await sinkWith({ misbehave: ({ command }) => (command.startsWith('RCPT') ? 'close' : undefined) });
    const [first] = (await deliver(driverFor(before.port), people(1))).values();
    expect(first).toMatchObject({ status: 'TEMPORARY_FAILURE', statusCode: 503 });
    const after = await sinkWith({ misbehave: ({ command }) => (command === 'content' ? 'close' : undefined) });
    const [second] = (await deliver(driverFor(after.port), people(1))).values();
    expect(second).toMatchObject({ status: 'UNKNOWN_FAILURE', statusCode: 500 });
    const silent = await sinkWith({ misbehave: ({ command }) => (command === 'content' ? 'hang' : undefined) });
    const [third] = (await deliver(driverFor(silent.port), people(1))).values();
    expect(third).toMatchObject({ status: 'UNKNOWN_FAILURE', statusCode: 500 });
  });

  test('a server that takes few connections gets all messages over those', async () => {
    const sink = await sinkWith({
      misbehave: ({ command, connection }) =>
        command === 'greeting' && connection >= 2 ? { text: '421 too many\r\n' } : undefined,
    });
    expect(statuses(await deliver(driverFor(sink.port), people(100)))).toEqual({ SUCCESSFUL: 100 });
  });

  test('no server: all are told at once, and the provider is down', async () => {
    const sink = await openSink();
    await sink.close();
    const outcomes = await deliver(driverFor(sink.port), people(200));
    expect(statuses(outcomes)).toEqual({ TEMPORARY_FAILURE: 200 });
    expect([...outcomes.values()][0]).toEqual({
      ...{ status: 'TEMPORARY_FAILURE', statusCode: 503, providerIsDown: true },
      statusMessage: 'No connection to the mail server: ECONNREFUSED',
    });
  });

  test('a server that never ends its line', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('220'.padEnd(20_000, '-'));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    open.push(() => new Promise((closed) => server.close(closed)));
    const [outcome] = (await deliver(driverFor((server.address() as AddressInfo).port), people(1))).values();
    expect(outcome).toMatchObject({ status: 'TEMPORARY_FAILURE', providerIsDown: true });
  });

  test('closed networks are never connected to', async () => {
    const sink = await sinkWith();
    const closed = { ...parts, networks: new OutgoingNetworks([]) };
    for (const Host of ['127.0.0.1', 'localhost', '::1']) {
      const driver = openSmtp(readSettings({ Host, Port: sink.port }), closed, quick);
      const [outcome] = (await deliver(driver, people(1))).values();
      expect(outcome).toMatchObject({ status: 'TEMPORARY_FAILURE', providerIsDown: true });
      expect(outcome?.statusMessage).toContain('REPOINT_ALLOWED_NETWORKS');
      await driver.close();
    }
    expect(sink.connections).toBe(0);
    const trusted = openSmtp(readTrustedSettings(`smtp://localhost:${sink.port}`), closed, quick);
    expect(statuses(await deliver(trusted, people(1)))).toEqual({ SUCCESSFUL: 1 });
    await trusted.close();
  });

  test('what the caller throws while it is told is the caller’s, and all are told', async () => {
    const sink = await sinkWith();
    const told: string[] = [];
    const report = ({ address }: OutgoingMessage) => {
      told.push(address);
      if (told.length === 2) throw new Error('of the caller');
    };
    await expect(driverFor(sink.port, { Connections: 1 }).deliver(people(5), report, never)).rejects.toThrow(
      'of the caller',
    );
    expect(told).toHaveLength(5);
  });
});

describe('the process stops', () => {
  test('what was not sent is temporary, what was sent is waited for', async () => {
    const stop = new AbortController();
    const sink = await sinkWith({
      misbehave: ({ command, mails }) => (command.startsWith('RCPT') && mails === 2 ? 'hang' : undefined),
    });
    const driver = driverFor(sink.port, { Connections: 2 }, { ...quick, answer: 60_000 });
    const delivered = deliver(driver, people(30), stop.signal);
    await expect.poll(() => sink.count).toBe(4);
    stop.abort();
    const outcomes = await delivered;
    expect(statuses(outcomes)).toEqual({ SUCCESSFUL: 4, TEMPORARY_FAILURE: 26 });
    expect([...outcomes.values()].at(-1)?.statusMessage).toBe('Not sent: the server is stopping');
    // Nobody waits for a server that does not answer.
    const begun = performance.now();
    await driver.close();
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test('an answer that comes late is still counted', async () => {
    const stop = new AbortController();
    const server = new SMTPServer({
      ...{ authOptional: true, disabledCommands: ['STARTTLS'] },
      onData: (stream, _session, done) => {
        stream.resume().on('end', () => {
          stop.abort();
          setTimeout(() => done(null, 'late'), 200);
        });
      },
    });
    const port = await listen(server);
    const outcomes = await deliver(
      driverFor(port, { Connections: 1 }, { ...quick, content: 5_000 }),
      people(3),
      stop.signal,
    );
    expect(statuses(outcomes)).toEqual({ SUCCESSFUL: 1, TEMPORARY_FAILURE: 2 });
  });

  test('a connection that is being opened is given up', async () => {
    const stop = new AbortController();
    const sink = await sinkWith({ misbehave: ({ command }) => (command === 'greeting' ? 'hang' : undefined) });
    const driver = driverFor(sink.port, {}, { ...quick, greeting: 60_000 });
    const delivered = deliver(driver, people(20), stop.signal);
    await expect.poll(() => sink.connections).toBe(10);
    stop.abort();
    expect(statuses(await delivered)).toEqual({ TEMPORARY_FAILURE: 20 });
    await driver.close();
  });

  test('before it began, nothing is connected to', async () => {
    const sink = await sinkWith();
    expect(statuses(await deliver(driverFor(sink.port), people(3), AbortSignal.abort()))).toEqual({
      TEMPORARY_FAILURE: 3,
    });
    expect(sink.connections).toBe(0);
  });
});

function listen(server: SMTPServer): Promise<number> {
  server.on('error', () => undefined);
  open.push(() => new Promise<void>((closed) => server.close(() => closed())));
  return new Promise((settle) => {
    server.listen(0, '127.0.0.1', () => settle((server.server.address() as AddressInfo).port));
  });
}

describe('smtp-server', () => {
  let certificate: { readonly key: string; readonly cert: string };
  beforeAll(async () => {
    const altNames = [
      { type: 7 as const, ip: '127.0.0.1' },
      { type: 2 as const, value: 'localhost' },
    ];
    const made = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames },
      ],
    });
    certificate = { key: made.private, cert: made.cert };
  });

  const users = { user: 'shop', password: 'pa:ss wörd%' };
  const received: { from: string; to: string; user: unknown; source: string; secure: boolean }[] = [];
  function serve(options: SMTPServerOptions = {}): Promise<number> {
    received.length = 0;
    return listen(
      new SMTPServer({
        ...{ ...certificate, authOptional: true, size: 1_000_000 },
        onAuth({ username, password, method }, _session, done) {
          if (username === users.user && password === users.password) done(null, { user: `${username} by ${method}` });
          else done(new Error('no'));
        },
        onRcptTo({ address }, _session, done) {
          const code = Number(/^refuse([0-9]{3})/.exec(address)?.[1]);
          done(code > 0 ? Object.assign(new Error('5.1.1 not here'), { responseCode: code }) : null);
        },
        onData(stream, session, done) {
          const chunks: Buffer[] = [];
          stream.on('data', (chunk: Buffer) => chunks.push(chunk));
          stream.on('end', () => {
            const { mailFrom, rcptTo } = session.envelope;
            received.push({
              ...{ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo[0]?.address ?? '', user: session.user },
              ...{ source: Buffer.concat(chunks).toString('utf8'), secure: session.secure },
            });
            done(null, 'taken');
          });
        },
        ...options,
      }),
    );
  }
  const signIn = () => ({ User: users.user, Password: users.password, CertificateAuthority: certificate.cert });

  test.each([true, false])('takes all mails; pipelining hidden: %s', async (hidePIPELINING) => {
    const port = await serve({ hidePIPELINING });
    const outcomes = await deliver(driverFor(port, { CertificateAuthority: certificate.cert }), [
      ...people(120),
      toMessage('refuse550@example.org', 900),
      toMessage('refuse451@example.org', 901),
    ]);
    expect(statuses(outcomes)).toEqual({ SUCCESSFUL: 120, PERMANENT_FAILURE: 1, TEMPORARY_FAILURE: 1 });
    expect(outcomes.get('refuse550@example.org')?.addressIsDead).toBe(true);
    expect(received).toHaveLength(120);
    for (const { source, to, from, secure } of received) {
      expect(secure).toBe(true);
      expect(from).toBe('shop@example.com');
      expect((await simpleParser(source)).to).toMatchObject({ text: to });
    }
  });

  test.each([
    ['starttls', {}],
    ['implicit', { secure: true }],
  ] as const)('AUTH over %s', async (Tls, options) => {
    for (const method of ['PLAIN', 'LOGIN']) {
      const port = await serve({ ...options, authMethods: [method], authOptional: false });
      expect(statuses(await deliver(driverFor(port, { ...signIn(), Tls }), people(2)))).toEqual({ SUCCESSFUL: 2 });
      expect(received.map(({ user, secure }) => [user, secure])).toEqual(Array(2).fill([`shop by ${method}`, true]));
    }
  });

  test('by URL', async () => {
    const port = await serve({ secure: true, authOptional: false });
    const url = `smtps://shop:${encodeURIComponent(users.password)}@localhost:${port}/?connections=1&pool=true`;
    const settings: SmtpSettings = { ...readTrustedSettings(url), certificateAuthority: certificate.cert };
    const driver = openSmtp(settings, parts, quick);
    open.push(() => driver.close());
    expect(statuses(await deliver(driver, people(2)))).toEqual({ SUCCESSFUL: 2 });
  });

  test('a wrong password puts the provider down, and is not shown', async () => {
    const port = await serve({ authOptional: false });
    const outcomes = await deliver(driverFor(port, { ...signIn(), Password: 'wrong-secret' }), people(20));
    expect(statuses(outcomes)).toEqual({ TEMPORARY_FAILURE: 20 });
    const [outcome] = outcomes.values();
    expect(outcome).toMatchObject({ statusCode: 403, providerIsDown: true });
    expect(outcome?.statusMessage).toMatch(/^The mail server refused user or password: 535/);
    expect(JSON.stringify([...outcomes])).not.toContain('wrong-secret');
  });

  test.each([undefined, 'starttls', 'implicit'])(
    'a certificate that nobody vouches for is refused: Tls %s',
    async (Tls) => {
      const port = await serve({ secure: Tls === 'implicit' });
      const [outcome] = (await deliver(driverFor(port, { Tls }), people(1))).values();
      expect(outcome).toMatchObject({ status: 'TEMPORARY_FAILURE', providerIsDown: true });
      expect(outcome?.statusMessage).toMatch(/^No encrypted connection to the mail server: .*SELF_SIGNED/);
      expect(received).toHaveLength(0);
    },
  );

  test('without STARTTLS: refused where it is wanted, and no password leaves in the clear unless allowed', async () => {
    const port = await serve({ hideSTARTTLS: true, allowInsecureAuth: true });
    const outcome = async (given: Record<string, unknown>) =>
      [...(await deliver(driverFor(port, given), people(1))).values()][0];
    expect((await outcome({ Tls: 'starttls' }))?.statusMessage).toContain('STARTTLS is not offered');
    expect((await outcome(signIn()))?.statusMessage).toContain('in the clear');
    expect(received).toHaveLength(0);
    expect(await outcome({})).toMatchObject({ status: 'SUCCESSFUL' });
    expect(await outcome({ ...signIn(), Tls: 'none' })).toMatchObject({ status: 'SUCCESSFUL' });
    expect(received.map(({ user }) => user)).toEqual([undefined, 'shop by PLAIN']);
  });

  test('what is said in the clear before STARTTLS is not taken for encrypted', async () => {
    const sink = await sinkWith({
      extensions: ['STARTTLS'],
      misbehave: ({ command }) => (command === 'STARTTLS' ? { text: '220 go\r\n250 injected\r\n' } : undefined),
    });
    const [outcome] = (await deliver(driverFor(sink.port, { Tls: 'starttls' }), people(1))).values();
    expect(outcome?.statusMessage).toContain('data in the clear');
  });
});

describe('settings', () => {
  test.each<[string, Record<string, unknown>]>([
    ['Host', {}],
    ['Trusted', { Host: 'a.b', Trusted: true }],
    ['trusted', { Host: 'a.b', trusted: true }],
    ['Port', { Host: 'a.b', Port: 0 }],
    ['Port', { Host: 'a.b', Port: '25' }],
    ['Host', { Host: 'a b' }],
    ['Host', { Host: `${'a'.repeat(10_000)}!` }],
    ['Tls', { Host: 'a.b', Tls: 'maybe' }],
    ['Password', { Host: 'a.b', User: 'x' }],
    ['Connections', { Host: 'a.b', Connections: 101 }],
    ['ReturnPath', { Host: 'a.b', ReturnPath: 'secret' }],
    ['Name', { Host: 'a.b', Name: 'a\r\nMAIL' }],
    ['Url', { Url: 'http://a.b' }],
    ['Url', { Url: 'smtp://a.b/path' }],
    ['Url', { Url: 'smtp://a.b?secret=1' }],
    ['Url', { Url: 'smtp://a.b', Host: 'c.d' }],
    ['Connections', { Url: 'smtp://a.b?connections=secret' }],
    ['Dkim', { Host: 'a.b', Dkim: 'x' }],
    ['Dkim.Selector', { Host: 'a.b', Dkim: { Domain: 'a.b' } }],
    ['Dkim.PrivateKey', { Host: 'a.b', Dkim: { Domain: 'a.b', Selector: 's', PrivateKey: 'secret' } }],
    ['CertificateAuthority', { Host: 'a.b', CertificateAuthority: 'secret' }],
  ])('%s is named, and no value quoted', (member, given) => {
    let message = '';
    try {
      readSettings(given);
    } catch (error) {
      expect(error).toMatchObject({ code: 'BadRequestException' });
      ({ message } = error as Error);
    }
    if (!/trusted/i.test(member)) expect(message).toContain(member);
    expect(message).not.toBe('');
    expect(message).not.toContain('secret');
  });

  test('of a URL', () => {
    expect(
      readSettings({ Url: 'smtp://us%40er:p%3Aw@mail.example.com:2525?tls=starttls&maxConnections=3&pool=true' }),
    ).toEqual({
      ...{ host: 'mail.example.com', port: 2525, user: 'us@er', password: 'p:w', tls: 'starttls', connections: 3 },
      trusted: false,
    });
    expect(readSettings({ Url: 'smtps://mail.example.com' })).toMatchObject({
      port: 465,
      tls: 'implicit',
      connections: 10,
    });
    expect(readSettings({ Url: 'smtp://mail.example.com' })).toMatchObject({ port: 587, tls: 'opportunistic' });
    expect(readSettings({ Url: 'smtp://[::1]:25?tls=none', Connections: 2 })).toMatchObject({
      host: '::1',
      port: 25,
      connections: 2,
    });
    expect(readTrustedSettings('smtp://localhost:1025').trusted).toBe(true);
  });

  test('are shown without secrets', async () => {
    const { private: PrivateKey } = await generate([{ name: 'commonName', value: 'x' }]);
    const settings = readSettings({
      ...{ Host: 'mail.example.com', User: 'shop', Password: 'secret', MessagesPerSecond: 50 },
      Dkim: { Domain: 'example.com', Selector: 's', PrivateKey },
    });
    const shown = JSON.stringify(smtpKind.show(settings));
    expect(JSON.parse(shown)).toEqual({
      ...{ Host: 'mail.example.com', Port: 587, User: 'shop', Connections: 10, MessagesPerSecond: 50 },
      Dkim: { Domain: 'example.com', Selector: 's' },
    });
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
    const driver = smtpKind.open(settings, parts);
    expect(driver.limits.messagesPerSecond).toBe(50);
    await driver.close();
  });
});

/** Reports as Postfix, Exchange and feedback loops write them (shortened), and the form. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFeedbackForm, readReport } from './feedback.ts';

const now = new Date('2026-11-26T01:29:08Z');

interface Report {
  readonly machine: string;
  readonly type?: string;
  readonly original?: string;
  readonly boundary?: string;
  readonly encode?: (text: string) => { encoding: string; text: string };
}

function report({
  machine,
  type = 'message/delivery-status',
  original,
  boundary = 'A5F/mail',
  encode,
}: Report): Buffer {
  const encoded = encode?.(machine) ?? { encoding: '7bit', text: machine };
  return Buffer.from(
    [
      'From: MAILER-DAEMON@mail.example.com',
      'Subject: Undelivered Mail',
      'Content-Type: multipart/report; report-type=delivery-status;',
      `\tboundary="${boundary}"`,
      '',
      'This is a MIME-encapsulated message.',
      '',
      `--${boundary}`,
      'Content-Type: text/plain; charset=us-ascii',
      '',
      'I am sorry: --A5F/mail is not a boundary here.',
      '',
      `--${boundary}`,
      `Content-Type: ${type}`,
      `Content-Transfer-Encoding: ${encoded.encoding}`,
      '',
      encoded.text,
      `--${boundary}`,
      'Content-Type: message/rfc822',
      '',
      original ?? 'Message-ID: <abc@example.com>\nTo: Ana <ana@example.org>\nSubject: Order\n\nHello',
      '',
      `--${boundary}--`,
      '',
    ].join('\n'),
  );
}

const status = (fields: string) =>
  `Reporting-MTA: dns; mail.example.com\nArrival-Date: Thu, 26 Nov 2026 01:00:00 +0000\n\n${fields}\n`;

describe('bounces', () => {
  test('of Postfix', () => {
    const fields =
      'Final-Recipient: rfc822; ana@example.org\nOriginal-Recipient: rfc822;ana@example.org\nAction: failed\nStatus: 5.1.1\n' +
      'Remote-MTA: dns; mx.example.org\nDiagnostic-Code: smtp; 550 5.1.1 <ana@example.org>:\n    no such user\nLast-Attempt-Date: Thu, 26 Nov 2026 01:10:00 +0000';
    for (const mail of [
      report({ machine: status(fields) }),
      Buffer.from(
        report({ machine: status(fields) })
          .toString()
          .replaceAll('\n', '\r\n'),
      ),
    ]) {
      expect(readReport(mail, now)).toEqual([
        {
          ...{ type: 'bounce', messageId: 'abc@example.com', address: 'ana@example.org', permanent: true },
          ...{ detail: '550 5.1.1 <ana@example.org>:    no such user', at: new Date('2026-11-26T01:10:00Z') },
        },
      ]);
    }
  });

  test.each([
    ['5.1.1', true],
    ['5.2.2', false],
    ['4.4.7', false],
    ['5.7.1', false],
  ])('%s: permanent %s', (code, permanent) => {
    const machine = status(`Final-Recipient: RFC822; ana@example.org\nAction: Failed\nStatus: ${code} (text)`);
    expect(readReport(report({ machine }), now)).toEqual([
      { type: 'bounce', messageId: 'abc@example.com', address: 'ana@example.org', permanent, detail: code, at: now },
    ]);
  });

  test('of several recipients, without those that are not given up', () => {
    const machine = status(
      ['a@b.cd failed', 'b@b.cd delayed', 'c@b.cd delivered', 'd@b.cd failed']
        .map((text) => text.split(' '))
        .map(([address, action]) => `Final-Recipient: rfc822;${address}\nAction: ${action}\nStatus: 5.0.0`)
        .join('\n\n'),
    );
    expect(readReport(report({ machine }), now).map(({ address }) => address)).toEqual(['a@b.cd', 'd@b.cd']);
  });

  test.each([
    ['base64', (text: string) => ({ encoding: 'base64', text: Buffer.from(text).toString('base64') })],
    [
      'quoted-printable',
      (text: string) => ({
        encoding: 'Quoted-Printable',
        text: text.replaceAll('@', '=40').replace('Action', 'Act=\nion'),
      }),
    ],
  ])('in %s', (_title, encode) => {
    const machine = status('Final-Recipient: rfc822;ana@example.org\nAction: failed\nStatus: 5.1.1');
    expect(readReport(report({ machine, encode }), now)).toMatchObject([
      { address: 'ana@example.org', detail: '5.1.1' },
    ]);
  });
});

test('complaints of a feedback loop', () => {
  const machine =
    'Feedback-Type: abuse\nUser-Agent: Loop/1.0\nVersion: 1\nOriginal-Rcpt-To: <ana@example.org>\nArrival-Date: Thu, 26 Nov 2026 01:00:00 +0000\n';
  const type = 'message/feedback-report';
  const complaint = {
    type: 'complaint',
    messageId: 'abc@example.com',
    address: 'ana@example.org',
    permanent: false,
    detail: 'abuse',
  };
  expect(readReport(report({ machine, type }), now)).toEqual([{ ...complaint, at: new Date('2026-11-26T01:00:00Z') }]);
  // Loops that hide the recipient leave To of the mail.
  expect(readReport(report({ machine: 'Feedback-Type: abuse\nVersion: 1\n', type }), now)).toEqual([
    { ...complaint, at: now },
  ]);
  expect(readReport(report({ machine: 'Feedback-Type: not-spam\nVersion: 1\n', type }), now)).toEqual([]);
});

describe('what is no report', () => {
  test.each(['', 'Subject: x\n\nbody', 'Content-Type: multipart/mixed; boundary=x\n\n--x\nA: b\n\nc\n--x--'])(
    '%j',
    (text) => {
      expect(readReport(Buffer.from(text), now)).toEqual([]);
    },
  );
  test('whatever is cut or garbled', () => {
    const whole = report({ machine: status('Final-Recipient: rfc822;ana@example.org\nAction: failed\nStatus: 5.1.1') });
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length), fc.uint8Array({ maxLength: 20 }), (from, to, noise) => {
        const news = readReport(Buffer.concat([whole.subarray(0, from), noise, whole.subarray(to)]), now);
        for (const { address } of news) expect(address).toContain('@');
      }),
      { numRuns: 500 },
    );
  });
});

describe('the form', () => {
  const read = (body: unknown) =>
    readFeedbackForm(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), now);

  test('tells bounces, complaints and deliveries', () => {
    const Events = [
      {
        Type: 'bounce',
        Address: 'a@b.cd',
        MessageId: '<abc@example.com>',
        Detail: '550 5.1.1',
        Timestamp: '2026-11-25T00:00:00Z',
      },
      { Type: 'bounce', Address: 'a@b.cd', Permanent: false },
      { Type: 'complaint', Address: 'a@b.cd', Permanent: true },
      { Type: 'delivery', Address: 'a@b.cd', MessageId: 'abc@example.com' },
    ];
    expect(read({ Events })).toEqual([
      {
        ...{ type: 'bounce', address: 'a@b.cd', messageId: 'abc@example.com', permanent: true, detail: '550 5.1.1' },
        at: new Date('2026-11-25T00:00:00Z'),
      },
      { type: 'bounce', address: 'a@b.cd', permanent: false, detail: '', at: now },
      { type: 'complaint', address: 'a@b.cd', permanent: false, detail: '', at: now },
      {
        ...{ type: 'receipt', channel: 'EMAIL', messageId: 'abc@example.com', recordStatus: 'DELIVERED' },
        ...{ delivered: true, final: true, at: now },
      },
    ]);
  });

  const bounce = { Type: 'bounce', Address: 'a@b.cd' };
  test.each<[string, unknown]>([
    ['JSON', 'secret'],
    ['JSON', '[]x'],
    ['Events', {}],
    ['Events', { Events: [] }],
    ['Events', { Events: Array(1001).fill(bounce) }],
    ['Events[0]', { Events: ['secret'] }],
    ['Events[1].Type', { Events: [bounce, { Address: 'a@b.cd' }] }],
    ['Events[0].Type', { Events: [{ ...bounce, Type: 'secret' }] }],
    ['Events[0].Address', { Events: [{ Type: 'bounce' }] }],
    ['Events[0].Address', { Events: [{ ...bounce, Address: 'secret' }] }],
    ['Events[0].MessageId', { Events: [{ Type: 'delivery', Address: 'a@b.cd' }] }],
    ['Events[0].Permanent', { Events: [{ ...bounce, Permanent: 'secret' }] }],
    ['Events[0].Timestamp', { Events: [{ ...bounce, Timestamp: 'secret' }] }],
    ['Events[0]', { Events: [{ ...bounce, secret: 1 }] }],
  ])('%s is named', (member, body) => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({ code: 'BadRequestException', message: expect.stringContaining(member) }),
    );
    expect(() => read(body)).not.toThrow(/secret/);
  });
});

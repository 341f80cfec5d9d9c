/** The driver with the real SDK against a server that speaks SES v2, and callbacks signed as SNS signs them. */
import { createSign } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { simpleParser } from 'mailparser';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type HttpServer, type ProviderRequest, serveHttp } from '../../../../../tests/support/provider-server.ts';
import { ManualClock } from '../../../../kernel/clock.ts';
import { createLogger } from '../../../../kernel/logger.ts';
import { OutgoingHttp } from '../../../../outgoing/http.ts';
import { OutgoingNetworks } from '../../../../outgoing/networks.ts';
import { CallbackRefused, type DriverParts, type Outcome } from '../../driver.ts';
import type { EmailContent, OutgoingMessage } from '../../message.ts';
import { sesKind } from './ses.ts';
import { readSettings } from './settings.ts';
import { checkSnsUrl } from './sns.ts';

const networks = new OutgoingNetworks(['127.0.0.0/8']);
const http = new OutgoingHttp(networks);
// Certificates made by the tests are valid from the time of the machine on.
const clock = new ManualClock(new Date(Date.now() + 60_000));
const parts: DriverParts = {
  ...{ http, networks, clock, logger: createLogger('silent') },
  received: () => Promise.reject(new Error('SES tells by callbacks')),
};
const never = new AbortController().signal;
const TopicArn = 'arn:aws:sns:eu-west-1:111122223333:mails';
const keys = { AccessKeyId: 'AKIATEST', SecretAccessKey: 'very-secret-key' };

interface SendEmail {
  readonly FromEmailAddress: string;
  readonly Destination: { readonly ToAddresses: readonly string[] };
  readonly FeedbackForwardingEmailAddress?: string;
  readonly Content: { readonly Raw: { readonly Data: string } };
  readonly EmailTags: readonly { readonly Name: string; readonly Value: string }[];
  readonly ConfigurationSetName?: string;
}

const received: SendEmail[] = [];
const confirmed: string[] = [];
let answer: (input: SendEmail, response: ServerResponse) => void;
let certificate: { readonly cert: string; readonly private: string };
let underWay = 0;
let most = 0;

let server: HttpServer;
let baseUrl: string;

function serve(request: ProviderRequest, response: ServerResponse): void {
  if (request.path === '/v2/email/outbound-emails' && request.method === 'POST') {
    expect(request.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIATEST\/[0-9]{8}\/eu-west-1\/ses\//);
    most = Math.max(most, ++underWay);
    const input = JSON.parse(request.body.toString()) as SendEmail;
    received.push(input);
    response.once('close', () => {
      underWay -= 1;
    });
    answer(input, response);
  } else if (request.path === '/certificate.pem') {
    response.end(certificate.cert);
  } else if (request.path.startsWith('/confirm')) {
    confirmed.push(request.path);
    response.writeHead(request.path.endsWith('fails') ? 403 : 200).end();
  } else {
    response.writeHead(404).end();
  }
}

const taken = (_input: SendEmail, response: ServerResponse) =>
  void response
    .setHeader('content-type', 'application/json')
    .end(JSON.stringify({ MessageId: `ses-${received.length}` }));
const refuse =
  (status: number, name: string, headers: Record<string, string> = {}) =>
  (_input: SendEmail, response: ServerResponse) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name, ...headers })
      .end(JSON.stringify({ message: `${name} says why` }));

beforeAll(async () => {
  certificate = await generate([{ name: 'commonName', value: 'sns.amazonaws.com' }]);
  server = await serveHttp(serve);
  baseUrl = server.origin;
});
afterEach(() => {
  received.length = 0;
  most = 0;
});
afterAll(async () => {
  await http.close();
  await server.close();
});

const settings = (given: Record<string, unknown> = {}) =>
  readSettings({ Region: 'eu-west-1', BaseUrl: baseUrl, TopicArn, ...keys, ...given });
const content: EmailContent = {
  ...{ kind: 'email', from: 'Bücher <shop@example.com>', replyTo: [], subject: 'Grüße', text: 'Hallo Köln' },
  headers: [{ name: 'List-Unsubscribe', value: '<https://example.com/off>' }],
};
const toMessage = (index: number, own: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  ...{ key: index.toString(16).padStart(32, '0'), channelType: 'EMAIL', address: `p${index}@example.org`, content },
  ...own,
});

async function deliver(
  messages: readonly OutgoingMessage[],
  given: Record<string, unknown> = {},
  signal = never,
  own = parts,
) {
  const driver = sesKind.open(settings(given), own);
  const outcomes = new Map<string, Outcome>();
  const report = ({ key }: OutgoingMessage, outcome: Outcome) => {
    expect(outcomes.has(key)).toBe(false);
    outcomes.set(key, outcome);
  };
  await driver.deliver(messages, report, signal);
  await driver.close();
  expect(outcomes.size).toBe(messages.length);
  return messages.map(({ key }) => outcomes.get(key) as Outcome);
}

describe('mails', () => {
  test('leave as raw content', async () => {
    answer = taken;
    const own = { ...content, returnPath: 'bounces@example.com', configurationSet: 'own-set' };
    const [outcome] = await deliver([toMessage(1, { content: own })]);
    expect(outcome).toEqual({
      status: 'SUCCESSFUL',
      statusCode: 200,
      statusMessage: 'MessageId: ses-1',
      messageId: 'ses-1',
    });
    const [input] = received;
    expect(input).toMatchObject({
      ...{ FromEmailAddress: 'shop@example.com', Destination: { ToAddresses: ['p1@example.org'] } },
      ...{ FeedbackForwardingEmailAddress: 'bounces@example.com', ConfigurationSetName: 'own-set' },
      EmailTags: [{ Name: 'repoint-key', Value: '1'.padStart(32, '0') }],
    });
    const mime = Buffer.from(input?.Content.Raw.Data ?? '', 'base64');
    expect(mime.every((byte) => byte < 128)).toBe(true);
    expect(await simpleParser(mime)).toMatchObject({
      ...{ subject: 'Grüße', from: { value: [{ name: 'Bücher', address: 'shop@example.com' }] } },
      ...{ to: { text: 'p1@example.org' }, messageId: `<${'1'.padStart(32, '0')}@example.com>` },
    });
  });

  test('many at once, but not all', async () => {
    answer = (input, response) => void setTimeout(taken, 5, input, response);
    const outcomes = await deliver(
      Array.from({ length: 60 }, (_, index) => toMessage(index)),
      { ConfigurationSet: 'all' },
    );
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['SUCCESSFUL']));
    expect(new Set(received.map(({ Destination }) => Destination.ToAddresses[0])).size).toBe(60);
    expect(received[0]?.ConfigurationSetName).toBe('all');
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(16);
  });

  test('raw content keeps what the caller wrote', async () => {
    answer = taken;
    const mime = Buffer.from('From: a@example.com\r\nTo: x@example.com\r\nSubject: Raw\r\n\r\nbody\r\n');
    await deliver([toMessage(1, { content: { kind: 'raw email', from: 'a@example.com', mime } })]);
    const sent = Buffer.from(received[0]?.Content.Raw.Data ?? '', 'base64').toString();
    expect(sent).toContain('Subject: Raw\r\n');
    expect(sent).toContain('To: p1@example.org\r\n');
  });

  test('what cannot be composed is not sent', async () => {
    answer = taken;
    const outcomes = await deliver([
      toMessage(1, { content: { ...content, subject: 'a\r\nBcc: b@c.de' } }),
      toMessage(2, { address: 'анна@example.org' }),
      toMessage(3),
    ]);
    expect(outcomes.map(({ status, statusCode }) => [status, statusCode])).toEqual([
      ['PERMANENT_FAILURE', 400],
      ['PERMANENT_FAILURE', 400],
      ['SUCCESSFUL', 200],
    ]);
    expect(received).toHaveLength(1);
  });
});

describe('refusals', () => {
  test.each<[number, string, Partial<Outcome>]>([
    [400, 'MessageRejected', { status: 'PERMANENT_FAILURE', statusCode: 400 }],
    [400, 'MailFromDomainNotVerifiedException', { status: 'PERMANENT_FAILURE', statusCode: 400 }],
    [400, 'BadRequestException', { status: 'PERMANENT_FAILURE', statusCode: 400 }],
    [404, 'NotFoundException', { status: 'PERMANENT_FAILURE', statusCode: 404 }],
    [429, 'TooManyRequestsException', { status: 'THROTTLED', statusCode: 429 }],
    [400, 'LimitExceededException', { status: 'THROTTLED', statusCode: 429 }],
    [400, 'ThrottlingException', { status: 'THROTTLED', statusCode: 429 }],
    [400, 'SendingPausedException', { status: 'TEMPORARY_FAILURE', providerIsDown: true }],
    [400, 'AccountSuspendedException', { status: 'TEMPORARY_FAILURE', providerIsDown: true }],
    [403, 'AccessDeniedException', { status: 'PERMANENT_FAILURE', statusCode: 403 }],
    [403, 'SignatureDoesNotMatch', { status: 'PERMANENT_FAILURE', statusCode: 403, providerIsDown: true }],
    [403, 'UnrecognizedClientException', { status: 'PERMANENT_FAILURE', statusCode: 403, providerIsDown: true }],
    [500, 'InternalServiceErrorException', { status: 'TEMPORARY_FAILURE', statusCode: 500, providerIsDown: true }],
    [503, 'ServiceUnavailable', { status: 'TEMPORARY_FAILURE', statusCode: 503, providerIsDown: true }],
  ])('%i %s', async (status, name, expected) => {
    answer = refuse(status, name);
    const [outcome] = await deliver([toMessage(1)]);
    expect(outcome).toMatchObject(expected);
    expect(outcome?.providerIsDown).toBe(expected.providerIsDown);
    expect(outcome?.statusMessage).toBe(`${name}: ${name} says why`);
    // The SDK does not try again: the mail might leave twice.
    expect(received).toHaveLength(1);
  });

  test('the pause that was asked for', async () => {
    answer = refuse(429, 'TooManyRequestsException', { 'retry-after': '7' });
    expect(await deliver([toMessage(1)])).toMatchObject([{ retryAfterMilliseconds: 7000 }]);
  });

  test('an answer that never comes, or cannot be read: unknown', async () => {
    answer = (_input, response) => void response.destroy();
    expect(await deliver([toMessage(1)])).toMatchObject([{ status: 'UNKNOWN_FAILURE', statusCode: 502 }]);
    answer = (_input, response) => void response.end('{"MessageId": ');
    const [outcome] = await deliver([toMessage(1)]);
    expect(outcome).toMatchObject({ status: 'UNKNOWN_FAILURE', statusCode: 502 });
  });

  test('nothing there: temporary', async () => {
    expect(await deliver([toMessage(1)], { BaseUrl: 'http://127.0.0.1:1' })).toEqual([
      {
        ...{ status: 'TEMPORARY_FAILURE', statusCode: 503, providerIsDown: true },
        statusMessage: 'SES cannot be reached (ECONNREFUSED).',
      },
    ]);
  });

  test('closed networks are never connected to', async () => {
    const closed = { ...parts, networks: new OutgoingNetworks([]) };
    for (const BaseUrl of [baseUrl, baseUrl.replace('127.0.0.1', 'localhost')]) {
      const [outcome] = await deliver([toMessage(1)], { BaseUrl }, never, closed);
      expect(outcome?.statusMessage).toContain('REPOINT_ALLOWED_NETWORKS');
    }
    expect(received).toHaveLength(0);
  });
});

test('the process stops: what was not begun is temporary, what was sent is waited for', async () => {
  const stop = new AbortController();
  answer = (input, response) => {
    if (received.length === 16) stop.abort();
    setTimeout(taken, 100, input, response);
  };
  const outcomes = await deliver(
    Array.from({ length: 40 }, (_, index) => toMessage(index)),
    {},
    stop.signal,
  );
  expect(outcomes.filter(({ status }) => status === 'SUCCESSFUL')).toHaveLength(16);
  expect(outcomes.filter(({ status }) => status === 'TEMPORARY_FAILURE')).toHaveLength(24);
});

describe('callbacks', () => {
  interface Sns {
    [name: string]: string | undefined;
  }
  /** As the SNS guide has it, written apart from the reader. */
  function sign(message: Sns, version = '2', key = certificate.private): Sns {
    const whole: Sns = {
      ...{ MessageId: 'm-1', TopicArn, Timestamp: '2026-11-26T01:29:08.000Z', SignatureVersion: version },
      ...{ SigningCertURL: `${baseUrl}/certificate.pem`, ...message },
    };
    const order =
      whole['Type'] === 'Notification'
        ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
        : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
    let canonical = '';
    for (const name of order) if (whole[name] !== undefined) canonical += `${name}\n${whole[name]}\n`;
    const signer = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(canonical);
    return { ...whole, Signature: signer.sign(key, 'base64') };
  }
  const call = (body: unknown, given: Record<string, unknown> = {}) =>
    sesKind.readCallback?.(
      settings(given),
      {
        method: 'POST',
        url: 'https://repoint.example/x',
        headers: {},
        body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      },
      parts,
    );
  const notify = (message: unknown) => sign({ Type: 'Notification', Message: JSON.stringify(message) });
  const mail = { messageId: 'ses-1', timestamp: '2026-11-26T01:00:00.000Z', destination: ['ana@example.org'] };
  const bounce = {
    ...{ bounceType: 'Permanent', bounceSubType: 'General', timestamp: '2026-11-26T01:01:00.000Z' },
    bouncedRecipients: [
      { emailAddress: 'Ana <ana@example.org>', diagnosticCode: 'smtp; 550 5.1.1 unknown' },
      { emailAddress: 'b@example.org' },
    ],
  };
  const at = new Date('2026-11-26T01:01:00.000Z');

  test.each(['1', '2'])('bounces, signature version %s', async (version) => {
    const Message = JSON.stringify({ notificationType: 'Bounce', mail, bounce });
    expect(await call(sign({ Type: 'Notification', Message, Subject: 'Amazon SES' }, version))).toEqual({
      status: 200,
      news: [
        {
          type: 'bounce',
          messageId: 'ses-1',
          address: 'ana@example.org',
          permanent: true,
          detail: 'smtp; 550 5.1.1 unknown',
          at,
        },
        {
          type: 'bounce',
          messageId: 'ses-1',
          address: 'b@example.org',
          permanent: true,
          detail: 'Permanent/General',
          at,
        },
      ],
    });
  });

  test.each<[string, Record<string, unknown>, unknown[]]>([
    [
      'transient bounce',
      { notificationType: 'Bounce', bounce: { ...bounce, bounceType: 'Transient' } },
      [{ permanent: false }, { permanent: false }],
    ],
    ['bounce event', { eventType: 'Bounce', bounce }, [{ type: 'bounce' }, { type: 'bounce' }]],
    [
      'complaint',
      {
        notificationType: 'Complaint',
        complaint: { complainedRecipients: [{ emailAddress: 'ana@example.org' }], complaintFeedbackType: 'abuse' },
      },
      [{ type: 'complaint', messageId: 'ses-1', address: 'ana@example.org', permanent: false, detail: 'abuse' }],
    ],
    [
      'delivery',
      {
        notificationType: 'Delivery',
        delivery: { timestamp: '2026-11-26T01:01:00.000Z', recipients: ['ana@example.org'] },
      },
      [
        {
          type: 'receipt',
          channel: 'EMAIL',
          messageId: 'ses-1',
          delivered: true,
          final: true,
          recordStatus: 'DELIVERED',
          at,
        },
      ],
    ],
    ['delay', { eventType: 'DeliveryDelay', deliveryDelay: {} }, [{ type: 'receipt', delivered: false, final: false }]],
    [
      'reject',
      { eventType: 'Reject', reject: { reason: 'Bad content' } },
      [{ type: 'receipt', delivered: false, final: true }],
    ],
    ['open', { eventType: 'Open', open: {} }, []],
    ['nothing of SES', { hello: 1 }, []],
    ['bounce of nobody', { notificationType: 'Bounce', bounce: { bouncedRecipients: 'x' } }, []],
  ])('%s', async (_title, message, news) => {
    const result = await call(notify({ mail, ...message }));
    expect(result?.status).toBe(200);
    expect(result?.news).toHaveLength(news.length);
    expect(result?.news).toMatchObject(news);
  });

  test('words that are no JSON are no news', async () => {
    expect(await call(sign({ Type: 'Notification', Message: 'Successfully validated SNS topic' }))).toEqual({
      news: [],
      status: 200,
    });
  });

  test('a subscription is confirmed', async () => {
    const message = { Type: 'SubscriptionConfirmation', Message: 'You have chosen', Token: 't' };
    expect(await call(sign({ ...message, SubscribeURL: `${baseUrl}/confirm?token=t` }))).toEqual({
      news: [],
      status: 200,
    });
    expect(confirmed).toEqual(['/confirm?token=t']);
    expect(await call(sign({ ...message, SubscribeURL: `${baseUrl}/confirm?fails` }))).toEqual({
      news: [],
      status: 502,
    });
    await expect(call(sign({ ...message, SubscribeURL: 'https://evil.example/confirm' }))).rejects.toThrow(
      CallbackRefused,
    );
    await expect(
      call({ ...sign({ ...message, SubscribeURL: `${baseUrl}/confirm` }), SubscribeURL: `${baseUrl}/confirm?forged` }),
    ).rejects.toThrow(CallbackRefused);
    expect(confirmed).toHaveLength(2);
  });

  test('forged ones are refused', async () => {
    const good = notify({ notificationType: 'Bounce', mail, bounce });
    const other = await generate([{ name: 'commonName', value: 'sns.amazonaws.com' }]);
    const refused: unknown[] = [
      { ...good, Message: good['Message']?.replace('ana@', 'eve@') },
      { ...good, Timestamp: '2027-01-01T00:00:00.000Z' },
      { ...good, Subject: 'added' },
      { ...good, Signature: '' },
      { ...good, Signature: undefined },
      { ...good, SignatureVersion: '1' },
      { ...good, SignatureVersion: '3' },
      sign({ Type: 'Notification', Message: '{}' }, '2', other.private),
      sign({ Type: 'Notification', Message: '{}', TopicArn: TopicArn.replace('mails', 'other') }),
      sign({ Type: 'Notification', Message: '{}', SigningCertURL: 'https://sns.evil.example/x.pem' }),
      sign({
        Type: 'Notification',
        Message: '{}',
        SigningCertURL: 'https://sns.eu-west-1.amazonaws.com.evil.example/x.pem',
      }),
      sign({ Type: 'Notification', Message: '{}', SigningCertURL: 'http://sns.eu-west-1.amazonaws.com/x.pem' }),
      sign({ Type: 'Notification', Message: '{}', SigningCertURL: 'not a url' }),
      ...['', 'x', '[]', 'null', '{}', { Type: 1 }],
    ];
    for (const body of refused) await expect(call(body)).rejects.toThrow(CallbackRefused);
    await expect(call(good, { TopicArn: undefined })).rejects.toThrow(CallbackRefused);
    expect((await call(good))?.news).toHaveLength(2);
  });

  test('an old certificate is refused', async () => {
    clock.advance(20 * 365 * 24 * 3600_000);
    try {
      await expect(call(notify({ mail }))).rejects.toThrow('The certificate is not valid now');
    } finally {
      clock.advance(-20 * 365 * 24 * 3600_000);
    }
  });

  test.each([
    ['https://sns.eu-west-1.amazonaws.com/x.pem', true],
    ['https://sns.cn-north-1.amazonaws.com.cn/x.pem', true],
    ['https://sns.eu-west-1.amazonaws.com:444/x.pem', false],
    ['https://u@sns.eu-west-1.amazonaws.com/x.pem', false],
    ['https://sns.a.b.amazonaws.com/x.pem', false],
    ['https://s3.amazonaws.com/x.pem', false],
    ['http://127.0.0.1/x.pem', false],
  ])('host rule: %s', (url, isAllowed) => {
    if (isAllowed) expect(checkSnsUrl(url, {}).href).toBe(url);
    else expect(() => checkSnsUrl(url, {})).toThrow(CallbackRefused);
  });
});

describe('settings', () => {
  test.each<[string, Record<string, unknown>]>([
    ['Region', { Region: 'x.evil.example/secret' }],
    ['SecretAccessKey', { AccessKeyId: 'AKIATEST' }],
    ['AccessKeyId', { SessionToken: 'secret' }],
    ['BaseUrl', { BaseUrl: 'ftp://secret', ...keys }],
    ['BaseUrl', { BaseUrl: 'https://secret@ses.example', ...keys }],
    ['TopicArn', { TopicArn: 'secret' }],
    ['ConfigurationSet', { ConfigurationSet: 'sec ret' }],
    ['MessagesPerSecond', { MessagesPerSecond: 'secret' }],
    ['Settings', { Trusted: true }],
  ])('%s is named', (member, given) => {
    expect(() => readSettings(given)).toThrow(
      expect.objectContaining({ code: 'BadRequestException', message: expect.stringContaining(member) }),
    );
    expect(() => readSettings(given)).not.toThrow(/secret/);
  });

  test('are shown without secrets', () => {
    const shown = JSON.stringify(
      sesKind.show(readSettings({ Region: 'eu-west-1', ...keys, SessionToken: 'token', TopicArn })),
    );
    expect(JSON.parse(shown)).toEqual({ Region: 'eu-west-1', AccessKeyId: 'AKIATEST', TopicArn });
    expect(sesKind.open(readSettings({ MessagesPerSecond: 14 }), parts).limits).toMatchObject({
      messagesPerSecond: 14,
    });
  });
});

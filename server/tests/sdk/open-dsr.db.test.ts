/**
 * E22: a project as a processor of OpenDSR 2.0: shapes, signatures, callbacks, former names. E19: those who are told of
 * erasures, each with its state.
 */
import { createHmac, hash, randomUUID, verify, X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetEndpointCommand } from '@aws-sdk/client-pinpoint';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { signWebhook } from '../../src/outgoing/standard-webhooks.ts';
import { issuedCertificate, serverCertificate } from '../support/certificates.ts';
import { ended, erase, identity, newestRequest, newProject, plant } from '../support/erasure.ts';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const domain = 'privacy.example.com';
const certificate = await issuedCertificate(domain);
const server = await startTestServer({
  environment: { REPOINT_PUBLIC_URL: `https://${domain}`, REPOINT_ALLOWED_NETWORKS: '127.0.0.0/8' },
});

interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}
let received: Received[] = [];
/** Answers of the receiver, the next first; 202 when there are none. */
let statuses: number[] = [];
const receiver = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  request.on('end', () => {
    received.push({ headers: request.headers as Record<string, string>, text });
    response.writeHead(statuses.shift() ?? 202).end();
  });
});
await new Promise<void>((resolve) => {
  receiver.listen(0, '127.0.0.1', resolve);
});
afterAll(() => new Promise((resolve) => receiver.close(resolve)));
const callbackUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/callbacks`;

let ApplicationId: string;
let bearer: string;
let mark: string;
beforeEach(async () => {
  [received, statuses] = [[], []];
  mark = `zq${Math.floor(Math.random() * 1e12)}`;
  ApplicationId = await newProject(server);
  bearer = (await configure()).body.BearerKey;
});

const settingsPath = () => `/repoint/v1/apps/${ApplicationId}/opendsr-settings`;
const configure = (change: object = {}) =>
  callApi(server, `PUT ${settingsPath()}`, {
    body: { Domain: domain, Certificate: certificate.cert, PrivateKey: certificate.key, ...change },
  });

async function dsr(call: string, { body, key = bearer }: { body?: unknown; key?: string | null } = {}) {
  const [method = '', path = ''] = call.split(' ');
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(new URL(`/opendsr/${path.replace('APP', ApplicationId)}`, server.origin), {
    method,
    headers: { ...(key !== null && { authorization: `Bearer ${key}` }), 'content-type': 'application/json' },
    ...(body !== undefined && { body: text }),
  });
  const raw = await answer.text();
  if (answer.headers.has('x-opendsr-signature')) expectSigned(Object.fromEntries(answer.headers), raw);
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the test asserts
  const parsed: any = raw.startsWith('{') ? JSON.parse(raw) : raw;
  return { status: answer.status, headers: answer.headers, body: parsed };
}

/** §8.8, as a controller does it: before anything of it is read. */
function expectSigned(headers: Readonly<Record<string, string>>, text: string): void {
  const key = new X509Certificate(certificate.cert).publicKey;
  for (const family of ['opendsr', 'opencompliance', 'opengdpr']) {
    expect(headers[`x-${family}-processor-domain`]).toBe(domain);
    const signature = Buffer.from(headers[`x-${family}-signature`] ?? '', 'base64');
    expect(verify('sha256', Buffer.from(text), key, signature)).toBe(true);
    expect(verify('sha256', Buffer.from(`${text} `), key, signature)).toBe(false);
  }
}

const somebody = () => ({ id: `e-${mark}`, userId: `u-${mark}`, email: `m-${mark}@example.com` });
const subject = (identity_type: string, identity_value: string, identity_format = 'raw') => ({
  ...{ identity_type, identity_value, identity_format },
});
const request = (more: object = {}) => ({
  ...{ regulation: 'gdpr', subject_request_id: randomUUID(), subject_request_type: 'erasure' },
  ...{ submitted_time: '2026-11-26T00:00:00Z', api_version: '2.0' },
  subject_identities: [subject('email', `m-${mark}@example.com`)],
  ...more,
});

function statusOf(id: string, status: string) {
  return vi.waitFor(
    async () => {
      const { body } = await dsr(`GET v2/APP/requests/${id}`);
      expect(body.request_status).toBe(status);
      return body;
    },
    { timeout: 20_000, interval: 50 },
  );
}

describe('E22: discovery', () => {
  it('tells what is supported and where the certificate is, to anybody', async () => {
    const { status, body } = await dsr('GET v2/APP/discovery', { key: null });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      api_version: '2.0',
      supported_subject_request_types: ['erasure', 'access', 'portability'],
      processor_certificate: `https://${domain}/opendsr/v2/${ApplicationId}/certificate.pem`,
    });
    for (const identity_type of [
      'controller_customer_id',
      'email',
      'ios_vendor_id',
      'android_advertising_id',
      'phone',
    ]) {
      expect(body.supported_identities).toContainEqual({ identity_type, identity_format: 'sha256' });
    }
    const pem = await dsr('GET v2/APP/certificate.pem', { key: null });
    expect(new X509Certificate(pem.body).checkHost(domain)).toBe(domain);
    expect((await dsr('GET v1/APP/discovery', { key: null })).body.api_version).toBe('1.0');
  });

  it('is off for projects that are not configured, and off again', async () => {
    expect((await callApi(server, `DELETE ${settingsPath()}`)).status).toBe(200);
    expect((await dsr('GET v2/APP/discovery')).status).toBe(404);
    expect((await dsr('POST v2/APP/requests', { body: request() })).status).toBe(404);
    expect((await callApi(server, `GET ${settingsPath()}`)).status).toBe(404);
    for (const path of ['v2/unknown/discovery', 'v3/APP/discovery', 'v2/APP/requests/a/b', 'v2', '']) {
      expect((await dsr(`GET ${path}`)).status).toBe(404);
    }
  });

  it('takes no certificate that a controller could not trust, and never shows the key', async () => {
    const selfSigned = await serverCertificate();
    const other = await issuedCertificate('other.example.com');
    const bad = [
      { Domain: 'other.example.com' },
      { Certificate: selfSigned.cert, PrivateKey: selfSigned.key },
      { Certificate: other.cert, PrivateKey: other.key },
      { PrivateKey: other.key },
      { Certificate: 'none' },
      { PrivateKey: 'none' },
    ];
    for (const change of bad) expect((await configure(change)).status, Object.keys(change).join()).toBe(400);
    const { body } = await callApi(server, `GET ${settingsPath()}`);
    expect(body).toMatchObject({ Domain: domain, BaseUrl: `https://${domain}/opendsr/v2/${ApplicationId}` });
    expect(JSON.stringify(body)).not.toMatch(/PRIVATE KEY|opendsr_/);
  });
});

describe('E22: an erasure', () => {
  it('is answered, done, told by signed callbacks, and named by its receipt', async () => {
    await plant(server, ApplicationId, somebody());
    const body = request({ status_callback_urls: [callbackUrl] });
    const sent = JSON.stringify(body);
    const { status, body: answer } = await dsr('POST v2/APP/requests', { body: sent });
    expect(status).toBe(201);
    expect(answer).toEqual({
      controller_id: ApplicationId,
      expected_completion_time: expect.stringMatching(/^\d{4}-.*Z$/),
      received_time: expect.stringMatching(/^\d{4}-.*Z$/),
      encoded_request: Buffer.from(sent).toString('base64'),
      subject_request_id: body.subject_request_id,
    });
    const done = await statusOf(body.subject_request_id, 'completed');
    const { erasure_id: id, receipt_sha256: sha256 } = done.extensions[domain];
    const receipt = await callApi(server, `GET /repoint/v1/erasure-receipts/${id}`);
    expect(hash('sha256', JSON.stringify(receipt.body))).toBe(sha256);
    expect(receipt.body.erasure).toMatchObject({ origin: 'OPENDSR', state: 'COMPLETED', subject: { endpoints: 1 } });
    const gone = server.client().send(new GetEndpointCommand({ ApplicationId, EndpointId: `e-${mark}` }));
    await expect(gone).rejects.toMatchObject({ name: 'NotFoundException' });
    await vi.waitFor(() => expect(received).toHaveLength(2), 10_000);
    for (const { headers, text } of received) {
      expectSigned(headers, text);
      expect(text).not.toContain(mark);
      expect(JSON.parse(text)).toMatchObject({
        ...{ controller_id: ApplicationId, subject_request_id: body.subject_request_id },
        status_callback_url: callbackUrl,
      });
    }
    expect(received.map(({ text }) => JSON.parse(text).request_status).toSorted()).toEqual([
      'completed',
      'in_progress',
    ]);
  });

  it.each([
    ['a user id', () => subject('controller_customer_id', `u-${mark}`)],
    ['a device', () => subject('ios_advertising_id', `e-${mark}`)],
    ['a hash', () => subject('email', hash('sha256', `m-${mark}@example.com`), 'sha256')],
  ])('finds people by %s', async (_name, who) => {
    await plant(server, ApplicationId, somebody());
    const body = request({ subject_identities: [who()] });
    await dsr('POST v2/APP/requests', { body });
    await statusOf(body.subject_request_id, 'completed');
    expect(await newestRequest(server, ApplicationId)).toMatchObject({ Origin: 'OPENDSR', Endpoints: 1 });
  });

  it('finds people by what stands in the extension of this processor', async () => {
    await plant(server, ApplicationId, somebody());
    const { subject_identities: _none, ...rest } = request();
    const extension = { api_key: ApplicationId, identities: [subject('endpoint_id', `e-${mark}`)] };
    const extensions = { [domain]: extension, 'other.example.com': { api_key: 'theirs' } };
    expect((await dsr('POST v2/APP/requests', { body: { ...rest, extensions } })).status).toBe(201);
    await statusOf(rest.subject_request_id, 'completed');
    expect(await newestRequest(server, ApplicationId)).toMatchObject({ Endpoints: 1 });
  });

  it('is the same when it comes again, and another one under its id is refused', async () => {
    const body = request();
    const [one, other] = [await dsr('POST v2/APP/requests', { body }), await dsr('POST v2/APP/requests', { body })];
    expect([one.status, other.status]).toEqual([201, 201]);
    expect(other.body).toEqual(one.body);
    const another = { ...body, subject_identities: [subject('email', 'b@example.com')] };
    expect((await dsr('POST v2/APP/requests', { body: another })).status).toBe(400);
    const { body: page } = await callApi(server, `GET /repoint/v1/apps/${ApplicationId}/erasure-requests`);
    expect(page.Item).toHaveLength(1);
  });

  it('can be cancelled while it is pending, and not afterwards', async () => {
    const settings = { WaitingDays: 7 };
    await callApi(server, `PUT /repoint/v1/apps/${ApplicationId}/erasure-settings`, { body: settings });
    const body = request({ status_callback_urls: [callbackUrl] });
    const { body: answer } = await dsr('POST v2/APP/requests', { body });
    expect(Date.parse(answer.expected_completion_time) - Date.now()).toBeGreaterThan(7 * 24 * 3_600_000);
    expect((await dsr(`GET v2/APP/requests/${body.subject_request_id}`)).body.request_status).toBe('pending');
    const cancelled = await dsr(`DELETE v2/APP/requests/${body.subject_request_id}`);
    expect([cancelled.status, cancelled.body.subject_request_id]).toEqual([202, body.subject_request_id]);
    await statusOf(body.subject_request_id, 'cancelled');
    await vi.waitFor(() => expect(received.map(({ text }) => JSON.parse(text).request_status)).toEqual(['cancelled']));
    expect((await dsr(`DELETE v2/APP/requests/${body.subject_request_id}`)).status).toBe(400);
  });

  it('honours the former names', async () => {
    const body = request({ api_version: '1.0' });
    expect((await dsr('POST v1/APP/opengdpr_requests', { body })).status).toBe(201);
    for (const path of ['OpenCompliance_requests', 'opendsr_requests', 'status']) {
      const { body: found } = await dsr(`GET v1/APP/${path}/${body.subject_request_id}`);
      expect(found).toMatchObject({ subject_request_id: body.subject_request_id, api_version: '1.0' });
    }
  });
});

describe('E22: an access request', () => {
  it.each(['access', 'portability'])('of type %s ends with a link to the archive', async (type) => {
    await plant(server, ApplicationId, somebody());
    const body = request({ subject_request_type: type, status_callback_urls: [callbackUrl] });
    expect((await dsr('POST v2/APP/requests', { body })).status).toBe(201);
    const { results_url: url, results_count: count } = await statusOf(body.subject_request_id, 'completed');
    expect(count).toBeGreaterThan(1);
    const archive = await fetch(new URL(new URL(url).pathname, server.origin));
    expect([archive.status, archive.headers.get('content-type')]).toEqual([200, 'application/gzip']);
    await archive.arrayBuffer();
    await vi.waitFor(() => expect(received).toHaveLength(1), 10_000);
    expect(JSON.parse(received[0]?.text ?? '')).toMatchObject({
      request_status: 'completed',
      results_url: expect.any(String),
    });
  });
});

describe('E22: bad input', () => {
  const bad: [string, unknown][] = [
    ['no JSON', 'x'],
    ['a list', []],
    ['nothing', {}],
    ['an id that is no version 4', request({ subject_request_id: 'a7551968-d5d6-14b2-9831-815ac9017798' })],
    ['an id in capitals', request({ subject_request_id: randomUUID().toUpperCase() })],
    ['another regulation', request({ regulation: 'lgpd' })],
    ['another type', request({ subject_request_type: 'rectification' })],
    ['no time', request({ submitted_time: 'yesterday' })],
    ['nobody', request({ subject_identities: [] })],
    ['null for somebody', request({ subject_identities: [null] })],
    ['an unknown kind of identity', request({ subject_identities: [subject('shoe_size', '44')] })],
    ['a format nobody can search by', request({ subject_identities: [subject('email', 'aa', 'md5')] })],
    ['a wildcard', request({ subject_identities: [subject('controller_customer_id', '*')] })],
    ['an empty identity', request({ subject_identities: [subject('email', '')] })],
    ['a callback that is no URL', request({ status_callback_urls: ['file:///etc/passwd'] })],
    ['the key of another project', request({ extensions: { [domain]: { api_key: 'f'.repeat(32) } } })],
  ];
  it.each(bad)('%s is refused by a signed answer that repeats nothing', async (_name, body) => {
    const { status, body: answer, headers } = await dsr('POST v2/APP/requests', { body });
    expect(status).toBe(400);
    expect(headers.get('x-opendsr-signature')).toBeTruthy();
    expect(answer).toEqual({
      error: { code: 400, message: expect.any(String), errors: [expect.objectContaining({ domain: 'Validation' })] },
    });
    expect(JSON.stringify(answer)).not.toMatch(/passwd|yesterday|"44"|a7551968/);
  });

  it('without the key of the project is refused, whatever it asks', async () => {
    for (const key of [null, '', 'opendsr_x', `${bearer}x`]) {
      expect((await dsr('POST v2/APP/requests', { body: request(), key })).status).toBe(401);
      expect((await dsr(`GET v2/APP/requests/${randomUUID()}`, { key })).status).toBe(401);
    }
    const before = bearer;
    bearer = (await configure()).body.BearerKey;
    expect((await dsr('POST v2/APP/requests', { body: request(), key: before })).status).toBe(401);
    expect((await dsr(`GET v2/APP/requests/${randomUUID()}`)).status).toBe(404);
  });

  it('is in the audit log as what it did, under the name of the controller, and names nobody', async () => {
    await dsr('POST v2/APP/requests', { body: request() });
    const { body } = await callApi(server, 'GET /repoint/v1/audit-log?operation=CreateErasureRequest&page-size=1');
    expect(body.Item[0]).toMatchObject({ UserName: `OpenDSR (${ApplicationId})`, ProjectId: ApplicationId });
    expect(JSON.stringify(body)).not.toContain(mark);
  });
});

describe('E19: those who are told of erasures', () => {
  const targets = () => `/repoint/v1/apps/${ApplicationId}/erasure-targets`;
  const notices = async (id: string) =>
    (await callApi(server, `GET /repoint/v1/apps/${ApplicationId}/erasure-notices?erasure-id=${id}`)).body.Item as {
      readonly Event: string;
      readonly State: string;
      readonly Attempts: number;
      readonly Fault?: string;
    }[];

  it('get a signed message that names people only to them, and are tried again', async () => {
    const { status, body: target } = await callApi(server, `POST ${targets()}`, { body: { Url: callbackUrl } });
    expect(status).toBe(201);
    statuses = [503];
    await plant(server, ApplicationId, somebody());
    const done = await erase(server, ApplicationId, { Identities: [identity('USER_ID', `u-${mark}`)] });
    const found = await vi.waitFor(
      async () => {
        const list = await notices(done.Id);
        expect(list.map(({ State }) => State)).toEqual(['DELIVERED', 'DELIVERED']);
        return list;
      },
      { timeout: 20_000, interval: 100 },
    );
    expect(found.map(({ Attempts }) => Attempts).toSorted()).toEqual([1, 2]);
    expect(received).toHaveLength(3);
    for (const { headers, text } of received) {
      const at = new Date(Number(headers['webhook-timestamp']) * 1000);
      expect(headers).toMatchObject(signWebhook(target.Secret, headers['webhook-id'] ?? '', at, text));
      expect(text).not.toContain(mark);
    }
    const bodies = received.map(({ text }) => JSON.parse(text));
    const accepted = bodies.find(({ type }) => type === 'erasure.accepted');
    const keyed = (name: string) => createHmac('sha256', target.Secret).update(hash('sha256', name)).digest('hex');
    expect(accepted.identities).toEqual(
      expect.arrayContaining([
        { type: 'ENDPOINT_ID', hmac: keyed(`e-${mark}`) },
        { type: 'USER_ID', hmac: keyed(`u-${mark}`) },
        { type: 'ADDRESS', hmac: keyed(`m-${mark}@example.com`) },
      ]),
    );
    const end = bodies.find(({ type }) => type === 'erasure.ended');
    expect(end).toMatchObject({ erasureId: done.Id, state: 'COMPLETED', erased: expect.any(Number) });
    expect((await callApi(server, `GET ${targets()}`)).body.Item).toEqual([
      { Id: target.Id, Url: callbackUrl, CreationDate: expect.any(String) },
    ]);
  });

  it('in closed networks are not reached, which is seen, and does not keep an erasure from ending', async () => {
    await callApi(server, `POST ${targets()}`, { body: { Url: 'http://10.0.0.1/hook' } });
    expect((await callApi(server, `POST ${targets()}`, { body: { Url: 'ftp://example.com' } })).status).toBe(400);
    const asked = await callApi(server, `POST /repoint/v1/apps/${ApplicationId}/erasure-requests`, {
      body: { Identities: [identity('USER_ID', `u-${mark}`)] },
    });
    const done = await ended(server, ApplicationId, asked.body.Id);
    expect(done.State).toBe('COMPLETED');
    await vi.waitFor(async () => {
      const list = await notices(done.Id);
      expect(list.length).toBeGreaterThan(0);
      for (const notice of list)
        expect(notice).toMatchObject({ State: 'FAILED', Fault: 'refused address', Attempts: 1 });
    }, 10_000);
  });
});

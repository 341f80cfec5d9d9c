/** Requests that leave: closed networks, limits, and what counts as an answer. */
import { createServer, type Server } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serverCertificate, trustCertificate } from '../../tests/support/certificates.ts';
import { OutgoingHttp } from './http.ts';
import { OutgoingNetworks } from './networks.ts';

describe('networks', () => {
  const networks = new OutgoingNetworks(['10.1.0.0/16', 'fd00:1::/32']);
  test.each(['127.0.0.1', '10.0.0.1', '169.254.169.254', '192.168.1.1', '100.64.0.1', '0.0.0.0', '224.0.0.1'])(
    'closed: %s',
    (address) => expect(networks.permits(address)).toBe(false),
  );
  test.each(['::1', '::', 'fe80::1', 'fe80::1%eth0', 'fd00::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::a00:1'])(
    'closed: %s',
    (address) => expect(networks.permits(address)).toBe(false),
  );
  test.each(['::127.0.0.1', '::a00:1', '::ffff:0:7f00:1'])('closed, though IPv4 stands in it: %s', (address) =>
    expect(networks.permits(address)).toBe(false),
  );
  test.each(['8.8.8.8', '2606:4700::1111', '10.1.2.3', '::ffff:10.1.2.3', 'fd00:1::5'])('open: %s', (address) =>
    expect(networks.permits(address)).toBe(true),
  );
  test('what is no address is not permitted', () => expect(networks.permits('localhost')).toBe(false));
});

describe('requests', () => {
  let server: Server;
  let url: string;
  let open: OutgoingHttp;
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/redirect') response.writeHead(302, { location: 'http://127.0.0.1/' }).end();
      else if (request.url === '/large') response.end('x'.repeat(5_000));
      else if (request.url === '/slow') setTimeout(() => response.end(), 5_000).unref();
      else if (request.url === '/broken') response.destroy();
      else request.pipe(response.writeHead(201, { 'x-seen': 'yes' }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    open = new OutgoingHttp(new OutgoingNetworks(['127.0.0.0/8', '::1']));
  });
  afterAll(async () => {
    await open.close();
    server.closeAllConnections();
    server.close();
  });

  test('an answer, whatever its status', async () => {
    const answer = await open.request({ method: 'POST', url: `${url}/echo`, body: 'ä', headers: { 'x-a': '1' } });
    expect(answer).toMatchObject({ status: 201, text: 'ä', headers: { 'x-seen': 'yes' } });
  });
  test('HTTP/1.1, though the other side offers HTTP/2', async () => {
    const certificate = await serverCertificate();
    trustCertificate(certificate);
    const secure = createSecureServer({ ...certificate, allowHTTP1: true }, (request, response) => {
      response.end(request.httpVersion);
    });
    await new Promise<void>((listening) => secure.listen(0, '127.0.0.1', listening));
    const { port } = secure.address() as AddressInfo;
    const trusting = new OutgoingHttp(new OutgoingNetworks(['127.0.0.0/8', '::1']));
    expect((await trusting.request({ method: 'GET', url: `https://localhost:${port}/` })).text).toBe('1.1');
    await trusting.close();
    secure.close();
  });
  test('a redirect is an answer', async () => {
    expect((await open.request({ method: 'GET', url: `${url}/redirect` })).status).toBe(302);
  });
  test.each(['http://127.0.0.1', 'http://localhost', 'http://[::1]', 'http://2130706433', 'http://0x7f.1'])(
    'closed networks are refused before anything is sent: %s',
    async (origin) => {
      const closed = new OutgoingHttp(new OutgoingNetworks([]));
      await expect(closed.request({ method: 'GET', url: `${origin}:${new URL(url).port}/` })).rejects.toMatchObject({
        kind: 'refused address',
      });
      await closed.close();
    },
  );
  test('limits', async () => {
    await expect(open.request({ method: 'GET', url: `${url}/large`, maximumBytes: 4_999 })).rejects.toMatchObject({
      kind: 'answer too large',
    });
    await expect(open.request({ method: 'GET', url: `${url}/slow`, timeoutMilliseconds: 100 })).rejects.toMatchObject({
      kind: 'timeout',
    });
    await expect(open.request({ method: 'GET', url: `${url}/broken` })).rejects.toMatchObject({ kind: 'broken off' });
    await expect(open.request({ method: 'GET', url: 'file:///etc/passwd' })).rejects.toMatchObject({
      kind: 'invalid address',
    });
    await expect(open.request({ method: 'GET', url: 'http://127.0.0.1:1/' })).rejects.toMatchObject({
      kind: 'unreachable',
    });
  });
});

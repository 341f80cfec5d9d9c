/** Receipts of SMS through an HTTP gateway: on its way, delivered, and nothing heard for three days. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateAppCommand,
  SendMessagesCommand,
  UpdateEndpointCommand,
  UpdateSmsChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventLog } from '../../src/domains/events/index.ts';
import { closeOldReceipts } from '../../src/domains/messaging/feedback/open-receipts.ts';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

let sent = 0;
const gateway = createServer((_request, response) => {
  sent += 1;
  response.end(JSON.stringify({ message: { id: `gateway-${sent}` } }));
});
await new Promise<void>((listening) => gateway.listen(0, '127.0.0.1', listening));
afterAll(() => {
  gateway.closeAllConnections();
  gateway.close();
});

const server = await startTestServer({ environment: { REPOINT_ALLOWED_NETWORKS: '127.0.0.0/8' } });
const client = server.client();
const secret = 'a secret of two sides';
let ApplicationId: string;
let callback: string;

beforeAll(async () => {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'receipts' } }),
  );
  ApplicationId = ApplicationResponse?.Id as string;
  await client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: { Enabled: true } }));
  const provider = await callApi(server, `PUT /repoint/v1/apps/${ApplicationId}/providers/SMS`, {
    body: {
      Kind: 'HTTP',
      Settings: {
        Url: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/send`,
        ...{ Method: 'POST', BodyFormat: 'JSON', Body: '{"to":"{to}","text":"{body}"}' },
        ...{ MessageIdPath: 'message.id', CallbackSecret: secret },
      },
    },
  });
  expect(provider.status).toBe(200);
  callback = `${server.origin}${provider.body.CallbackPath}`;
});

async function send(EndpointId: string, Address: string): Promise<string> {
  const EndpointRequest = { ChannelType: 'SMS' as const, Address };
  await client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId, EndpointRequest }));
  const { MessageResponse } = await client.send(
    new SendMessagesCommand({
      ApplicationId,
      MessageRequest: { Endpoints: { [EndpointId]: {} }, MessageConfiguration: { SMSMessage: { Body: 'Hi' } } },
    }),
  );
  return MessageResponse?.EndpointResult?.[EndpointId]?.MessageId as string;
}

function tell(id: string, status: string) {
  const body = JSON.stringify({ receipts: [{ id, status }] });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return fetch(callback, {
    method: 'POST',
    body,
    headers: { 'x-signature': signature, 'x-repoint-signature': signature },
  });
}

async function eventsOf(endpointId: string): Promise<string[]> {
  const { body } = await callApi(server, `GET /repoint/v1/apps/${ApplicationId}/endpoints/${endpointId}/events`);
  return body.Item.toReversed().map(
    // biome-ignore lint/suspicious/noExplicitAny: a record as it is streamed
    ({ Record }: any) => `${Record.event_type} ${Record.attributes.record_status}`,
  );
}

const parts = {
  database: server.database,
  events: new EventLog([]),
  keySecret: server.masterKey.derive('message keys'),
};
const later = (hours: number) => new Date(Date.now() + hours * 3600_000);

it('a message is buffered until its receipt comes, and the last word counts once', async () => {
  const id = await send('ana', '+12065550142');
  expect(id).toBe('gateway-1');
  expect(await eventsOf('ana')).toEqual(['_SMS.BUFFERED SUCCESSFUL']);
  expect((await tell(id, 'DELIVERED')).status).toBe(204);
  expect((await tell(id, 'DELIVERED')).status).toBe(204);
  expect(await eventsOf('ana')).toEqual(['_SMS.BUFFERED SUCCESSFUL', '_SMS.SUCCESS DELIVERED']);
  await closeOldReceipts(parts, later(73));
  expect(await eventsOf('ana')).toHaveLength(2);
});

it('after three days without a word its fate is UNKNOWN', async () => {
  await send('ben', '+12065550143');
  await closeOldReceipts(parts, later(71));
  expect(await eventsOf('ben')).toEqual(['_SMS.BUFFERED SUCCESSFUL']);
  await closeOldReceipts(parts, later(73));
  await closeOldReceipts(parts, later(74));
  expect(await eventsOf('ben')).toEqual(['_SMS.BUFFERED SUCCESSFUL', '_SMS.FAILURE UNKNOWN']);
});

it('receipts of unknown messages, and forged ones, change nothing', async () => {
  expect((await tell('somebody-elses', 'DELIVERED')).status).toBe(204);
  const body = JSON.stringify({ receipts: [{ id: 'gateway-1', status: 'DELIVERED' }] });
  expect((await fetch(callback, { method: 'POST', body })).status).toBe(403);
  expect((await fetch(`${callback}x`, { method: 'POST', body })).status).toBe(404);
});

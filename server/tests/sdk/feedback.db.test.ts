/** A mail's whole life over a real SMTP server: sent, opened, clicked, unsubscribed, bounced; and what events tell of it. */
import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import {
  CreateAppCommand,
  GetEndpointCommand,
  type MessageRequest,
  SendMessagesCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const mails: ParsedMail[] = [];
const mailServer = new SMTPServer({
  ...{ disabledCommands: ['AUTH', 'STARTTLS'], logger: false },
  onRcptTo({ address }, _session, done) {
    done(address.startsWith('nobody') ? Object.assign(new Error('5.1.1 no such user'), { responseCode: 550 }) : null);
  },
  onData(stream, _session, done) {
    simpleParser(stream).then((mail) => {
      mails.push(mail);
      done();
    }, done);
  },
});
await new Promise<void>((listening) => mailServer.listen(0, '127.0.0.1', listening));
afterAll(() => new Promise<void>((closed) => mailServer.close(() => closed())));

const publicUrl = 'https://links.example.com';
const server = await startTestServer({
  environment: {
    REPOINT_PUBLIC_URL: publicUrl,
    REPOINT_SMTP_URL: `smtp://127.0.0.1:${(mailServer.server.address() as AddressInfo).port}?tls=none`,
    REPOINT_ALLOWED_NETWORKS: '127.0.0.0/8',
  },
});
const client = server.client();
let ApplicationId: string;

beforeAll(async () => {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'mails' } }),
  );
  ApplicationId = ApplicationResponse?.Id as string;
  const EmailChannelRequest = {
    ...{ FromAddress: 'Shop <shop@example.com>', Enabled: true },
    Identity: 'arn:aws:ses:us-east-1:123456789012:identity/example.com',
  };
  await client.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest }));
  await callApi(server, `PUT /repoint/v1/apps/${ApplicationId}/messaging-settings`, {
    body: { ClickTracking: true, OpenTracking: true, UnsubscribeLinks: true },
  });
});

const put = (EndpointId: string, Address: string) =>
  client.send(
    new UpdateEndpointCommand({ ApplicationId, EndpointId, EndpointRequest: { ChannelType: 'EMAIL', Address } }),
  );

async function send(targets: Pick<MessageRequest, 'Addresses' | 'Endpoints'>) {
  const { MessageResponse } = await client.send(
    new SendMessagesCommand({
      ApplicationId,
      MessageRequest: {
        ...targets,
        Context: { order: '77' },
        MessageConfiguration: {
          EmailMessage: {
            SimpleEmail: {
              Subject: { Data: 'Your order' },
              HtmlPart: { Data: '<p><a href="https://shop.example/order?a=1&amp;b=2">See it</a></p>' },
            },
          },
        },
      },
    }),
  );
  return MessageResponse;
}

const mailTo = (address: string) =>
  mails.find(({ to }) => !Array.isArray(to) && to?.value[0]?.address === address) as ParsedMail;

/** Links lead to the public URL, behind which this server stands. */
const follow = (url: string, init: RequestInit = {}) =>
  fetch(url.replace(publicUrl, server.origin), { redirect: 'manual', ...init });

async function eventsOf(endpointId: string) {
  const { body } = await callApi(server, `GET /repoint/v1/apps/${ApplicationId}/endpoints/${endpointId}/events`);
  return body.Item.toReversed().map(({ Record }: { Record: Record<string, unknown> }) => Record);
}

describe('a mail that arrives', () => {
  it('is told of by its events: sent, delivered, opened, clicked, unsubscribed', async () => {
    await put('ana', 'ana@example.com');
    const answer = await send({ Endpoints: { ana: {} } });
    expect(answer?.EndpointResult?.['ana']).toMatchObject({ DeliveryStatus: 'SUCCESSFUL', StatusCode: 200 });
    const mail = mailTo('ana@example.com');
    expect(mail.subject).toBe('Your order');
    const html = mail.html as string;
    const link = /href="([^"]+)"/.exec(html)?.[1] as string;
    const pixel = /<img src="([^"]+)"/.exec(html)?.[1] as string;
    const opened = await follow(pixel, { headers: { 'user-agent': 'mail program' } });
    expect([opened.status, opened.headers.get('content-type')]).toEqual([200, 'image/gif']);
    const clicked = await follow(link);
    expect([clicked.status, clicked.headers.get('location')]).toEqual([302, 'https://shop.example/order?a=1&b=2']);
    await follow(link, { method: 'HEAD' });
    const unsubscribe = (mail.headerLines.find(({ key }) => key === 'list-unsubscribe')?.line ?? '').replace(
      /^.*<|>.*$/gs,
      '',
    );
    expect(await (await follow(unsubscribe)).text()).toContain('Unsubscribe');
    const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    expect((await follow(unsubscribe, { ...form, body: 'List-Unsubscribe=One-Click' })).status).toBe(200);
    const { EndpointResponse } = await client.send(new GetEndpointCommand({ ApplicationId, EndpointId: 'ana' }));
    expect(EndpointResponse?.OptOut).toBe('ALL');
    const events = await eventsOf('ana');
    expect(events.map(({ event_type }: { event_type: string }) => event_type)).toEqual([
      ...['_email.send', '_email.delivered', '_email.open', '_email.click', '_email.unsubscribe'],
    ]);
    const [sent, , , click] = events;
    expect(sent).toMatchObject({
      ...{
        application: { app_id: ApplicationId },
        attributes: { feedback: 'received', order: '77', treatment_id: '0' },
      },
      facets: {
        email_channel: {
          mail_event: {
            mail: {
              ...{ message_id: answer?.EndpointResult?.['ana']?.MessageId, destination: ['ana@example.com'] },
              common_headers: { from: 'Shop <shop@example.com>', subject: 'Your order' },
            },
          },
        },
      },
    });
    expect(click.attributes.feedback).toBe('https://shop.example/order?a=1&b=2');
    expect(click.facets.email_channel.mail_event.click.link).toBe('https://shop.example/order?a=1&b=2');
    expect((await send({ Endpoints: { ana: {} } }))?.EndpointResult?.['ana']?.DeliveryStatus).toBe('OPT_OUT');
    await follow(unsubscribe, { ...form, body: 'choice=subscribe' });
    expect((await send({ Endpoints: { ana: {} } }))?.EndpointResult?.['ana']?.DeliveryStatus).toBe('SUCCESSFUL');
  });

  it('links that this server did not make lead nowhere', async () => {
    expect((await follow(`${publicUrl}/links/AAAA`)).status).toBe(404);
    expect((await follow(`${publicUrl}/unsubscribe/AAAA`)).status).toBe(404);
    expect((await follow(`${publicUrl}/opens/AAAA`)).status).toBe(200);
    await send({ Addresses: { 'moved@example.com': { ChannelType: 'EMAIL' } } });
    const link = /href="([^"]+)"/.exec(mailTo('moved@example.com').html as string)?.[1] as string;
    const changed = link.replace(/.(?=.{20}$)/, (one) => (one === 'A' ? 'B' : 'A'));
    expect((await follow(changed)).status).toBe(404);
    expect((await follow(link.replace('/links/', '/unsubscribe/'))).status).toBe(404);
  });
});

describe('a mail that does not', () => {
  it('is a hard bounce, and its address gets no more mail', async () => {
    await put('gone', 'nobody-1@example.com');
    const answer = await send({ Endpoints: { gone: {} } });
    expect(answer?.EndpointResult?.['gone']).toMatchObject({ DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: 400 });
    expect((await eventsOf('gone')).at(-1)).toMatchObject({
      event_type: '_email.hardbounce',
      facets: { email_channel: { mail_event: { bounce: { bounce_type: 'Permanent' } } } },
    });
    const found = await callApi(server, 'POST /repoint/v1/suppressed-addresses/find', {
      body: { Channel: 'EMAIL', Address: 'nobody-1@example.com' },
    });
    expect(found).toMatchObject({ status: 200, body: { Reason: 'BOUNCE' } });
    expect((await send({ Endpoints: { gone: {} } }))?.EndpointResult?.['gone']?.DeliveryStatus).toBe('SUCCESSFUL');
    expect(mailTo('nobody-1@example.com')).toBeUndefined();
  });

  it('may be told of later, signed, by whoever reads the bounces', async () => {
    const { port } = mailServer.server.address() as AddressInfo;
    const Settings = { Host: '127.0.0.1', Port: port, Tls: 'none', CallbackSecret: 'a secret of two sides' };
    const provider = await callApi(server, `PUT /repoint/v1/apps/${ApplicationId}/providers/EMAIL`, {
      body: { Kind: 'SMTP', Settings },
    });
    expect(provider).toMatchObject({ status: 200, body: { Kind: 'SMTP', CallbackPath: expect.any(String) } });
    await put('later', 'later@example.com');
    await send({ Endpoints: { later: {} } });
    const MessageId = mailTo('later@example.com').messageId as string;
    const body = JSON.stringify({ Events: [{ Type: 'complaint', Address: 'later@example.com', MessageId }] });
    const tell = (secret: string) =>
      fetch(`${server.origin}${provider.body.CallbackPath}`, {
        ...{ method: 'POST', body },
        headers: { 'x-repoint-signature': createHmac('sha256', secret).update(body).digest('hex') },
      });
    expect((await tell('a secret of another')).status).toBe(403);
    expect((await eventsOf('later')).at(-1)).toMatchObject({ event_type: '_email.send' });
    expect((await tell('a secret of two sides')).status).toBe(204);
    expect((await eventsOf('later')).at(-1)).toMatchObject({ event_type: '_email.complaint' });
    const found = await callApi(server, 'POST /repoint/v1/suppressed-addresses/find', {
      body: { Channel: 'EMAIL', Address: 'later@example.com' },
    });
    expect(found).toMatchObject({ status: 200, body: { Reason: 'COMPLAINT' } });
  });
});

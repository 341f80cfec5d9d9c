/** SendMessages and SendUsersMessages through the SDK: who gets what, and what each result says (dossier/messaging §5). */
import {
  CreateAppCommand,
  CreateEmailTemplateCommand,
  DeleteEndpointCommand,
  type MessageRequest,
  SendMessagesCommand,
  SendUsersMessagesCommand,
  UpdateApnsChannelCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointCommand,
  UpdateGcmChannelCommand,
  UpdateSmsChannelCommand,
  UpdateVoiceChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { beforeAll, describe, expect, it } from 'vitest';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer({ environment: { REPOINT_PUBLIC_URL: 'https://links.example.com' } });
const client = server.client();

let ApplicationId: string;

async function newProject(): Promise<string> {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'messages' } }),
  );
  return ApplicationResponse?.Id as string;
}

async function setUpChannels(id: string): Promise<void> {
  await client.send(new UpdateSmsChannelCommand({ ApplicationId: id, SMSChannelRequest: { Enabled: true } }));
  await client.send(new UpdateVoiceChannelCommand({ ApplicationId: id, VoiceChannelRequest: { Enabled: true } }));
  await client.send(
    new UpdateEmailChannelCommand({
      ApplicationId: id,
      EmailChannelRequest: {
        ...{ FromAddress: 'Shop <shop@example.com>', Enabled: true },
        Identity: 'arn:aws:ses:us-east-1:123456789012:identity/example.com',
      },
    }),
  );
}

beforeAll(async () => {
  ApplicationId = await newProject();
  await setUpChannels(ApplicationId);
});

async function send(MessageRequest: MessageRequest, id = ApplicationId) {
  const { MessageResponse } = await client.send(new SendMessagesCommand({ ApplicationId: id, MessageRequest }));
  return MessageResponse;
}

async function put(EndpointId: string, EndpointRequest: object, id = ApplicationId) {
  await client.send(new UpdateEndpointCommand({ ApplicationId: id, EndpointId, EndpointRequest }));
}

const outbox = async (address: string, id = ApplicationId) => {
  const list = await callApi(server, `GET /repoint/v1/apps/${id}/outbox?address=${encodeURIComponent(address)}`);
  return Promise.all(
    list.body.Item.map(async ({ MessageId }: { MessageId: string }) => {
      return (await callApi(server, `GET /repoint/v1/apps/${id}/outbox/${MessageId}`)).body;
    }),
  );
};

const sms = (Body: string) => ({ SMSMessage: { Body, MessageType: 'TRANSACTIONAL' as const } });

describe('addresses', () => {
  it('good and bad ones get results of their own, and the call answers 200', async () => {
    const answer = await send({
      Addresses: {
        '+12065550142': { ChannelType: 'SMS', Substitutions: { name: ['Ana'] } },
        'not a number': { ChannelType: 'SMS' },
        'ana@example.com': { ChannelType: 'EMAIL' },
        'x@example.com': { ChannelType: 'CUSTOM' },
        '+12065550143': {},
      },
      MessageConfiguration: {
        DefaultMessage: { Body: 'Hi {{name}}', Substitutions: { name: ['you'] } },
        SMSMessage: { Body: 'Hi {{name}}!', OriginationNumber: '+12065550199' },
      },
    });
    expect(answer).toMatchObject({ ApplicationId, RequestId: expect.any(String) });
    expect(answer?.EndpointResult).toBeUndefined();
    expect(answer?.Result).toEqual({
      '+12065550142': {
        ...{ DeliveryStatus: 'SUCCESSFUL', StatusCode: 200 },
        ...{ StatusMessage: expect.any(String), MessageId: expect.any(String) },
      },
      'not a number': {
        ...{ DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: 400, StatusMessage: 'The address is not a phone number' },
      },
      'ana@example.com': expect.objectContaining({ DeliveryStatus: 'SUCCESSFUL' }),
      'x@example.com': expect.objectContaining({ DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: 400 }),
      '+12065550143': expect.objectContaining({ DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: 400 }),
    });
    expect(await outbox('+12065550142')).toMatchObject([
      { Sms: { Body: 'Hi Ana!', OriginationNumber: '+12065550199', MessageType: 'TRANSACTIONAL' } },
    ]);
    expect(await outbox('ana@example.com')).toMatchObject([
      { Email: { Text: 'Hi you', From: 'Shop <shop@example.com>' } },
    ]);
  });

  it('a text that is too long for SMS is refused, one that fits is cut into parts', async () => {
    const long = await send({
      Addresses: { '+12065550150': { ChannelType: 'SMS' } },
      MessageConfiguration: sms('x'.repeat(1601)),
    });
    expect(long?.Result?.['+12065550150']).toMatchObject({ DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: 400 });
    const unicode = await send({
      Addresses: { '+12065550150': { ChannelType: 'SMS' } },
      MessageConfiguration: sms('ж'.repeat(631)),
    });
    expect(unicode?.Result?.['+12065550150']?.DeliveryStatus).toBe('PERMANENT_FAILURE');
    const good = await send({
      Addresses: { '+12065550150': { ChannelType: 'SMS' } },
      MessageConfiguration: sms('x'.repeat(1600)),
    });
    expect(good?.Result?.['+12065550150']?.DeliveryStatus).toBe('SUCCESSFUL');
  });

  it.each([
    ['in the address', { 'ana@example.com\r\nBcc: all@example.com': { ChannelType: 'EMAIL' } }, 'x'],
    ['in a display form', { 'Ana <ana@example.com>': { ChannelType: 'EMAIL' } }, 'x'],
    [
      'in the subject',
      { 'inject@example.com': { ChannelType: 'EMAIL', Substitutions: { s: ['a\r\nBcc: all@example.com'] } } },
      '{{s}}',
    ],
  ])('headers cannot be injected %s', async (_where, Addresses, subject) => {
    const answer = await send({
      Addresses: Addresses as MessageRequest['Addresses'],
      MessageConfiguration: { EmailMessage: { SimpleEmail: { Subject: { Data: subject }, TextPart: { Data: 'x' } } } },
    });
    expect(Object.values(answer?.Result ?? {})).toEqual([
      expect.objectContaining({ DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: 400 }),
    ]);
  });

  it('values are escaped in HTML and nowhere else', async () => {
    await send({
      Addresses: { 'escape@example.com': { ChannelType: 'EMAIL', Substitutions: { name: ['<b>A & B</b>'] } } },
      MessageConfiguration: {
        EmailMessage: {
          SimpleEmail: {
            ...{ Subject: { Data: 'For {{name}}' }, HtmlPart: { Data: '<p>{{name}} {{{name}}}</p>' } },
            ...{ TextPart: { Data: '{{name}}' }, Headers: [{ Name: 'X-Order', Value: '{{name}}' }] },
          },
        },
      },
    });
    expect(await outbox('escape@example.com')).toMatchObject([
      {
        Email: {
          ...{ Subject: 'For <b>A & B</b>', Html: '<p>&lt;b&gt;A &amp; B&lt;/b&gt; <b>A & B</b></p>' },
          ...{ Text: '<b>A & B</b>', Headers: [{ Name: 'X-Order', Value: '<b>A & B</b>' }] },
        },
      },
    ]);
  });
});

describe('the call', () => {
  it.each([
    ['without recipients', {}],
    [
      'with too many',
      {
        Addresses: Object.fromEntries(
          Array.from({ length: 101 }, (_, n) => [`+1206555${1000 + n}`, { ChannelType: 'SMS' as const }]),
        ),
      },
    ],
  ])('is refused %s', async (_what, request) => {
    await expect(send({ ...request, MessageConfiguration: sms('x') })).rejects.toMatchObject({
      name: 'BadRequestException',
    });
  });

  it('is refused without MessageConfiguration, taken with an empty one when a template says it all', async () => {
    await client.send(
      new CreateEmailTemplateCommand({
        TemplateName: 'welcome',
        EmailTemplateRequest: {
          ...{ Subject: 'Welcome {{User.UserAttributes.First}}', HtmlPart: '<p>Hi {{User.UserAttributes.First}}</p>' },
          DefaultSubstitutions: '{"User.UserAttributes.First":"there"}',
        },
      }),
    );
    const Addresses = { 'template@example.com': { ChannelType: 'EMAIL' as const } };
    const TemplateConfiguration = { EmailTemplate: { Name: 'welcome' } };
    // biome-ignore lint/suspicious/noExplicitAny: what the type forbids is what is tried
    await expect(send({ Addresses, TemplateConfiguration } as any)).rejects.toMatchObject({
      name: 'BadRequestException',
    });
    const answer = await send({ Addresses, TemplateConfiguration, MessageConfiguration: {} });
    expect(answer?.Result?.['template@example.com']?.DeliveryStatus).toBe('SUCCESSFUL');
    expect(await outbox('template@example.com')).toMatchObject([
      { Email: { Subject: 'Welcome there', Html: '<p>Hi there</p>' } },
    ]);
    await expect(
      send({ Addresses, TemplateConfiguration: { EmailTemplate: { Name: 'nobody' } }, MessageConfiguration: {} }),
    ).rejects.toMatchObject({ name: 'BadRequestException' });
  });

  it('with an Idempotency-Key sends once, and answers again what it answered first', async () => {
    const call = (body: string) =>
      callApi(server, `POST /v1/apps/${ApplicationId}/messages`, {
        service: 'mobiletargeting',
        headers: { 'idempotency-key': 'order-77' },
        body: { Addresses: { '+12065550177': { ChannelType: 'SMS' } }, MessageConfiguration: sms(body) },
      });
    const first = await call('once');
    const again = await call('once');
    expect(again.body).toEqual(first.body);
    expect(await outbox('+12065550177')).toHaveLength(1);
    expect(await call('other')).toMatchObject({ status: 400 });
  });

  it('sends by e-mail though the channel is switched off, but not if it was never set up', async () => {
    const id = await newProject();
    const request = {
      Addresses: {
        'off@example.com': { ChannelType: 'EMAIL' as const },
        '+12065550161': { ChannelType: 'SMS' as const },
      },
      MessageConfiguration: { DefaultMessage: { Body: 'x' } },
    };
    const never = await send(request, id);
    expect(never?.Result?.['off@example.com']).toMatchObject({ DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: 400 });
    await setUpChannels(id);
    await client.send(
      new UpdateEmailChannelCommand({
        ApplicationId: id,
        EmailChannelRequest: {
          FromAddress: 'a@example.com',
          Identity: 'arn:aws:ses:us-east-1:123456789012:identity/x',
          Enabled: false,
        },
      }),
    );
    await client.send(new UpdateSmsChannelCommand({ ApplicationId: id, SMSChannelRequest: { Enabled: false } }));
    const off = await send(request, id);
    expect(off?.Result?.['off@example.com']?.DeliveryStatus).toBe('SUCCESSFUL');
    expect(off?.Result?.['+12065550161']).toMatchObject({ DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: 400 });
  });
});

describe('endpoints', () => {
  it('answer in EndpointResult with their address; unknown ones and opted-out ones say so', async () => {
    await put('Ana-1', {
      ChannelType: 'SMS',
      Address: '+12065550201',
      User: { UserId: 'ana', UserAttributes: { First: ['Ana'] } },
    });
    await put('out-1', { ChannelType: 'SMS', Address: '+12065550202', OptOut: 'ALL' });
    await put('asleep-1', { ChannelType: 'SMS', Address: '+12065550203', EndpointStatus: 'INACTIVE' });
    await put('twin-1', { ChannelType: 'SMS', Address: '+12065550204' });
    const answer = await send({
      Endpoints: {
        'ana-1': { Context: { src: 'crm' } },
        ...{ 'out-1': {}, 'asleep-1': {}, 'nobody-1': {}, 'twin-1': {}, 'TWIN-1': {} },
      },
      MessageConfiguration: sms('Hi {{User.UserAttributes.First}}{{Attributes.none}}'),
    });
    expect(answer?.Result).toBeUndefined();
    expect(answer?.EndpointResult).toMatchObject({
      'ana-1': { Address: '+12065550201', DeliveryStatus: 'SUCCESSFUL', StatusCode: 200 },
      'out-1': { Address: '+12065550202', DeliveryStatus: 'OPT_OUT' },
      'asleep-1': { DeliveryStatus: 'SUCCESSFUL' },
      'nobody-1': { DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: 404 },
      'twin-1': { DeliveryStatus: 'SUCCESSFUL' },
      'TWIN-1': { DeliveryStatus: 'DUPLICATE', StatusCode: 200 },
    });
    expect(await outbox('+12065550201')).toMatchObject([{ Sms: { Body: 'Hi Ana' } }]);
    expect(await outbox('+12065550202')).toEqual([]);
  });

  it('a log of their messages is kept, and goes with them', async () => {
    await put('logged-1', { ChannelType: 'EMAIL', Address: 'very-personal-7431@example.com' });
    await send({
      Endpoints: { 'LOGGED-1': {} },
      MessageConfiguration: { EmailMessage: { Body: 'very-personal-7431' } },
    });
    const path = `GET /repoint/v1/apps/${ApplicationId}/endpoints/logged-1/messages`;
    expect((await callApi(server, path)).body).toMatchObject({
      Item: [
        { ChannelType: 'EMAIL', Status: 'SUCCESSFUL', StatusCode: 200, Attempts: 1, SettledAt: expect.any(String) },
      ],
    });
    await client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: 'logged-1' }));
    expect((await callApi(server, path)).body).toEqual({ Item: [] });
    expect(await tablesWith(server.database, 'very-personal-7431')).toEqual([]);
    expect(await tablesWith(server.database, 'logged-1')).toEqual([]);
  });

  it('a project may refuse messages whose variables have no value', async () => {
    const id = await newProject();
    await setUpChannels(id);
    const settings = `/repoint/v1/apps/${id}/messaging-settings`;
    expect((await callApi(server, `GET ${settings}`)).body).toEqual({
      ...{ MissingVariables: 'OMIT', ClickTracking: false, OpenTracking: false, UnsubscribeLinks: false },
    });
    expect(await callApi(server, `PUT ${settings}`, { body: { MissingVariables: 'FAIL' } })).toMatchObject({
      status: 200,
      body: { MissingVariables: 'FAIL', ClickTracking: false },
    });
    const answer = await send(
      { Addresses: { '+12065550211': { ChannelType: 'SMS' } }, MessageConfiguration: sms('Hi {{name}}') },
      id,
    );
    expect(answer?.Result?.['+12065550211']).toMatchObject({ DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: 400 });
    expect(await outbox('+12065550211', id)).toEqual([]);
  });
});

describe('push', () => {
  beforeAll(async () => {
    // Without credentials there is no service to send to: such messages stay in the outbox.
    await client
      .send(new UpdateGcmChannelCommand({ ApplicationId, GCMChannelRequest: { Enabled: false, ApiKey: 'key' } }))
      .catch(() => undefined);
    await client
      .send(new UpdateApnsChannelCommand({ ApplicationId, APNSChannelRequest: { Enabled: false } }))
      .catch(() => undefined);
  });

  it('is refused while its channel is switched off', async () => {
    const answer = await send({
      Addresses: { token: { ChannelType: 'APNS' } },
      MessageConfiguration: { DefaultPushNotificationMessage: { Title: 'a', Body: 'b' } },
    });
    expect(answer?.Result?.['token']).toMatchObject({ DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: 400 });
  });
});

describe('users', () => {
  it('are reached on every channel that the message has something for, and answers name user and endpoint', async () => {
    const User = { UserId: 'u1', UserAttributes: { First: ['Uma'] } };
    await put('u1-sms', { ChannelType: 'SMS', Address: '+12065550301', User });
    await put('u1-mail', { ChannelType: 'EMAIL', Address: 'u1@example.com', User });
    await put('u1-app', { ChannelType: 'IN_APP', Address: 'x', User });
    await put('u1-old', { ChannelType: 'SMS', Address: '+12065550302', EndpointStatus: 'INACTIVE', User });
    const users = (MessageConfiguration: MessageRequest['MessageConfiguration']) =>
      client.send(
        new SendUsersMessagesCommand({
          ApplicationId,
          SendUsersMessageRequest: {
            Users: { u1: { Substitutions: { code: ['7'] } }, nobody: {} },
            MessageConfiguration,
          },
        }),
      );
    const one = await users(sms('{{User.UserAttributes.First}} {{code}}'));
    expect(one.SendUsersMessageResponse?.Result).toEqual({
      u1: { 'u1-sms': expect.objectContaining({ Address: '+12065550301', DeliveryStatus: 'SUCCESSFUL' }) },
      nobody: {},
    });
    expect(await outbox('+12065550301')).toMatchObject([{ Sms: { Body: 'Uma 7' } }]);
    const both = await users({ DefaultMessage: { Body: 'hello' } });
    expect(Object.keys(both.SendUsersMessageResponse?.Result?.['u1'] ?? {}).sort()).toEqual(['u1-mail', 'u1-sms']);
  });
});

describe('suppressed addresses', () => {
  it('are listed, added, found and removed, and get nothing meanwhile', async () => {
    const entry = { Channel: 'EMAIL', Address: 'Never@example.com' };
    const added = await callApi(server, 'POST /repoint/v1/suppressed-addresses', {
      body: { ...entry, Detail: 'asked by phone' },
    });
    expect(added).toMatchObject({ status: 201, body: { ...entry, Reason: 'MANUAL', Detail: 'asked by phone' } });
    expect(await callApi(server, 'POST /repoint/v1/suppressed-addresses', { body: entry })).toMatchObject({
      status: 409,
    });
    expect((await callApi(server, 'GET /repoint/v1/suppressed-addresses?channel=EMAIL')).body.Item).toHaveLength(1);
    expect((await callApi(server, 'GET /repoint/v1/suppressed-addresses?channel=SMS')).body.Item).toEqual([]);
    const MessageConfiguration = { EmailMessage: { Body: 'x' } };
    const answer = await send({ Addresses: { 'never@EXAMPLE.com': { ChannelType: 'EMAIL' } }, MessageConfiguration });
    expect(answer?.Result?.['never@EXAMPLE.com']).toMatchObject({ DeliveryStatus: 'SUCCESSFUL', StatusCode: 200 });
    expect(await outbox('never@EXAMPLE.com')).toEqual([]);
    expect(await callApi(server, 'POST /repoint/v1/suppressed-addresses/find', { body: entry })).toMatchObject({
      status: 200,
    });
    expect(await callApi(server, 'POST /repoint/v1/suppressed-addresses/delete', { body: entry })).toMatchObject({
      status: 200,
    });
    expect(await callApi(server, 'POST /repoint/v1/suppressed-addresses/find', { body: entry })).toMatchObject({
      status: 404,
    });
    await send({ Addresses: { 'never@example.com': { ChannelType: 'EMAIL' } }, MessageConfiguration });
    expect(await outbox('never@example.com')).toHaveLength(1);
  });
});

describe('tracking', () => {
  it('leaves HTML byte for byte until the project asks for it', async () => {
    const id = await newProject();
    await setUpChannels(id);
    const html = '<html><body><a href="https://shop.example/a?b=1&amp;c=2">x</a></body></html>';
    const mail = (address: string) =>
      send(
        {
          Addresses: { [address]: { ChannelType: 'EMAIL' } },
          MessageConfiguration: { EmailMessage: { SimpleEmail: { HtmlPart: { Data: html } } } },
        },
        id,
      );
    await mail('plain@example.com');
    expect(await outbox('plain@example.com', id)).toMatchObject([{ Email: { Html: html } }]);
    await callApi(server, `PUT /repoint/v1/apps/${id}/messaging-settings`, {
      body: { ClickTracking: true, OpenTracking: true, UnsubscribeLinks: true },
    });
    await mail('tracked@example.com');
    const [tracked] = await outbox('tracked@example.com', id);
    expect(tracked.Email.Html).toMatch(
      /^<html><body><a href="https:\/\/links\.example\.com\/links\/[\w-]+">x<\/a><img src="https:\/\/links\.example\.com\/opens\/[\w-]+" [^>]*><\/body><\/html>$/,
    );
    expect(tracked.Email.Headers).toEqual([
      {
        Name: 'List-Unsubscribe',
        Value: expect.stringMatching(/^<https:\/\/links\.example\.com\/unsubscribe\/[\w-]+>$/),
      },
      { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
    ]);
  });
});

describe('a preview', () => {
  it('shows what an endpoint would get, which variables are used and which have no value', async () => {
    await put('preview-1', { ChannelType: 'EMAIL', Address: 'p@example.com', Attributes: { city: ['Lima'] } });
    const preview = await callApi(server, `POST /repoint/v1/apps/${ApplicationId}/template-previews`, {
      body: {
        ...{ TemplateType: 'EMAIL', EndpointId: 'preview-1' },
        Email: { Subject: 'To {{Attributes.city}}', HtmlPart: '<p>{{upper Attributes.city}} {{Attributes.none}}</p>' },
      },
    });
    expect(preview).toMatchObject({
      status: 200,
      body: {
        Texts: [
          { Member: 'Subject', Text: 'To Lima' },
          { Member: 'HtmlPart', Text: '<p>LIMA </p>' },
        ],
        ...{ Variables: ['Attributes.city', 'Attributes.none'], Missing: ['Attributes.none'], Warnings: [] },
      },
    });
    const broken = await callApi(server, `POST /repoint/v1/apps/${ApplicationId}/template-previews`, {
      body: { TemplateType: 'SMS', Sms: { Body: 'Hi {{#if x}}' } },
    });
    expect(broken).toMatchObject({ status: 400, body: { Message: expect.stringContaining('Body: Line 1') } });
  });
});

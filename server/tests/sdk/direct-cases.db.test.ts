/** Direct messages as dossier/messaging §18 lists their cases; the number of a case stands at the end of a name. */
import { generateKeyPairSync } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import {
  CreateAppCommand,
  CreateSmsTemplateCommand,
  GetEndpointCommand,
  type MessageRequest,
  SendMessagesCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointCommand,
  UpdateGcmChannelCommand,
  UpdateSmsChannelCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverCertificate, trustCertificate } from '../support/certificates.ts';
import { bodyOf, startHttp2Server } from '../support/http2-server.ts';
import { startProvider } from '../support/provider-server.ts';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer({ environment: { REPOINT_ALLOWED_NETWORKS: '127.0.0.0/8,::1' } });
const client = server.client();
let ApplicationId: string;

beforeAll(async () => {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'cases' } }),
  );
  ApplicationId = ApplicationResponse?.Id as string;
  await client.send(new UpdateSmsChannelCommand({ ApplicationId, SMSChannelRequest: { Enabled: true } }));
  const EmailChannelRequest = {
    ...{ FromAddress: 'Shop <shop@example.com>', Enabled: true },
    Identity: 'arn:aws:ses:us-east-1:123456789012:identity/example.com',
  };
  await client.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest }));
});

async function send(MessageRequest: MessageRequest) {
  return (await client.send(new SendMessagesCommand({ ApplicationId, MessageRequest }))).MessageResponse;
}

const put = (EndpointId: string, EndpointRequest: object) =>
  client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId, EndpointRequest }));

async function outbox(address: string) {
  const path = `/repoint/v1/apps/${ApplicationId}/outbox`;
  const { body } = await callApi(server, `GET ${path}?address=${encodeURIComponent(address)}`);
  const ids: string[] = body.Item.map(({ MessageId }: { MessageId: string }) => MessageId);
  return Promise.all(ids.map(async (id) => (await callApi(server, `GET ${path}/${id}`)).body));
}

let numbers = 0;
function newNumber(): string {
  numbers += 1;
  return `+1206555${String(2000 + numbers)}`;
}

/** What an SMS of this text says to an endpoint. */
async function rendered(Body: string, endpoint: object, message: object = {}): Promise<string | undefined> {
  const Address = newNumber();
  await put(Address.slice(1), { ChannelType: 'SMS', Address, ...endpoint });
  await send({ Endpoints: { [Address.slice(1)]: {} }, MessageConfiguration: { SMSMessage: { Body, ...message } } });
  return (await outbox(Address))[0]?.Sms?.Body;
}

describe('variables', () => {
  it('a value alone in its list is shown with and without its index (46)', async () => {
    const User = { UserId: 'ana', UserAttributes: { FirstName: ['Ana'] } };
    const text = '{{User.UserAttributes.FirstName}} {{User.UserAttributes.FirstName.[0]}}';
    expect(await rendered(text, { User })).toBe('Ana Ana');
  });

  it('names may have spaces (47)', async () => {
    const User = { UserId: 'ben', UserAttributes: { 'Last Name': ['Berg'] } };
    expect(await rendered('{{User.UserAttributes.[Last Name].[0]}}', { User })).toBe('Berg');
  });

  it('of address, message and template the nearest says what a variable is; without any it is left out (48, 49)', async () => {
    await client.send(
      new CreateSmsTemplateCommand({
        TemplateName: 'nearest',
        SMSTemplateRequest: {
          ...{ Body: '{{a}}|{{b}}|{{c}}|{{d}}|{{e}}' },
          DefaultSubstitutions: JSON.stringify({ a: 'template', b: 'template', c: 'template', d: 'template' }),
        },
      }),
    );
    const address = newNumber();
    const said = (name: string, ...keys: string[]) => Object.fromEntries(keys.map((key) => [key, [name]]));
    await send({
      Addresses: { [address]: { ChannelType: 'SMS', Substitutions: said('address', 'a') } },
      TemplateConfiguration: { SMSTemplate: { Name: 'nearest' } },
      MessageConfiguration: {
        DefaultMessage: { Substitutions: said('default message', 'a', 'b', 'c') },
        SMSMessage: { Substitutions: said('message', 'a', 'b') },
      },
    });
    expect((await outbox(address))[0].Sms.Body).toBe('address|message|default message|template|');
  });
});

it('answers for addresses and for endpoints stand apart (57)', async () => {
  const [one, other] = [newNumber(), newNumber()];
  await put('apart', { ChannelType: 'SMS', Address: other });
  const answer = await send({
    ...{ Addresses: { [one]: { ChannelType: 'SMS' } }, Endpoints: { apart: {} } },
    MessageConfiguration: { SMSMessage: { Body: 'x' } },
  });
  expect(Object.keys(answer?.Result ?? {})).toEqual([one]);
  expect(answer?.Result?.[one]).not.toHaveProperty('Address');
  expect(answer?.EndpointResult).toMatchObject({ apart: { Address: other, DeliveryStatus: 'SUCCESSFUL' } });
});

it('a number that opted out is answered with 400 and the text of Pinpoint (62)', async () => {
  const address = newNumber();
  await callApi(server, 'POST /repoint/v1/suppressed-addresses', { body: { Channel: 'SMS', Address: address } });
  // As STOP leaves it.
  await sql`update suppressed_addresses set reason = 'OPT_OUT' where address = ${address}`.execute(
    server.database.query,
  );
  const answer = await send({
    Addresses: { [address]: { ChannelType: 'SMS' } },
    MessageConfiguration: { SMSMessage: { Body: 'x' } },
  });
  expect(answer?.Result?.[address]).toEqual({
    ...{ DeliveryStatus: 'OPT_OUT', StatusCode: 400, StatusMessage: 'Destination phone number opted out' },
  });
  expect(await outbox(address)).toEqual([]);
});

it('numbers are kept from messages however they were spelt on the list; what is none is refused', async () => {
  const address = newNumber();
  const body = { Channel: 'SMS', Address: address.replace('+1206555', '+1 (206) 555-') };
  expect(await callApi(server, 'POST /repoint/v1/suppressed-addresses', { body })).toMatchObject({
    ...{ status: 201, body: { Address: address } },
  });
  await send({ Addresses: { [address]: { ChannelType: 'SMS' } }, MessageConfiguration: { SMSMessage: { Body: 'x' } } });
  expect(await outbox(address)).toEqual([]);
  expect(await callApi(server, 'POST /repoint/v1/suppressed-addresses/find', { body })).toMatchObject({ status: 200 });
  const nobody = { Channel: 'SMS', Address: '5550142' };
  expect(await callApi(server, 'POST /repoint/v1/suppressed-addresses', { body: nobody })).toMatchObject({
    ...{ status: 400, body: { Message: expect.stringContaining('Address') } },
  });
});

it.each([
  ['161 characters of GSM', 'x'.repeat(161), 2],
  ['160 characters of GSM', 'x'.repeat(160), 1],
  ['71 characters with one ’', `${'x'.repeat(70)}’`, 2],
  ['70 characters with one ’', `${'x'.repeat(69)}’`, 1],
])('%s are told of with the number of their parts (63)', async (_what, Body, parts) => {
  const Address = newNumber();
  const id = Address.slice(1);
  await put(id, { ChannelType: 'SMS', Address });
  await send({ Endpoints: { [id]: {} }, MessageConfiguration: { SMSMessage: { Body } } });
  const { body } = await callApi(server, `GET /repoint/v1/apps/${ApplicationId}/endpoints/${id}/events`);
  expect(body.Item[0].Record.attributes.number_of_message_parts).toBe(String(parts));
});

describe('headers of a mail (75)', () => {
  const mail = (address: string, Headers: { Name: string; Value: string }[], extra: object = {}) =>
    send({
      Addresses: { [address]: { ChannelType: 'EMAIL', ...extra } },
      MessageConfiguration: { EmailMessage: { SimpleEmail: { TextPart: { Data: 'x' }, Headers } } },
    });

  it('are at most fifteen, with names of at most 126 characters', async () => {
    const many = Array.from({ length: 16 }, (_each, number) => ({ Name: `X-${number}`, Value: 'x' }));
    const refused = { name: 'BadRequestException' };
    await expect(mail('headers@example.com', many)).rejects.toMatchObject(refused);
    await expect(mail('headers@example.com', [{ Name: 'X'.repeat(127), Value: 'x' }])).rejects.toMatchObject(refused);
    expect((await mail('headers@example.com', many.slice(1)))?.Result?.['headers@example.com']).toMatchObject({
      DeliveryStatus: 'SUCCESSFUL',
    });
  });

  it('have at most 870 characters once rendered', async () => {
    const header = [{ Name: 'X-Long', Value: '{{v}}' }];
    const long = await mail('long@example.com', header, { Substitutions: { v: ['x'.repeat(871)] } });
    expect(long?.Result?.['long@example.com']).toMatchObject({ DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: 400 });
    const good = await mail('long@example.com', header, { Substitutions: { v: ['x'.repeat(870)] } });
    expect(good?.Result?.['long@example.com']?.DeliveryStatus).toBe('SUCCESSFUL');
  });

  it('of unsubscribing arrive as they were given', async () => {
    const Value = '<https://shop.example/stop?u=1>, <mailto:stop@shop.example>';
    await mail('own@example.com', [{ Name: 'List-Unsubscribe', Value }]);
    expect((await outbox('own@example.com'))[0].Email.Headers).toEqual([{ Name: 'List-Unsubscribe', Value }]);
  });
});

it('what one message meets is no fault of the call: the others have left, and their results say so', async () => {
  const [good, bad] = [newNumber(), newNumber()];
  const { query } = server.database;
  await sql`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no place'; end $$`.execute(
    query,
  );
  await sql`
    create trigger refuse before insert on sends for each row when (new.detail ->> 'address' = ${sql.lit(bad)})
    execute function refuse()`.execute(query);
  const request = (...addresses: string[]) => ({
    Addresses: Object.fromEntries(addresses.map((address) => [address, { ChannelType: 'SMS' as const }])),
    MessageConfiguration: { SMSMessage: { Body: 'x' } },
  });
  const answer = await send(request(good, bad));
  expect(answer?.Result).toMatchObject({
    [good]: { DeliveryStatus: 'SUCCESSFUL' },
    [bad]: { DeliveryStatus: 'TEMPORARY_FAILURE', StatusCode: 503 },
  });
  await expect(send(request(bad))).rejects.toMatchObject({ name: 'InternalServerErrorException' });
  await sql`drop trigger refuse on sends`.execute(query);
  expect(await outbox(good)).toHaveLength(1);
});

describe('push through FCM', () => {
  const requests: { readonly message: Record<string, unknown> }[] = [];
  const ends: (() => Promise<unknown>)[] = [];
  const accept = async () => ({ status: 200, answer: { name: 'projects/shop/messages/1' } as object });
  let respond: (body: string) => ReturnType<typeof accept> = accept;
  afterAll(async () => {
    for (const end of ends) await end();
  });

  beforeAll(async () => {
    const certificate = await serverCertificate();
    trustCertificate(certificate);
    const google = await startHttp2Server(certificate, (stream) => {
      void bodyOf(stream).then(async (body) => {
        requests.push(JSON.parse(body));
        const { status, answer } = await respond(body);
        stream.respond({ ':status': status });
        stream.end(JSON.stringify(answer));
      });
    });
    const oauth = await startProvider(() => ({ status: 200, body: { access_token: 'token', expires_in: 3600 } }));
    ends.push(google.close, oauth.close);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const ServiceJson = JSON.stringify({
      ...{ type: 'service_account', project_id: 'shop', client_email: 'push@shop.example' },
      ...{ private_key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })), token_uri: `${oauth.url}/token` },
    });
    await client.send(
      new UpdateGcmChannelCommand({
        ApplicationId,
        GCMChannelRequest: { Enabled: true, ServiceJson, DefaultAuthenticationMethod: 'TOKEN' },
      }),
    );
    const provider = await callApi(server, `PUT /repoint/v1/apps/${ApplicationId}/providers/GCM`, {
      body: { Kind: 'FCM', Settings: { ServiceJson, BaseUrl: google.origin } },
    });
    expect(provider.status).toBe(200);
  });

  const push = async (given: object, MessageConfiguration: MessageRequest['MessageConfiguration']) => {
    requests.length = 0;
    const answer = await send({ Addresses: { 'device-1': { ChannelType: 'GCM', ...given } }, MessageConfiguration });
    expect(answer?.Result?.['device-1']).toMatchObject({ DeliveryStatus: 'SUCCESSFUL', StatusCode: 200 });
    return requests[0]?.message;
  };

  it('sends the payload of an address as it is, with the token (60)', async () => {
    const payload = { notification: { title: 'x' }, data: { deep: '{"a":{"b":{}}}' } };
    const RawContent = JSON.stringify(payload);
    const message = { GCMMessage: { Body: 'not this', RawContent: '{"data":{"nor":"this"}}' } };
    expect(await push({ RawContent, TitleOverride: 'nor this' }, message)).toEqual({ token: 'device-1', ...payload });
    expect(await push({ RawContent }, {})).toEqual({ token: 'device-1', ...payload });
  });

  it('takes the message of its own, else of all push, else of all channels, while SMS takes its own (59)', async () => {
    const SMSMessage = { Body: 'by SMS' };
    const DefaultMessage = { Body: 'by any' };
    const DefaultPushNotificationMessage = { Title: 'Hello', Body: 'by push' };
    const said = (message: unknown) => JSON.stringify(message);
    expect(said(await push({}, { SMSMessage, DefaultMessage, DefaultPushNotificationMessage }))).toContain('by push');
    expect(said(await push({}, { SMSMessage, DefaultMessage }))).toContain('by any');
    const own = { GCMMessage: { Body: 'by FCM' } };
    const all = said(await push({}, { ...own, DefaultMessage, DefaultPushNotificationMessage }));
    expect(all).toContain('by FCM');
    expect(all).toContain('Hello');
    const address = newNumber();
    await send({
      Addresses: { [address]: { ChannelType: 'SMS' } },
      MessageConfiguration: { SMSMessage, DefaultMessage, DefaultPushNotificationMessage },
    });
    expect((await outbox(address))[0].Sms.Body).toBe('by SMS');
  });

  it('a token that is gone makes its endpoint inactive, unless the endpoint has another one by then', async () => {
    await put('phone', { ChannelType: 'GCM', Address: 'old-token', User: { UserId: 'owner' } });
    const details = [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: 'UNREGISTERED' }];
    const gone = { status: 404, answer: { error: { code: 404, status: 'NOT_FOUND', message: 'gone', details } } };
    respond = async () => {
      await put('phone', { Address: 'new-token' });
      return gone;
    };
    const message = { Endpoints: { phone: {} }, MessageConfiguration: { GCMMessage: { Body: 'x' } } };
    expect((await send(message))?.EndpointResult?.['phone']?.DeliveryStatus).toBe('PERMANENT_FAILURE');
    const status = async () => {
      const { EndpointResponse } = await client.send(new GetEndpointCommand({ ApplicationId, EndpointId: 'phone' }));
      return [EndpointResponse?.Address, EndpointResponse?.EndpointStatus];
    };
    expect(await status()).toEqual(['new-token', 'ACTIVE']);
    respond = async () => gone;
    await send(message);
    expect(await status()).toEqual(['new-token', 'INACTIVE']);
    respond = accept;
  });

  it('knows priorities in the words of others (73)', async () => {
    expect(await push({}, { GCMMessage: { Body: 'x', Priority: '5' } })).toMatchObject({
      android: { priority: 'NORMAL' },
    });
    expect(await push({}, { GCMMessage: { Body: 'x', Priority: 'high' } })).toMatchObject({
      android: { priority: 'HIGH' },
    });
  });
});

it('nobody unknown makes the server keep a large body: it is refused before it is read', async () => {
  const status = await new Promise<number | undefined>((settle, fail) => {
    const request = httpRequest(`${server.origin}/repoint/v1/callbacks/1-${'A'.repeat(24)}`, {
      method: 'POST',
      headers: { 'content-length': 1024 * 1024 + 1 },
    });
    request.on('response', (response) => {
      settle(response.statusCode);
      request.destroy();
    });
    request.on('error', fail);
    request.write('x');
  });
  expect(status).toBe(413);
});

it('of two who change different switches neither undoes the other’s', async () => {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'switches' } }),
  );
  const path = `/repoint/v1/apps/${ApplicationResponse?.Id}/messaging-settings`;
  await callApi(server, `PUT ${path}`, { body: { MissingVariables: 'OMIT' } });
  const { query } = server.database;
  const first = await server.database.transaction(async (tx) => {
    await sql`update messaging_settings set click_tracking = true`.execute(tx);
    const answer = callApi(server, `PUT ${path}`, { body: { MissingVariables: 'FAIL' } });
    await new Promise((next) => setTimeout(next, 300));
    return [answer];
  });
  expect(await first[0]).toMatchObject({ status: 200, body: { ClickTracking: true, MissingVariables: 'FAIL' } });
  const { rows } = await sql`select click_tracking from messaging_settings`.execute(query);
  expect(rows).toEqual([{ click_tracking: true }]);
});

/** Erasing while others write and send: requirements E6, E7, E11 and E13. */
import { hash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  DeleteEndpointCommand,
  GetEndpointCommand,
  PutEventsCommand,
  SendMessagesCommand,
  UpdateEndpointCommand,
  UpdateEndpointsBatchCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { erase, identity, importRows, newestRequest, newProject, numberOf, plant } from '../support/erasure.ts';
import { recordingKind } from '../support/recording-driver.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { startTestServer } from '../support/test-server.ts';

const gateway = recordingKind('GATEWAY', ['EMAIL']);
const server = await startTestServer({ driverKinds: [gateway] });
const client = server.client();
let made = 0;
let ApplicationId: string;
let mark: string;
beforeEach(async () => {
  ApplicationId = await newProject(server);
  made += 1;
  mark = `zw${made}x${Math.floor(Math.random() * 1e9)}`;
});

const path = () => `/repoint/v1/apps/${ApplicationId}`;
const put = (EndpointId = `e-${mark}`, email = `m-${mark}@example.com`, UserId = `u-${mark}`) =>
  client.send(
    new UpdateEndpointCommand({
      ...{ ApplicationId, EndpointId },
      EndpointRequest: { ChannelType: 'EMAIL', Address: email, User: { UserId } },
    }),
  );
const get = async () =>
  (await client.send(new GetEndpointCommand({ ApplicationId, EndpointId: `e-${mark}` }))).EndpointResponse;
const putEvent = (EndpointId = `e-${mark}`) =>
  client.send(
    new PutEventsCommand({
      ApplicationId,
      EventsRequest: {
        BatchItem: {
          [EndpointId]: {
            Endpoint: { ChannelType: 'EMAIL', Address: `m-${mark}@example.com` },
            Events: { one: { EventType: 'seen', Timestamp: new Date().toISOString() } },
          },
        },
      },
    }),
  );
const send = (EndpointId = `e-${mark}`) =>
  client.send(
    new SendMessagesCommand({
      ApplicationId,
      MessageRequest: {
        Endpoints: { [EndpointId]: {} },
        MessageConfiguration: { EmailMessage: { Body: 'Hello', FromAddress: 'shop@example.com' } },
      },
    }),
  );
const useGateway = () =>
  callApi(server, `PUT ${path()}/providers/EMAIL`, { body: { Kind: 'GATEWAY', Settings: { Account: mark } } });
const handedOver = () =>
  gateway.opened.filter(({ settings }) => settings['Account'] === mark).flatMap(({ delivered }) => delivered);

describe('E6: work in flight', () => {
  it('of a thousand messages that are sent at once, none leaves after the acceptance', {
    timeout: 120_000,
  }, async () => {
    await useGateway();
    await put();
    const release = gateway.hold();
    const body = {
      Endpoints: { [`e-${mark}`]: {} },
      MessageConfiguration: { EmailMessage: { Body: 'Hello', FromAddress: 'shop@example.com' } },
    };
    const sends: Promise<{ readonly status: number }>[] = [];
    for (let call = 0; call < 1_000; call += 1) {
      // Not all connections in the same moment: the system takes a few hundred that wait.
      if (call % 100 === 99) await pause(50);
      const sent = callApi(server, `POST /v1/apps/${ApplicationId}/messages`, { body, service: 'mobiletargeting' });
      // A busy machine cuts some connections off; what matters is what leaves.
      sends.push(sent.catch(() => ({ status: 0 })));
    }
    // Some wait for their provider, some have been claimed, some are on their way.
    await expect.poll(claims, { timeout: 60_000, interval: 5 }).toBeGreaterThan(100);
    const deleted = await callApi(server, `DELETE /v1/apps/${ApplicationId}/endpoints/e-${mark}`, {
      service: 'mobiletargeting',
    });
    expect(deleted.status).toBe(202);
    release();
    const answers = await Promise.all(sends);
    const answered = answers.filter(({ status }) => status !== 0);
    expect(answered.length).toBeGreaterThan(500);
    expect(answered.every(({ status }) => status === 200)).toBe(true);
    // One batch had been given to the driver when it was deleted, and nothing else is.
    expect(handedOver().length).toBeLessThanOrEqual(10);
    const request = await newestRequest(server, ApplicationId);
    expect(request.State).toBe('COMPLETED');
    expect(request.MessagesUnderWay).toBeGreaterThan(handedOver().length);
    expect(await tablesWith(server.database, mark)).toEqual([]);
  });

  it('of messages that are stored in the outbox meanwhile, none is left', { timeout: 60_000 }, async () => {
    await put();
    const sends: Promise<unknown>[] = [];
    const deleted = expect
      .poll(claims, { timeout: 30_000, interval: 5 })
      .toBeGreaterThan(20)
      .then(() => client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: `e-${mark}` })));
    let isDeleted = false;
    void deleted.finally(() => {
      isDeleted = true;
    });
    while (!isDeleted) {
      sends.push(send());
      if (sends.length % 20 === 0) await Promise.allSettled(sends.slice(-20));
    }
    await deleted;
    await Promise.allSettled(sends);
    expect(await newestRequest(server, ApplicationId)).toMatchObject({ State: 'COMPLETED' });
    expect(await tablesWith(server.database, mark)).toEqual([]);
  });

  it('a message that waits for its provider is taken from it, and counted when it had it', async () => {
    await useGateway();
    await put();
    await put('other', 'other@example.com', 'other');
    const release = gateway.hold();
    const first = send();
    await expect.poll(() => claims()).toBe(1);
    await pause(100);
    const waiting = [send(), send()];
    await expect.poll(() => claims()).toBe(3);
    await client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: `e-${mark}` }));
    const others = send('other');
    release();
    await Promise.all([first, ...waiting, others]);
    // The first one was handed over before.
    expect(handedOver().map(({ address }) => address)).toEqual([`m-${mark}@example.com`, 'other@example.com']);
    expect(await newestRequest(server, ApplicationId)).toMatchObject({ State: 'COMPLETED', MessagesUnderWay: 3 });
    expect(await tablesWith(server.database, mark)).toEqual([]);
  });

  /** Messages that are under way or stored. */
  async function claims(): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from sends
      where project_number = ${await numberOf(server, ApplicationId)} and status in ('CLAIMED', 'SUCCESSFUL')`.execute(
      server.database.query,
    );
    return rows[0]?.count as number;
  }
});

describe('E7: writers at the same time', () => {
  it('what began before restores nothing; what comes later is a new life, which is left alone', {
    timeout: 60_000,
  }, async () => {
    await plant(server, ApplicationId, { id: `e-${mark}`, userId: `u-${mark}`, email: `m-${mark}@example.com` });
    let stop = false;
    const hammer = async () => {
      while (!stop) {
        await Promise.all([put(), putEvent()]);
        await pause(5);
      }
    };
    const hammers = [hammer(), hammer()];
    for (let round = 0; round < 5; round += 1) {
      await pause(50);
      const request = await erase(server, ApplicationId, { Identities: [identity('USER_ID', `u-${mark}`)] });
      expect(request.State).toBe('COMPLETED');
    }
    stop = true;
    await Promise.all(hammers);
    await put();
    // Whatever it was in its former lives, it is one that works.
    expect(await get()).toMatchObject({ Address: `m-${mark}@example.com`, User: { UserId: `u-${mark}` } });
    expect((await get())?.Attributes).toEqual({});
    const { rows } = await sql<{ old: number }>`
      select count(*)::int as old from events
      join endpoints using (project_number, bucket) where endpoints.id = ${`e-${mark}`}
        and events.endpoint_id = endpoints.id and events.generation < endpoints.generation`.execute(
      server.database.query,
    );
    expect(rows).toEqual([{ old: 0 }]);
  });

  it('events and messages of a later life stay', async () => {
    await plant(server, ApplicationId, { id: `e-${mark}`, userId: `u-${mark}`, email: `m-${mark}@example.com` });
    await client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: `e-${mark}` }));
    await put();
    await putEvent();
    await send();
    expect(await newestRequest(server, ApplicationId)).toMatchObject({ State: 'COMPLETED' });
    await pause(200);
    for (const table of ['endpoints', 'events', 'sends', 'outbox_messages']) {
      expect(await tablesWith(server.database, `e-${mark}`)).toContain(table);
    }
    const { body } = await callApi(server, `GET ${path()}/endpoints/e-${mark}/messages`);
    expect(body.Item).toHaveLength(1);
  });
});

describe('E11: modes', () => {
  const person = () => ({ id: `e-${mark}`, userId: `u-${mark}`, email: `m-${mark}@example.com` });
  const all = () => [identity('ENDPOINT_ID', `e-${mark}`)];
  const refused = { name: 'ForbiddenException' };

  it('ERASE_AND_SUPPRESS keeps the person from being stored again by any writer', { timeout: 60_000 }, async () => {
    await plant(server, ApplicationId, person());
    const done = await erase(server, ApplicationId, { Mode: 'ERASE_AND_SUPPRESS', Identities: all() });
    expect(done).toMatchObject({ State: 'COMPLETED', Mode: 'ERASE_AND_SUPPRESS' });
    // API: by the same id, the same address in another case, the same user.
    await expect(put()).rejects.toMatchObject(refused);
    await expect(put('new', `M-${mark}@EXAMPLE.com`, 'new')).rejects.toMatchObject(refused);
    await expect(put('new', 'new@example.com')).rejects.toMatchObject(refused);
    await put('stranger', 'stranger@example.com', 'stranger');
    // Batches: others of the batch are written.
    const item = (Id: string, Address: string) => ({ Id, ChannelType: 'EMAIL' as const, Address });
    await client.send(
      new UpdateEndpointsBatchCommand({
        ApplicationId,
        EndpointBatchRequest: { Item: [item(`e-${mark}`, 'x@example.com'), item('second', 'second@example.com')] },
      }),
    );
    // Events.
    await expect(putEvent()).rejects.toMatchObject(refused);
    // Imports, with a count.
    mkdirSync(join(server.dataDirectory, 'buckets/crm'), { recursive: true });
    const lines = [
      { Id: `e-${mark}`, ChannelType: 'EMAIL', Address: 'y@example.com' },
      { ChannelType: 'EMAIL', Address: `m-${mark}@example.com` },
      { User: { UserId: `u-${mark}` } },
      { Id: 'third', ChannelType: 'EMAIL', Address: 'third@example.com' },
    ];
    writeFileSync(
      join(server.dataDirectory, 'buckets/crm/s.json'),
      lines.map((line) => JSON.stringify(line)).join('\n'),
    );
    const job = await importRows(server, ApplicationId, 's3://crm/s.json');
    expect(job).toMatchObject({ JobStatus: 'COMPLETED', TotalProcessed: 4, TotalFailures: 3 });
    expect(job?.Failures?.[0]).toContain('erased');
    for (const text of ['e', 'u'].map((kind) => `${kind}-${mark}`)) {
      expect(await tablesWith(server.database, text)).toEqual([]);
    }
    for (const EndpointId of ['stranger', 'second', 'third']) {
      await client.send(new GetEndpointCommand({ ApplicationId, EndpointId }));
    }
    // Of another project nothing is said.
    const [first, other] = [ApplicationId, await newProject(server)];
    ApplicationId = other;
    await put();
    ApplicationId = first;
    const lifted = await erase(server, ApplicationId, {
      Mode: 'UNSUPPRESS',
      Identities: [...all(), identity('EMAIL', `m-${mark}@example.com`), identity('USER_ID', `u-${mark}`)],
    });
    expect(lifted.State).toBe('COMPLETED');
    await put();
    expect(await get()).toMatchObject({ Id: `e-${mark}` });
  });

  it('ERASE_AND_SUPPRESS holds for whom a hash names that nobody has yet', async () => {
    const hashed = (text: string) => hash('sha256', text);
    const Identities = [
      identity('ENDPOINT_ID', hashed(`e-${mark}`), 'SHA256'),
      identity('USER_ID', hashed(`v-${mark}`), 'SHA256'),
      identity('EMAIL', hashed(`n-${mark}@example.com`), 'SHA256'),
    ];
    const done = await erase(server, ApplicationId, { Mode: 'ERASE_AND_SUPPRESS', Identities });
    expect(done).toMatchObject({ State: 'COMPLETED', Endpoints: 0 });
    await expect(put()).rejects.toMatchObject(refused);
    await expect(put('x', 'x@example.com', `v-${mark}`)).rejects.toMatchObject(refused);
    await expect(put('x', `N-${mark}@example.com`, 'x')).rejects.toMatchObject(refused);
    await put('x', 'x@example.com', 'x');
  });

  it('SUPPRESS erases nothing, and ends further writing', async () => {
    await put();
    const done = await erase(server, ApplicationId, { Mode: 'SUPPRESS', Identities: all() });
    expect(done.State).toBe('COMPLETED');
    expect(await get()).toMatchObject({ Id: `e-${mark}` });
    await expect(put()).rejects.toMatchObject(refused);
    const { rows } = await sql`
      select from suppressed_identities where strpos(identity_hash::text, ${mark}) > 0`.execute(server.database.query);
    expect(rows).toEqual([]);
  });

  it('ANONYMISE keeps what happened, without whose it was', async () => {
    await plant(server, ApplicationId, person());
    const count = async () => {
      const { rows } = await sql<{ count: number }>`
        select count(*)::int as count from events where project_number = ${await numberOf(server, ApplicationId)}`.execute(
        server.database.query,
      );
      return rows[0]?.count;
    };
    const before = await count();
    const done = await erase(server, ApplicationId, { Mode: 'ANONYMISE', Identities: all() });
    expect(done.State).toBe('COMPLETED');
    expect(await count()).toBe(before);
    expect(await tablesWith(server.database, `e-${mark}`)).toEqual([]);
    expect(await tablesWith(server.database, `u-${mark}`)).toEqual([]);
    const { rows } = await sql<{ record: Record<string, unknown> }>`
      select event_record(events) as record from events where project_number = ${await numberOf(server, ApplicationId)}
        and type = '_session.start'`.execute(server.database.query);
    expect(rows).toHaveLength(2);
    for (const { record } of rows) {
      expect(record).toMatchObject({
        event_type: '_session.start',
        client: { client_id: 'anonymous' },
        attributes: {},
      });
      expect(record).not.toHaveProperty('client_context');
    }
  });
});

describe('E13: holds', () => {
  const hold = (body: object) => callApi(server, `POST ${path()}/erasure-holds`, { body });
  const end = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

  it('keep named fields, sealed, and tell so; the rest goes', async () => {
    await plant(server, ApplicationId, { id: `e-${mark}`, userId: `u-${mark}`, email: `m-${mark}@example.com` });
    const made = await hold({ Fields: ['sends.detail', 'endpoints.address'], Reason: 'Invoices', EndDate: end(30) });
    expect(made).toMatchObject({ status: 201, body: { Everybody: true, Reason: 'Invoices', Retained: 0 } });
    const Identities = [identity('ENDPOINT_ID', `e-${mark}`)];
    const { body: preview } = await callApi(server, `POST ${path()}/erasure-previews`, { body: { Identities } });
    expect(preview.Held).toMatchObject([{ Id: made.body.Id }]);
    const request = await erase(server, ApplicationId, { Identities });
    const retained = Object.fromEntries(
      request.Locations.map(({ Name, Retained }: { Name: string; Retained: number }) => [Name, Retained]),
    );
    expect(request.State).toBe('COMPLETED');
    expect(retained).toMatchObject({ endpoints: 1, sends: 1, 'events of endpoints': 0 });
    // Nothing can be read but by who has the key.
    expect(await tablesWith(server.database, `e-${mark}`)).toEqual([]);
    const { body: holds } = await callApi(server, `GET ${path()}/erasure-holds`);
    expect(holds.Item).toMatchObject([{ Id: made.body.Id, Retained: 2 }]);
    await callApi(server, `DELETE ${path()}/erasure-holds/${made.body.Id}`);
    const { rows } = await sql`
      select from erasure_retained where project_number = ${await numberOf(server, ApplicationId)}`.execute(
      server.database.query,
    );
    expect(rows).toEqual([]);
  });

  it('hold for whom they name, also when DeleteEndpoint erases, and nobody else', async () => {
    await plant(server, ApplicationId, { id: `e-${mark}`, userId: `u-${mark}`, email: `m-${mark}@example.com` });
    await plant(server, ApplicationId, { id: `f-${mark}`, userId: `v-${mark}`, email: `n-${mark}@example.com` });
    await hold({
      ...{ Fields: ['endpoints.*'], Reason: 'Lawsuit', EndDate: end(30) },
      Identities: [identity('USER_ID', `u-${mark}`)],
    });
    await client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: `f-${mark}` }));
    const retainedOf = async () =>
      (await newestRequest(server, ApplicationId)).Locations.find(({ Name }: { Name: string }) => Name === 'endpoints')
        .Retained;
    expect(await retainedOf()).toBe(0);
    await client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: `e-${mark}` }));
    expect(await retainedOf()).toBe(1);
  });

  it.each([
    ['a field that is none', { Fields: ['endpoints.nothing'], Reason: 'x', EndDate: end(1) }],
    ['a table without people', { Fields: ['projects.name'], Reason: 'x', EndDate: end(1) }],
    ['no reason', { Fields: ['endpoints.*'], Reason: ' ', EndDate: end(1) }],
    ['an end in the past', { Fields: ['endpoints.*'], Reason: 'x', EndDate: end(-1) }],
    [
      'an empty identity',
      { Fields: ['endpoints.*'], Reason: 'x', EndDate: end(1), Identities: [identity('USER_ID', '')] },
    ],
    ['an empty list of identities', { Fields: ['endpoints.*'], Reason: 'x', EndDate: end(1), Identities: [] }],
  ])('with %s are refused', async (_name, body) => {
    expect(await hold(body)).toMatchObject({ status: 400 });
  });
});

/** What people write to numbers, over SMPP: the list, answers, what happens once and what is erased (dossier/messaging §9.2). */
import { DeleteEndpointCommand, DeleteUserEndpointsCommand, UpdateEndpointCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { InboundMessage } from '../../src/domains/channels/index.ts';
import { usualTexts } from '../../src/domains/messaging/two-way/words.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import {
  arrived,
  aWhile,
  inboundOf,
  listed,
  newPerson,
  newProject,
  ourNumber,
  runJob,
  send,
  setNumber,
  settled,
  soon,
  startTwoWayServer,
  write,
} from '../support/two-way.ts';

/** What the SMSC answers next: statuses of SMPP, then success. */
const refusals: number[] = [];
const throttled = 0x58;
const two = await startTwoWayServer({
  submit: (submitted) => submitted.answer({ command_status: refusals.shift() ?? 0 }),
});
const { server, ApplicationId } = two;
const client = server.client();

const suppress = (Address: string, reason: string) =>
  sql`insert into suppressed_addresses (account_id, channel, address_hash, address, reason, created_at)
      select ${server.administrator.accountId}, 'SMS', address_hash, ${Address}, ${reason}, now()
      from inbound_messages where from_address = ${Address} limit 1`.execute(server.database.query);

describe('E11: who was erased and may not be stored again', () => {
  it('writes, and nothing of it is stored; but STOP is heeded', async () => {
    const person = newPerson();
    await write(two, person, 'before');
    await settled(two, person);
    const path = `/repoint/v1/apps/${ApplicationId}/erasure-requests`;
    const body = { Mode: 'ERASE_AND_SUPPRESS', Identities: [{ Type: 'PHONE', Value: person }] };
    const { body: asked } = await callApi(server, `POST ${path}`, { body });
    await soon(async () => {
      expect((await callApi(server, `GET ${path}/${asked.Id}`)).body).toMatchObject({ State: 'COMPLETED' });
    });
    expect(await inboundOf(two, person)).toEqual([]);
    await write(two, person, 'Here I am again');
    await write(two, person, 'STOP');
    await aWhile();
    expect(await inboundOf(two, person)).toEqual([]);
    expect(await tablesWith(server.database, person)).toEqual([]);
    expect(await listed(two, person)).toBe('OPT_OUT');
  });
});

describe('STOP and START', () => {
  it('stop every SMS of the account, confirm that once, and let them through again', async () => {
    const person = newPerson();
    expect(await send(two, { address: person })).toMatchObject({ DeliveryStatus: 'SUCCESSFUL' });
    await write(two, person, 'Stop. All of it');
    expect(await settled(two, person)).toEqual({
      ...{ InboundMessageId: expect.stringMatching(/^[0-9a-f]{32}$/), ProviderMessageId: expect.any(String) },
      ...{ Number: ourNumber, From: person, Body: 'Stop. All of it', Keyword: 'STOP', Action: 'OPT_OUT' },
      ...{ SentDate: expect.any(String), ReceivedDate: expect.any(String) },
      Answer: { Text: usualTexts.stop, Status: 'SUCCESSFUL', Detail: expect.any(String) },
    });
    expect(arrived(two, person).slice(1)).toEqual([{ from: ourNumber, text: usualTexts.stop }]);
    expect(await listed(two, person)).toBe('OPT_OUT');
    expect(await send(two, { address: person })).toMatchObject({ DeliveryStatus: 'OPT_OUT' });
    await write(two, person, 'ARRÊT');
    await aWhile();
    expect((await inboundOf(two, person)).at(-1)).not.toHaveProperty('Answer');
    expect(arrived(two, person)).toHaveLength(2);
    await write(two, person, 'start');
    expect(await settled(two, person, 3)).toMatchObject({ Action: 'OPT_IN', Answer: { Status: 'SUCCESSFUL' } });
    expect(arrived(two, person).at(-1)).toEqual({ from: ourNumber, text: usualTexts.start });
    expect(await listed(two, person)).toBeUndefined();
    expect(await send(two, { address: person })).toMatchObject({ DeliveryStatus: 'SUCCESSFUL' });
  });

  it('do not touch what the person’s endpoint says of itself', async () => {
    const [EndpointId, Address] = ['stop-endpoint', newPerson()];
    const EndpointRequest = { Address, ChannelType: 'SMS', OptOut: 'NONE' } as const;
    await client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId, EndpointRequest }));
    await write(two, Address, 'STOP');
    await settled(two, Address);
    expect(await send(two, { endpoint: EndpointId })).toMatchObject({ DeliveryStatus: 'OPT_OUT' });
    await write(two, Address, 'unstop');
    await settled(two, Address, 2);
    expect(await send(two, { endpoint: EndpointId })).toMatchObject({ DeliveryStatus: 'SUCCESSFUL' });
  });

  it('leave an entry made by hand alone, and turn a bounce into an opt-out', async () => {
    const [byHand, bounced] = [newPerson(), newPerson()];
    for (const [person, reason] of [
      [byHand, 'MANUAL'],
      [bounced, 'BOUNCE'],
    ] as const) {
      await write(two, person, 'hello');
      await suppress(person, reason);
      await write(two, person, 'stop');
    }
    expect(await settled(two, bounced, 2)).toMatchObject({ Answer: { Status: 'SUCCESSFUL' } });
    expect([await listed(two, byHand), await listed(two, bounced)]).toEqual(['MANUAL', 'OPT_OUT']);
    await write(two, byHand, 'start');
    await write(two, bounced, 'start');
    expect(await settled(two, byHand, 3)).toMatchObject({ Answer: { Status: 'SUPPRESSED' } });
    await settled(two, bounced, 3);
    expect([await listed(two, byHand), await listed(two, bounced)]).toEqual(['MANUAL', undefined]);
    expect(arrived(two, byHand)).toEqual([]);
  });

  it('only the confirmation goes past the list: HELP is not answered after STOP', async () => {
    const person = newPerson();
    await write(two, person, 'stop');
    await settled(two, person);
    await write(two, person, 'help');
    expect(await settled(two, person, 2)).toMatchObject({ Answer: { Text: usualTexts.help, Status: 'OPT_OUT' } });
    expect(arrived(two, person)).toHaveLength(1);
  });

  it('of a US toll-free number are left to the carriers to confirm', async () => {
    const person = newPerson();
    await write(two, person, 'STOP', '+18335550142');
    await aWhile();
    expect(await inboundOf(two, person)).toMatchObject([{ Action: 'OPT_OUT' }]);
    expect([arrived(two, person), await listed(two, person)]).toEqual([[], 'OPT_OUT']);
  });
});

describe('answers', () => {
  it('leave from the number that was written to, with its texts, and braces are no variables', async () => {
    const [person, number] = [newPerson(), '70001'];
    await setNumber(two, number, { HelpText: 'Call {{us}} at 555', StopText: 'Bye' });
    const path = `/repoint/v1/sms/numbers/${number}/keywords/HOURS`;
    await callApi(server, `PUT ${path}`, { body: { Response: 'Nine to five' } });
    for (const text of ['Hilfe bitte', 'hours?', 'what', 'stop']) {
      await write(two, person, text, number);
      await settled(two, person, (await inboundOf(two, person)).length);
    }
    await soon(() => expect(arrived(two, person)).toHaveLength(3));
    expect(arrived(two, person)).toEqual(
      ['Call {{us}} at 555', 'Nine to five', 'Bye'].map((text) => ({ from: number, text })),
    );
    expect((await inboundOf(two, person)).map(({ Action }: { Action: string }) => Action)).toEqual([
      ...['AUTOMATIC_RESPONSE', 'AUTOMATIC_RESPONSE', 'NONE', 'OPT_OUT'],
    ]);
  });

  it('leave once, however often their job runs', async () => {
    const person = newPerson();
    await write(two, person, 'help');
    const { InboundMessageId: inboundId } = await settled(two, person);
    await runJob(two, 'messaging/answer inbound message', { inboundId });
    // Killed after the answer had left, before that was written down.
    await sql`update inbound_messages set answer_status = 'PENDING' where id = ${inboundId}`.execute(
      server.database.query,
    );
    await runJob(two, 'messaging/answer inbound message', { inboundId });
    expect(await settled(two, person)).toMatchObject({ Answer: { Status: 'SUCCESSFUL' } });
    // Killed while it was leaving.
    await sql`update inbound_messages set answer_status = 'PENDING' where id = ${inboundId}`.execute(
      server.database.query,
    );
    await sql`update sends set status = 'CLAIMED' where run_id = ${inboundId}`.execute(server.database.query);
    await runJob(two, 'messaging/answer inbound message', { inboundId });
    expect(await settled(two, person)).toMatchObject({ Answer: { Status: 'UNKNOWN_FAILURE' } });
    expect(arrived(two, person)).toHaveLength(1);
  });

  it('are tried again when the provider took nothing', async () => {
    const person = newPerson();
    refusals.push(throttled);
    await write(two, person, 'stop');
    await soon(async () => expect(await settled(two, person)).toMatchObject({ Answer: { Status: 'SUCCESSFUL' } }));
    // Each of the two was a submit; the first was refused.
    expect(arrived(two, person).map(({ text }) => text)).toEqual([usualTexts.stop, usualTexts.stop]);
  });

  it('go to one person twenty times an hour at most, opt-outs aside: machines may answer each other', async () => {
    const person = newPerson();
    for (let message = 0; message < 22; message += 1) await write(two, person, 'help');
    const all = await soon(async () => {
      const found = await inboundOf(two, person);
      expect(found.filter(({ Answer }: { Answer: { Status: string } }) => Answer.Status === 'PENDING')).toEqual([]);
      return found;
    });
    const counts = Map.groupBy(all, ({ Answer }: { Answer: { Status: string } }) => Answer.Status);
    expect([counts.get('SUCCESSFUL')?.length, counts.get('THROTTLED')?.length]).toEqual([20, 2]);
    await write(two, person, 'stop');
    expect(await settled(two, person, 23)).toMatchObject({ Answer: { Status: 'SUCCESSFUL' } });
    expect(arrived(two, person)).toHaveLength(21);
  });

  it('go to nobody who cannot be written to', async () => {
    await write(two, '22333', 'help');
    await aWhile();
    expect(await inboundOf(two, '22333')).toEqual([expect.not.objectContaining({ Answer: expect.anything() })]);
  });
});

describe('through a provider of all projects', () => {
  const tell = async (Account: string, told: readonly Partial<InboundMessage>[]) => {
    const driver = await soon(() => {
      const found = two.gateway.opened.findLast(({ settings, closed }) => settings['Account'] === Account && !closed);
      expect(found).toBeDefined();
      return found as NonNullable<typeof found>;
    });
    const usual = {
      type: 'inbound message',
      to: ourNumber,
      body: 'help',
      at: new Date('2026-11-01T10:00:00Z'),
    } as const;
    await driver.parts.received(told.map((each) => ({ ...usual, inboundMessageId: 'i', from: '', ...each })));
    return driver;
  };
  const openGateway = async (Account: string, path = '/repoint/v1/providers/SMS') => {
    await callApi(server, `PUT ${path}`, { body: { Kind: 'GATEWAY', Settings: { Account } } });
    const other = await newProject(server);
    await send({ ...two, ApplicationId: other.ApplicationId }, { address: newPerson() });
    return other;
  };

  it('who wrote last answers, or the number’s project, or nobody', async () => {
    const other = await openGateway('shared');
    const [answered, cold, named] = [newPerson(), newPerson(), newPerson()];
    await send({ ...two, ApplicationId: other.ApplicationId }, { address: answered });
    await setNumber(two, '70002', { ProjectId: other.ApplicationId });
    const driver = await tell('shared', [
      { inboundMessageId: '1', from: answered },
      { inboundMessageId: '2', from: cold },
      { inboundMessageId: '3', from: named, to: '70002' },
    ]);
    expect(await settled(two, answered)).toMatchObject({
      ...{ ProviderMessageId: '1', SentDate: '2026-11-01T10:00:00.000Z', Answer: { Status: 'SUCCESSFUL' } },
    });
    expect(await settled(two, cold)).toMatchObject({
      Answer: { Status: 'PERMANENT_FAILURE', Detail: expect.stringContaining('no project') },
    });
    expect(await settled(two, named)).toMatchObject({ Answer: { Status: 'SUCCESSFUL' } });
    const answers = driver.delivered.filter(
      ({ content }) => content.kind === 'sms' && content.body === usualTexts.help,
    );
    expect(answers.map(({ address }) => address).toSorted()).toEqual([answered, named].toSorted());
  });

  it('a message that is told twice is one, and the same id of another provider another', async () => {
    const other = await openGateway('twice');
    const person = newPerson();
    await openGateway('own', `/repoint/v1/apps/${other.ApplicationId}/providers/SMS`);
    await send({ ...two, ApplicationId: other.ApplicationId }, { address: person });
    await send({ ...two, ApplicationId: other.ApplicationId }, { address: person });
    const stop = { inboundMessageId: 'same', from: person, body: 'stop' };
    const start = { inboundMessageId: 'other', from: person, body: 'start' };
    await tell('own', [stop, stop]);
    await tell('own', [start]);
    await tell('own', [stop, start]);
    expect(await inboundOf(two, person)).toHaveLength(2);
    expect(await listed(two, person)).toBeUndefined();
    await openGateway('twice');
    await tell('twice', [{ ...stop, body: 'hello' }]);
    expect(await inboundOf(two, person)).toHaveLength(3);
  });

  it('what PostgreSQL cannot store is left out of a text', async () => {
    await openGateway('bytes');
    const person = newPerson();
    await tell('bytes', [{ inboundMessageId: 'a\0b', from: person, body: 'he\0llo \ud83d' }]);
    expect(await inboundOf(two, person)).toMatchObject([{ ProviderMessageId: 'ab', Body: 'hello \ufffd' }]);
  });

  it('an answer cannot leave through a provider that is gone', async () => {
    const other = await openGateway('gone');
    const person = newPerson();
    await send({ ...two, ApplicationId: other.ApplicationId }, { address: person });
    const driver = await tell('gone', []);
    await callApi(server, 'DELETE /repoint/v1/providers/SMS');
    await driver.parts.received([
      { type: 'inbound message', inboundMessageId: 'late', from: person, to: ourNumber, body: 'help', at: new Date() },
    ]);
    expect(await settled(two, person)).toMatchObject({
      Answer: { Status: 'PERMANENT_FAILURE', Detail: expect.stringContaining('provider') },
    });
  });
});

describe('what was written goes', () => {
  const putEndpoint = (EndpointId: string, Address: string, UserId?: string) =>
    client.send(
      new UpdateEndpointCommand({
        ...{ ApplicationId, EndpointId },
        EndpointRequest: { Address, ChannelType: 'SMS', ...(UserId && { User: { UserId } }) },
      }),
    );

  it('with the endpoint of its sender, however that spells the number, and with the user', async () => {
    const [first, second, bystander] = [newPerson(), newPerson(), newPerson()];
    await putEndpoint('erased-1', first.replace('+49', '+49 '));
    await putEndpoint('erased-2', second, 'erased-user');
    for (const person of [first, second, bystander]) await write(two, person, 'my secret is find-me-77');
    await client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: 'erased-1' }));
    expect(await inboundOf(two, first)).toEqual([]);
    await client.send(new DeleteUserEndpointsCommand({ ApplicationId, UserId: 'erased-user' }));
    expect(await inboundOf(two, second)).toEqual([]);
    expect(await inboundOf(two, bystander)).toHaveLength(1);
    const { rows } = await sql`
      select 1 from inbound_messages where from_address in (${first}, ${second})`.execute(server.database.query);
    expect(rows).toEqual([]);
  });

  it('after thirty days', async () => {
    const [old, young] = [newPerson(), newPerson()];
    for (const person of [old, young]) await write(two, person, 'hello');
    for (const [person, days] of [
      [old, 31],
      [young, 29],
    ] as const)
      await sql`
        update inbound_messages set received_at = now() - make_interval(days => ${days})
        where from_address = ${person}`.execute(server.database.query);
    await runJob(two, 'messaging/sweep inbound messages', {});
    expect([await inboundOf(two, old), (await inboundOf(two, young)).length]).toEqual([[], 1]);
  });
});

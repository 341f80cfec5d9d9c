/** Where inbound messages go: topics, webhooks, what each is told, and what is done when it does not listen (dossier/messaging §9.2). */
import { UpdateEndpointCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { ensureTimePartitions } from '../../src/database/index.ts';
import { IdentityHashes } from '../../src/domains/audience/index.ts';
import { addressHashes } from '../../src/domains/messaging/sends/send.ts';
import { type OptedOut, receiveInbound } from '../../src/domains/messaging/two-way/receive.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { callApi } from '../support/repoint-api.ts';
import {
  arrived,
  aWhile,
  isSigned,
  listed,
  newPerson,
  ourNumber,
  runJob,
  send,
  setNumber,
  settled,
  soon,
  startTwoWayServer,
  topicArn,
  webhookSecret,
  write,
} from '../support/two-way.ts';

const two = await startTwoWayServer();
const { server, sns, webhook, ApplicationId } = two;
const number = '+4915735990002';

beforeEach(async () => {
  sns.refuse = undefined;
  webhook.answer = () => ({ status: 204 });
  await setNumber(two, number, { TopicArn: topicArn, WebhookUrl: webhook.url, WebhookSecret: webhookSecret });
  await setNumber(two, '70003', { WebhookUrl: webhook.url, WebhookSecret: webhookSecret, SelfManagedOptOuts: true });
});

/** Of one person, as topic and webhook were told. */
const published = (person: string) =>
  sns.published
    .map(({ message }) => JSON.parse(message))
    .filter(({ originationNumber }) => originationNumber === person);
const posted = (person: string) => webhook.requests.filter(({ body }) => body.includes(person));

describe('a message', () => {
  it('is published in Pinpoint’s form, to topic and webhook', async () => {
    const person = newPerson();
    await write(two, person, 'is it open?', number);
    const inbound = await settled(two, person);
    expect(inbound).toMatchObject({ Topic: { Status: 'PUBLISHED' }, Webhook: { Status: 'PUBLISHED' }, Action: 'NONE' });
    const payload = {
      ...{ originationNumber: person, destinationNumber: number, messageKeyword: null, messageBody: 'is it open?' },
      inboundMessageId: inbound.InboundMessageId,
    };
    expect(published(person)).toEqual([payload]);
    expect(sns.published.at(-1)).toMatchObject({ topicArn, region: 'eu-central-1' });
    const [request] = posted(person);
    expect(request).toMatchObject({ method: 'POST', path: '/inbound' });
    expect(request?.headers).toMatchObject({
      ...{ 'content-type': 'application/json', 'webhook-id': inbound.InboundMessageId },
    });
    expect(request?.body.toString()).toBe(JSON.stringify(payload));
    expect(request && isSigned(request)).toBe(true);
  });

  it('names the message that it answers, sent to the number or to an endpoint within seven days', async () => {
    const [direct, holder, late] = [newPerson(), newPerson(), newPerson()];
    const EndpointRequest = { Address: holder, ChannelType: 'SMS' } as const;
    await server.client().send(new UpdateEndpointCommand({ ApplicationId, EndpointId: 'holder', EndpointRequest }));
    await send(two, { address: direct });
    const ids = [await send(two, { address: direct }), await send(two, { endpoint: 'holder' })];
    await send(two, { address: late });
    const { database, masterKey } = server;
    const eightDaysAgo = new Date(Date.now() - 8 * 24 * 3600 * 1000);
    await ensureTimePartitions(database.query, 'sends', eightDaysAgo);
    const { text: recipient } = addressHashes(masterKey).recipientOf('SMS', late);
    await sql`update sends set started_at = ${eightDaysAgo} where recipient = ${recipient}`.execute(database.query);
    for (const person of [direct, holder, late]) {
      await write(two, person, 'yes', number);
      await settled(two, person);
    }
    expect(published(direct)).toMatchObject([{ previousPublishedMessageId: ids[0]?.MessageId }]);
    expect(published(holder)).toMatchObject([{ previousPublishedMessageId: ids[1]?.MessageId }]);
    expect(ids.every((result) => result?.MessageId !== undefined)).toBe(true);
    expect(published(late)).toEqual([expect.not.objectContaining({ previousPublishedMessageId: expect.anything() })]);
  });

  it('with a keyword of the number is answered and published, HELP and STOP are answered alone', async () => {
    const person = newPerson();
    const path = `/repoint/v1/sms/numbers/${encodeURIComponent(number)}/keywords/JOIN`;
    await callApi(server, `PUT ${path}`, { body: { Action: 'OPT_IN', Response: 'Welcome' } });
    for (const text of ['help', 'stop', 'Join now']) await write(two, person, text, number);
    expect(await settled(two, person, 3)).toMatchObject({ Topic: { Status: 'PUBLISHED' }, Keyword: 'JOIN' });
    expect(published(person)).toMatchObject([{ messageKeyword: 'JOIN', messageBody: 'Join now' }]);
    await soon(() => expect(arrived(two, person).map(({ text }) => text)).toContain('Welcome'));
    expect(await listed(two, person)).toBeUndefined();
  });

  it('to a self-managed number is published whatever it says; nothing is answered, the list stays', async () => {
    const person = newPerson();
    await write(two, person, 'STOP', '70003');
    await write(two, person, 'help', '70003');
    await soon(() => expect(posted(person)).toHaveLength(2));
    const bodies = posted(person).map(({ body }) => JSON.parse(body.toString()));
    expect(bodies.map(({ messageKeyword }) => messageKeyword).toSorted()).toEqual(['HELP', 'STOP']);
    await aWhile();
    expect([arrived(two, person), await listed(two, person)]).toEqual([[], undefined]);
  });

  it('to a number for which nothing is set is published nowhere', async () => {
    const person = newPerson();
    await write(two, person, 'hello', ourNumber);
    expect(await settled(two, person)).toEqual(expect.not.objectContaining({ Topic: expect.anything() }));
    await aWhile();
    expect([published(person), posted(person)]).toEqual([[], []]);
  });
});

describe('a destination that does not take it', () => {
  it('is tried again, under the same id, and alone; meanwhile the record says why', async () => {
    const person = newPerson();
    webhook.answer = () => ({ status: 503 });
    await write(two, person, 'hello', number);
    expect(await settled(two, person)).toMatchObject({
      ...{ Topic: { Status: 'PUBLISHED' }, Webhook: { Status: 'RETRYING', Detail: 'HTTP 503' } },
    });
    webhook.answer = () => ({ status: 200 });
    await soon(async () => expect((await settled(two, person)).Webhook).toEqual({ Status: 'PUBLISHED' }));
    const requests = posted(person);
    expect(requests.length).toBeGreaterThan(1);
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(requests.every(isSigned)).toBe(true);
    expect(published(person)).toHaveLength(1);
  });

  it('says in the record what a topic answered, and is given up at the last attempt', async () => {
    const person = newPerson();
    sns.refuse = 'NotFound';
    await write(two, person, 'hello', number);
    const { InboundMessageId, Topic } = await settled(two, person);
    expect(Topic).toEqual({ Status: 'RETRYING', Detail: 'Not published: refused' });
    await sql`
      update graphile_worker._private_jobs set attempts = 24, run_at = now()
      where payload ->> 'inboundId' = ${InboundMessageId}`.execute(server.database.query);
    await soon(async () =>
      expect((await settled(two, person)).Topic).toEqual({ Status: 'FAILED', Detail: 'Not published: refused' }),
    );
    const payload = { inboundId: InboundMessageId, destination: 'TOPIC' };
    sns.refuse = undefined;
    await runJob(two, 'messaging/publish inbound message', payload);
    expect(published(person)).toEqual([]);
  });

  it('and was taken away meanwhile is not waited for', async () => {
    const person = newPerson();
    webhook.answer = () => ({ status: 500 });
    await write(two, person, 'hello', number);
    const { InboundMessageId: inboundId } = await settled(two, person);
    await setNumber(two, number, { TopicArn: topicArn });
    await runJob(two, 'messaging/publish inbound message', { inboundId, destination: 'WEBHOOK' });
    expect((await settled(two, person)).Webhook).toMatchObject({ Status: 'FAILED' });
  });
});

it('opt-outs are told in the transaction that writes them, with the message that was answered', async () => {
  const person = newPerson();
  const { MessageId } = (await send(two, { address: person })) ?? {};
  const told: OptedOut[] = [];
  const { database, masterKey, administrator } = server;
  const receive = receiveInbound({
    ...{ database, clock: systemClock, hashes: addressHashes(masterKey) },
    identities: new IdentityHashes(Buffer.alloc(32)),
    optedOut: async (tx, optedOut) => {
      const { rows } = await sql<{ reason: string }>`
        select reason from suppressed_addresses where address = ${person}`.execute(tx);
      expect(rows).toEqual([{ reason: 'OPT_OUT' }]);
      told.push(...optedOut);
    },
  });
  const origin = { key: 'provider/1', kind: 'X', accountId: administrator.accountId, region: 'us-east-1' };
  const message = { type: 'inbound message', from: person, to: ourNumber, body: 'stop', at: new Date() } as const;
  await receive([{ ...message, inboundMessageId: newId() }], { ...origin, projectNumber: undefined });
  expect(told).toMatchObject([
    {
      message: { from: person, number: ourNumber },
      previous: { messageId: MessageId },
      project: { id: ApplicationId },
    },
  ]);
});

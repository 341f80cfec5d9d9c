/** Our API for numbers, keywords and what people wrote: what it keeps, shows, refuses, and to whom. */
import { CreateAppCommand } from '@aws-sdk/client-pinpoint';
import { beforeEach, describe, expect, it } from 'vitest';
import { usualTexts } from '../../src/domains/messaging/two-way/words.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const secretText = Buffer.alloc(32, 'find-me-').toString('base64');
const WebhookSecret = `whsec_${secretText}`;
const TopicArn = 'arn:aws:sns:eu-central-1:123456789012:two-way';
const WebhookUrl = 'https://shop.example.com/inbound';

const pathOf = (number: string) => `/repoint/v1/sms/numbers/${encodeURIComponent(number)}`;
const put = (number: string, body: object) => callApi(server, `PUT ${pathOf(number)}`, { body });
const keywordsOf = (number: string) => `${pathOf(number)}/keywords`;
const putKeyword = (number: string, keyword: string, body: object) =>
  callApi(server, `PUT ${keywordsOf(number)}/${encodeURIComponent(keyword)}`, { body });

let count = 0;
let number: string;
beforeEach(() => {
  number = `+4915735${String(880_000 + count++)}`;
});

describe('a number', () => {
  it('is kept, shown, changed as a whole, and removed; its secret is never shown', async () => {
    const made = await put(number, { WebhookUrl, WebhookSecret, HelpText: 'Call us' });
    expect(made).toMatchObject({ status: 200 });
    expect(made.body).toEqual({
      ...{ Number: number, WebhookUrl, HasWebhookSecret: true, SelfManagedOptOuts: false },
      ...{ HelpText: 'Call us', StopText: usualTexts.stop, StartText: usualTexts.start },
      ...{ CreationDate: expect.any(String), LastModifiedDate: made.body.CreationDate },
      LastModifiedBy: `arn:aws:iam::${server.administrator.accountId}:user/administrator`,
    });
    expect(await tablesWith(server.database, secretText.toLowerCase())).toEqual([]);
    // The secret stays where it is left out, and goes with the webhook.
    const changed = await put(number, { WebhookUrl, TopicArn, SelfManagedOptOuts: true });
    expect(changed.body).toMatchObject({ TopicArn, HasWebhookSecret: true, HelpText: usualTexts.help });
    expect(changed.body.CreationDate).toBe(made.body.CreationDate);
    expect((await callApi(server, `GET ${pathOf(number)}`)).body).toEqual(changed.body);
    const silent = await put(number, {});
    expect(silent.body).toMatchObject({ HasWebhookSecret: false, SelfManagedOptOuts: false });
    expect((await put(number, { WebhookUrl })).status).toBe(400);
    expect((await callApi(server, `DELETE ${pathOf(number)}`)).body).toEqual(silent.body);
    expect((await callApi(server, `GET ${pathOf(number)}`)).status).toBe(404);
    expect((await callApi(server, `DELETE ${pathOf(number)}`)).status).toBe(404);
  });

  it('names a project of its Region', async () => {
    const made = await server.client().send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'numbers' } }));
    const ProjectId = made.ApplicationResponse?.Id;
    expect((await put('70009', { ProjectId })).body).toMatchObject({ Number: '70009', ProjectId });
    const elsewhere = await callApi(server, `PUT ${pathOf('70009')}`, { body: { ProjectId }, region: 'eu-west-1' });
    expect([elsewhere.status, elsewhere.body.Message]).toEqual([400, 'ProjectId names no project of this Region']);
  });

  it.each([
    ['another spelling of a number', '4915735880000', {}],
    ['a number with spaces', '+49 15735 880000', {}],
    ['a name', 'Shop', {}],
    ['a topic of another service', '+4915735881000', { TopicArn: 'arn:aws:sqs:eu-central-1:123456789012:x' }],
    ['a FIFO topic', '+4915735881000', { TopicArn: `${TopicArn}.fifo` }],
    ['a URL that is none', '+4915735881000', { WebhookUrl: 'file:///etc/passwd', WebhookSecret }],
    ['a URL with a password', '+4915735881000', { WebhookUrl: 'https://a:b@example.com', WebhookSecret }],
    ['a short secret', '+4915735881000', { WebhookUrl, WebhookSecret: 'whsec_c2hvcnQ=' }],
    ['self-managed opt-outs that nobody hears of', '+4915735881000', { SelfManagedOptOuts: true }],
    ['a text that no SMS can hold', '+4915735881000', { StopText: 'ü€Ж'.repeat(300) }],
  ])('refuses %s, naming what and quoting nothing', async (_what, given, body) => {
    const answer = await put(given, body);
    expect([answer.status, answer.errorType]).toEqual([400, 'BadRequestException']);
    expect(answer.body.Message).toMatch(/^(number|TopicArn|WebhookUrl|WebhookSecret|SelfManagedOptOuts|StopText) /);
    expect(answer.body.Message).not.toMatch(/passwd|sqs|fifo|a:b|c2hvcnQ/);
  });

  it('is listed page by page, each account its own', async () => {
    const other = await server.addAccount();
    for (const each of ['70020', '70021', '70022']) {
      await callApi(server, `PUT ${pathOf(each)}`, { body: {}, credentials: other });
    }
    const list = (query: string) => callApi(server, `GET /repoint/v1/sms/numbers?${query}`, { credentials: other });
    const first = await list('page-size=2');
    const second = await list(`page-size=2&token=${encodeURIComponent(first.body.NextToken)}`);
    const numbers = [...first.body.Item, ...second.body.Item].map((each) => each.Number);
    expect(numbers).toEqual(['70020', '70021', '70022']);
    expect(second.body).not.toHaveProperty('NextToken');
    expect((await callApi(server, `GET ${pathOf('70020')}`)).status).toBe(404);
  });
});

describe('keywords', () => {
  it('are kept, listed behind those that every number has, changed and removed', async () => {
    await put(number, { StopText: 'Bye' });
    expect((await putKeyword(number, 'HOURS', { Response: 'Nine to five' })).body).toEqual({
      ...{ Keyword: 'HOURS', Action: 'AUTOMATIC_RESPONSE', Response: 'Nine to five' },
    });
    expect((await putKeyword(number, 'BASTA', { Action: 'OPT_OUT' })).body).toEqual({
      ...{ Keyword: 'BASTA', Action: 'OPT_OUT' },
    });
    await putKeyword(number, 'HOURS', { Response: 'Ten to six' });
    expect((await callApi(server, `GET ${keywordsOf(number)}`)).body.Item).toEqual([
      { Keyword: 'HELP', Action: 'AUTOMATIC_RESPONSE', Response: usualTexts.help },
      { Keyword: 'START', Action: 'OPT_IN', Response: usualTexts.start },
      { Keyword: 'STOP', Action: 'OPT_OUT', Response: 'Bye' },
      { Keyword: 'UNSTOP', Action: 'OPT_IN', Response: usualTexts.start },
      { Keyword: 'BASTA', Action: 'OPT_OUT' },
      { Keyword: 'HOURS', Action: 'AUTOMATIC_RESPONSE', Response: 'Ten to six' },
    ]);
    const gone = await callApi(server, `DELETE ${keywordsOf(number)}/BASTA`);
    expect([gone.status, gone.body.Keyword]).toEqual([200, 'BASTA']);
    expect((await callApi(server, `DELETE ${keywordsOf(number)}/BASTA`)).status).toBe(404);
    // They end with their number.
    await callApi(server, `DELETE ${pathOf(number)}`);
    await put(number, {});
    expect((await callApi(server, `GET ${keywordsOf(number)}`)).body.Item).toHaveLength(4);
  });

  it('HELP, STOP and START have texts that can be changed, and stay', async () => {
    await put(number, { HelpText: 'Old' });
    expect((await putKeyword(number, 'HELP', { Response: 'New' })).body).toEqual({
      ...{ Keyword: 'HELP', Action: 'AUTOMATIC_RESPONSE', Response: 'New' },
    });
    await putKeyword(number, 'UNSTOP', { Action: 'OPT_IN', Response: 'Back' });
    const shown = await callApi(server, `GET ${pathOf(number)}`);
    expect(shown.body).toMatchObject({ HelpText: 'New', StartText: 'Back', StopText: usualTexts.stop });
    for (const keyword of ['HELP', 'STOP', 'START', 'UNSTOP']) {
      expect((await callApi(server, `DELETE ${keywordsOf(number)}/${keyword}`)).status).toBe(400);
      const other = keyword === 'STOP' ? 'OPT_IN' : 'OPT_OUT';
      expect((await putKeyword(number, keyword, { Action: other })).status).toBe(400);
    }
    // What opts out everywhere can be answered otherwise, and means nothing else.
    expect((await putKeyword(number, 'CANCEL', { Response: 'Cancelled' })).body.Action).toBe('OPT_OUT');
    expect((await putKeyword(number, 'QUIT', { Action: 'AUTOMATIC_RESPONSE', Response: 'x' })).status).toBe(400);
  });

  it.each(['join', 'JOIN NOW', 'CAFÉ', 'OPT-OUT', 'A'.repeat(31), '👍', '%20'])('refuse %j', async (keyword) => {
    await put(number, {});
    const answer = await putKeyword(number, keyword, { Response: 'x' });
    expect([answer.status, answer.body.Message]).toEqual([400, expect.stringMatching(/^keyword must be one word/)]);
  });

  it('are at most thirty, and need a number and a text', async () => {
    expect((await putKeyword(number, 'JOIN', { Response: 'x' })).status).toBe(404);
    expect((await callApi(server, `GET ${keywordsOf(number)}`)).status).toBe(404);
    await put(number, {});
    expect((await putKeyword(number, 'JOIN', {})).body.Message).toContain('Response');
    const made = await Promise.all(
      Array.from({ length: 32 }, (_, index) => putKeyword(number, `WORD${index}`, { Response: 'x' })),
    );
    expect(made.filter(({ status }) => status === 200)).toHaveLength(30);
    expect(made.filter(({ status }) => status === 400)).toHaveLength(2);
    const { Item } = (await callApi(server, `GET ${keywordsOf(number)}`)).body;
    expect(Item).toHaveLength(34);
    expect((await putKeyword(number, Item.at(-1).Keyword, { Response: 'y' })).status).toBe(200);
  });
});

it('policies are asked about a number and its keywords by name', async () => {
  const policy = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'repoint:*', Resource: '*' },
      { Effect: 'Deny', Action: 'repoint:*', Resource: `arn:aws:repoint:*:*:sms/numbers/${number}/keywords/STOP` },
    ],
  };
  const stored = await callApi(server, 'POST /repoint/v1/policies', {
    body: { PolicyName: 'two-way', Document: policy },
  });
  expect(stored.status).toBe(201);
  await callApi(server, 'POST /repoint/v1/users', { body: { UserName: 'two-way', Policies: ['two-way'] } });
  const key = await callApi(server, 'POST /repoint/v1/users/two-way/access-keys');
  const credentials = { accessKeyId: key.body.AccessKeyId, secretAccessKey: key.body.SecretAccessKey };
  await put(number, {});
  const call = (keyword: string) =>
    callApi(server, `PUT ${keywordsOf(number)}/${keyword}`, { body: { Response: 'x' }, credentials });
  expect([(await call('STOP')).status, (await call('stop')).status, (await call('HELP')).status]).toEqual([
    403, 400, 200,
  ]);
});

it('what people wrote is asked for by number, and paged', async () => {
  const list = (query: string) => callApi(server, `GET /repoint/v1/sms/inbound${query}`);
  expect((await list('')).body).toEqual({ Item: [] });
  expect((await list(`?number=${encodeURIComponent(number)}`)).body).toEqual({ Item: [] });
  expect((await list('?number=Shop')).status).toBe(400);
});

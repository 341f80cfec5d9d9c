/** Recommender configurations through the real SDK. Numbers in brackets are the cases of dossier/messaging §18. */
import {
  CreateRecommenderConfigurationCommand,
  type CreateRecommenderConfigurationCommandInput,
  DeleteRecommenderConfigurationCommand,
  GetRecommenderConfigurationCommand,
  GetRecommenderConfigurationsCommand,
  UpdateRecommenderConfigurationCommand,
} from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { findRecommender } from '../../src/domains/recommenders/index.ts';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

type Configuration = NonNullable<CreateRecommenderConfigurationCommandInput['CreateRecommenderConfiguration']>;

const server = await startTestServer();
const client = server.client();

const bad = (message: RegExp | string = '') =>
  expect.objectContaining({ name: 'BadRequestException', message: expect.stringMatching(message) });
const missing = expect.objectContaining({ name: 'NotFoundException' });

const required = {
  RecommendationProviderUri: 'https://recommender.example/items',
  RecommendationProviderRoleArn: 'arn:aws:iam::123456789012:role/recommender',
};
/** The items are used as they are. */
const plain: Configuration = { ...required, RecommendationsDisplayName: 'Books for you' };
/** A function makes attributes of them. */
const transformed: Configuration = {
  ...required,
  RecommendationTransformerUri: 'arn:aws:lambda:us-east-1:123456789012:function:enrich',
  Attributes: { title: 'Title', Image_url: 'Picture' },
};

async function create(request: Configuration, by = client) {
  const { RecommenderConfigurationResponse, $metadata } = await by.send(
    new CreateRecommenderConfigurationCommand({ CreateRecommenderConfiguration: request }),
  );
  expect($metadata.httpStatusCode).toBe(201);
  return RecommenderConfigurationResponse as NonNullable<typeof RecommenderConfigurationResponse>;
}

async function update(RecommenderId: string | undefined, request: Configuration, by = client) {
  const { RecommenderConfigurationResponse, $metadata } = await by.send(
    new UpdateRecommenderConfigurationCommand({ RecommenderId, UpdateRecommenderConfiguration: request }),
  );
  expect($metadata.httpStatusCode).toBe(200);
  return RecommenderConfigurationResponse;
}

async function get(RecommenderId: string | undefined, by = client) {
  const { RecommenderConfigurationResponse } = await by.send(new GetRecommenderConfigurationCommand({ RecommenderId }));
  return RecommenderConfigurationResponse;
}

async function remove(RecommenderId: string | undefined, by = client) {
  const { RecommenderConfigurationResponse } = await by.send(
    new DeleteRecommenderConfigurationCommand({ RecommenderId }),
  );
  return RecommenderConfigurationResponse;
}

describe('a configuration', () => {
  it('is created, read, changed and deleted', async () => {
    const created = await create({ ...plain, Name: 'Books 1', Description: 'For readers (all of them); a_b, c-d' });
    expect(created).toEqual({
      ...plain,
      ...{ Name: 'Books 1', Description: 'For readers (all of them); a_b, c-d' },
      Id: expect.stringMatching(/^[0-9a-f]{32}$/),
      CreationDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      LastModifiedDate: created.CreationDate,
      ...{ RecommendationProviderIdType: 'PINPOINT_ENDPOINT_ID', RecommendationsPerMessage: 5 },
    });
    expect(await get(created.Id)).toEqual(created);
    const request = { ...transformed, RecommendationProviderIdType: 'PINPOINT_USER_ID', RecommendationsPerMessage: 2 };
    const updated = await update(created.Id, request);
    expect(updated).toEqual({
      ...request,
      ...{ Id: created.Id, CreationDate: created.CreationDate, LastModifiedDate: expect.any(String) },
    });
    expect(String(updated?.LastModifiedDate) > String(created.CreationDate)).toBe(true);
    expect(await remove(created.Id)).toEqual(updated);
    await expect(get(created.Id)).rejects.toEqual(missing);
    await expect(remove(created.Id)).rejects.toEqual(missing);
    await expect(update(created.Id, plain)).rejects.toEqual(missing);
  });

  it('[79] recommends five items where it does not say how many, one to five where it does', async () => {
    expect((await create(plain)).RecommendationsPerMessage).toBe(5);
    for (const RecommendationsPerMessage of [1, 5]) {
      expect(await create({ ...plain, RecommendationsPerMessage })).toMatchObject({ RecommendationsPerMessage });
    }
    for (const RecommendationsPerMessage of [0, 6, -1]) {
      await expect(create({ ...plain, RecommendationsPerMessage })).rejects.toEqual(bad('RecommendationsPerMessage'));
    }
  });

  it('[79] with a function has attributes; without one it has a display name and no attributes', async () => {
    const { Attributes: _attributes, ...withoutAttributes } = transformed;
    await expect(create(withoutAttributes)).rejects.toEqual(bad('^Attributes must have'));
    await expect(create({ ...transformed, Attributes: {} })).rejects.toEqual(bad('^Attributes must have'));
    await expect(create(required)).rejects.toEqual(bad('^RecommendationsDisplayName is missing'));
    await expect(create({ ...plain, Attributes: { a: 'b' } })).rejects.toEqual(bad('^Attributes are given with'));
    // With a function there is nothing that the display name could be the name of.
    const both = await create({ ...transformed, RecommendationsDisplayName: 'Books' });
    expect(both).toMatchObject(transformed);
    expect(both.RecommendationsDisplayName).toBeUndefined();
    // The same rules hold for an update, which replaces the whole.
    await expect(update(both.Id, required)).rejects.toEqual(bad('^RecommendationsDisplayName'));
    expect(await update(both.Id, plain)).not.toHaveProperty('Attributes');
  });

  const attributes = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, 'Name']));

  it.each<[string, Configuration]>([
    ['a name of 128 characters', { ...plain, Name: 'x'.repeat(128) }],
    ['a description of 128 characters', { ...plain, Description: 'x'.repeat(128) }],
    ['a display name of 25 characters', { ...plain, RecommendationsDisplayName: 'x'.repeat(25) }],
    ['ten attributes', { ...transformed, Attributes: attributes(10) }],
    ['an attribute of 50 characters', { ...transformed, Attributes: { ['x'.repeat(50)]: 'y'.repeat(25) } }],
    ['a function by its name', { ...transformed, RecommendationTransformerUri: 'my-function_2:live' }],
    ['any provider: which one it is, the send finds out', { ...plain, RecommendationProviderUri: 'arn:aws:x:y' }],
  ])('may have %s', async (_what, request) => expect(await create(request)).toMatchObject(request));

  it.each<[string, Configuration, string]>([
    ['a name of 129 characters', { ...plain, Name: 'x'.repeat(129) }, '^Name'],
    ['a name that begins with a dash', { ...plain, Name: '-x' }, '^Name'],
    ['an empty name', { ...plain, Name: '' }, '^Name'],
    ['a name with a dot', { ...plain, Name: 'a.b' }, '^Name'],
    ['a description of 129 characters', { ...plain, Description: 'x'.repeat(129) }, '^Description'],
    ['a description with an exclamation mark', { ...plain, Description: 'x!' }, '^Description'],
    ['an unknown type of id', { ...plain, RecommendationProviderIdType: 'EMAIL' }, '^RecommendationProviderIdType'],
    ['a display name of 26 characters', { ...plain, RecommendationsDisplayName: 'x'.repeat(26) }, 'DisplayName'],
    ['an empty display name', { ...plain, RecommendationsDisplayName: '' }, 'DisplayName'],
    ['eleven attributes', { ...transformed, Attributes: attributes(11) }, '^Attributes'],
    ['an attribute of 51 characters', { ...transformed, Attributes: { ['x'.repeat(51)]: 'y' } }, 'Attributes'],
    ['an attribute that begins with _', { ...transformed, Attributes: { _x: 'y' } }, 'Attributes'],
    ['an attribute with a space', { ...transformed, Attributes: { 'a b': 'y' } }, 'Attributes'],
    [
      'an attribute whose display name is too long',
      { ...transformed, Attributes: { x: 'y'.repeat(26) } },
      'Attributes',
    ],
    ['an attribute whose display name begins with a space', { ...transformed, Attributes: { x: ' y' } }, 'Attributes'],
    ['an attribute without a display name', { ...transformed, Attributes: { x: '' } }, 'Attributes'],
    ['a transformer that is no function', { ...transformed, RecommendationTransformerUri: 'https://x' }, 'Transformer'],
    ['an empty provider', { ...plain, RecommendationProviderUri: ' ' }, '^RecommendationProviderUri'],
    ['an empty role', { ...plain, RecommendationProviderRoleArn: '' }, '^RecommendationProviderRoleArn'],
  ])('may not have %s', async (_what, request, message) => {
    await expect(create(request)).rejects.toEqual(bad(message));
  });

  it('must say where recommendations come from', async () => {
    const body = { RecommendationProviderRoleArn: 'arn', RecommendationsDisplayName: 'x' };
    const answer = await callApi(server, 'POST /v1/recommenders', { service: 'mobiletargeting', body });
    expect([answer.status, answer.body.Message]).toEqual([400, expect.stringContaining('RecommendationProviderUri')]);
  });

  it('belongs to one account and Region', async () => {
    const { Id } = await create(plain);
    const there = server.client({ region: 'eu-central-1' });
    const other = server.client({ credentials: await server.addAccount() });
    for (const stranger of [there, other]) {
      await expect(get(Id, stranger)).rejects.toEqual(missing);
      await expect(update(Id, plain, stranger)).rejects.toEqual(missing);
      await expect(remove(Id, stranger)).rejects.toEqual(missing);
    }
    const scope = { accountId: server.administrator.accountId, region: 'us-east-1' };
    expect(await findRecommender(server.database.query, scope, Id as string)).toMatchObject({ id: Id });
    const elsewhere = { ...scope, region: 'eu-central-1' };
    expect(await findRecommender(server.database.query, elsewhere, Id as string)).toBeUndefined();
  });

  it('is named in the audit log when it is made', async () => {
    const { Id } = await create(plain);
    const { body } = await callApi(server, 'GET /repoint/v1/audit-log?page-size=1');
    expect(body.Item[0]).toMatchObject({
      Operation: 'CreateRecommenderConfiguration',
      Resource: `arn:aws:mobiletargeting:us-east-1:${server.administrator.accountId}:recommenders/${Id}`,
    });
  });
});

describe('the list of configurations', () => {
  it('comes page by page, oldest first, and ends at 100, however many ask at once', async () => {
    const own = server.client({ credentials: await server.addAccount() });
    const list = async (PageSize: string, Token?: string) => {
      const command = new GetRecommenderConfigurationsCommand({ PageSize, Token });
      return (await own.send(command)).ListRecommenderConfigurationsResponse;
    };
    expect(await list('10')).toEqual({ Item: [] });
    const first = await create({ ...plain, Name: 'first' }, own);
    await create({ ...plain, Name: 'second' }, own);
    await create({ ...transformed, Name: 'third' }, own);
    const page = await list('2');
    expect(page?.Item?.map(({ Name }) => Name)).toEqual(['first', 'second']);
    const rest = await list('2', page?.NextToken);
    expect(rest?.Item).toEqual([expect.objectContaining({ ...transformed, Name: 'third' })]);
    expect(rest?.NextToken).toBeUndefined();
    const stranger = new GetRecommenderConfigurationsCommand({ Token: page?.NextToken as string });
    await expect(client.send(stranger)).rejects.toEqual(bad('token'));
    await expect(list('0')).rejects.toEqual(bad('page-size'));

    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => create(plain, own)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(97);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toEqual(bad('at most 100'));
    }
    await remove(first.Id, own);
    await create(plain, own);
    await expect(create(plain, own)).rejects.toEqual(bad('at most 100'));
    expect((await list('1000'))?.Item).toHaveLength(100);
  });
});

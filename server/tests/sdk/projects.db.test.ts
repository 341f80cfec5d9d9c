/** Projects, settings and tags through the real SDK, against a whole server. */
import {
  CreateAppCommand,
  DeleteAppCommand,
  GetAppCommand,
  GetApplicationSettingsCommand,
  GetAppsCommand,
  GetJourneyCommand,
  ListTagsForResourceCommand,
  type PinpointClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApplicationSettingsCommand,
  type WriteApplicationSettingsRequest,
} from '@aws-sdk/client-pinpoint';
import { describe, expect, it } from 'vitest';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const client = server.client();

async function createApp(name: string, tags?: Record<string, string>, by: PinpointClient = client) {
  const { ApplicationResponse } = await by.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: name, ...(tags && { tags }) } }),
  );
  return ApplicationResponse as { Id: string; Arn: string; Name: string; CreationDate: string; tags?: object };
}

const refusal = (name: string, status: number) =>
  expect.objectContaining({ name, $metadata: expect.objectContaining({ httpStatusCode: status }) });

describe('projects', () => {
  it('are created with 201, an id of 32 hex characters, an ARN, and their tags', async () => {
    const { ApplicationResponse: app, $metadata } = await client.send(
      new CreateAppCommand({ CreateApplicationRequest: { Name: 'shop', tags: { stage: 'test' } } }),
    );
    expect($metadata.httpStatusCode).toBe(201);
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(app?.Id).toMatch(/^[0-9a-f]{32}$/);
    const arn = `arn:aws:mobiletargeting:us-east-1:${server.administrator.accountId}:apps/${app?.Id}`;
    expect(app).toMatchObject({ Name: 'shop', Arn: arn, tags: { stage: 'test' } });
    expect(app?.CreationDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const found = await client.send(new GetAppCommand({ ApplicationId: app?.Id }));
    expect(found.ApplicationResponse).toEqual(app);
  });

  it('may have the same name twice, and are refused without a name or with one that is too long', async () => {
    expect((await createApp('twin')).Id).not.toBe((await createApp('twin')).Id);
    await expect(createApp('x'.repeat(65))).rejects.toEqual(refusal('BadRequestException', 400));
    await expect(createApp('')).rejects.toEqual(refusal('BadRequestException', 400));
  });

  it('are gone once deleted, for every operation', async () => {
    const app = await createApp('short life');
    const { ApplicationResponse, $metadata } = await client.send(new DeleteAppCommand({ ApplicationId: app.Id }));
    expect([$metadata.httpStatusCode, ApplicationResponse?.Id]).toEqual([200, app.Id]);
    const gone = refusal('NotFoundException', 404);
    await expect(client.send(new GetAppCommand({ ApplicationId: app.Id }))).rejects.toEqual(gone);
    await expect(client.send(new DeleteAppCommand({ ApplicationId: app.Id }))).rejects.toEqual(gone);
    // Also where the operation itself is not answered yet.
    const journey = new GetJourneyCommand({ ApplicationId: app.Id, JourneyId: 'x' });
    await expect(client.send(journey)).rejects.toEqual(gone);
    const tags = new ListTagsForResourceCommand({ ResourceArn: app.Arn });
    await expect(client.send(tags)).rejects.toEqual(gone);
  });

  it('answer 501 for an operation that has no handler yet, in a project that exists', async () => {
    const app = await createApp('waiting');
    await expect(client.send(new GetJourneyCommand({ ApplicationId: app.Id, JourneyId: 'x' }))).rejects.toEqual(
      refusal('NotImplementedException', 501),
    );
  });

  it('of one Region and of one account are not seen from another', async () => {
    const app = await createApp('here');
    const there = server.client({ region: 'eu-central-1' });
    const other = server.client({ credentials: await server.addAccount() });
    for (const stranger of [there, other]) {
      await expect(stranger.send(new GetAppCommand({ ApplicationId: app.Id }))).rejects.toEqual(
        refusal('NotFoundException', 404),
      );
      const { ApplicationsResponse } = await stranger.send(new GetAppsCommand({}));
      expect(ApplicationsResponse?.Item).toEqual([]);
    }
    const elsewhere = await createApp('elsewhere', undefined, there);
    expect(elsewhere.Arn).toContain(':eu-central-1:');
  });
});

describe('the list of projects', () => {
  it('comes page by page, oldest first, and its tokens are good for it alone', async () => {
    const account = await server.addAccount();
    const own = server.client({ credentials: account });
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) await createApp(name, undefined, own);
    const read = async (Token?: string) => {
      const { ApplicationsResponse } = await own.send(new GetAppsCommand({ PageSize: '2', Token }));
      return ApplicationsResponse;
    };
    const first = await read();
    const second = await read(first?.NextToken);
    const third = await read(second?.NextToken);
    const seen = [first, second, third].flatMap((page) => page?.Item ?? []).map(({ Name }) => Name);
    expect(seen).toEqual(names);
    expect(third?.NextToken).toBeUndefined();

    const elsewhere = server.client({ credentials: account, region: 'eu-west-1' });
    const moved = new GetAppsCommand({ PageSize: '2', Token: first?.NextToken });
    await expect(elsewhere.send(moved)).rejects.toEqual(refusal('BadRequestException', 400));
    await expect(client.send(moved)).rejects.toEqual(refusal('BadRequestException', 400));
    await expect(own.send(new GetAppsCommand({ PageSize: '0' }))).rejects.toEqual(refusal('BadRequestException', 400));
  });

  it('ends at 100 projects a Region, however many ask at once', async () => {
    const own = server.client({ credentials: await server.addAccount() });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 104 }, (_, index) => createApp(`p${index}`, undefined, own)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toEqual(refusal('BadRequestException', 400));
    }
    const { ApplicationsResponse } = await own.send(new GetAppsCommand({ PageSize: '1000' }));
    expect(ApplicationsResponse?.Item).toHaveLength(100);
    const [first] = ApplicationsResponse?.Item ?? [];
    await own.send(new DeleteAppCommand({ ApplicationId: first?.Id }));
    await createApp('room again', undefined, own);
  });
});

describe('application settings', () => {
  async function update(ApplicationId: string, WriteApplicationSettingsRequest: WriteApplicationSettingsRequest) {
    const { ApplicationSettingsResource } = await client.send(
      new UpdateApplicationSettingsCommand({ ApplicationId, WriteApplicationSettingsRequest }),
    );
    return ApplicationSettingsResource;
  }

  it('are four objects from the first moment', async () => {
    const { Id } = await createApp('settings');
    const { ApplicationSettingsResource } = await client.send(new GetApplicationSettingsCommand({ ApplicationId: Id }));
    expect(ApplicationSettingsResource).toMatchObject({
      ApplicationId: Id,
      CampaignHook: {},
      JourneyLimits: {},
      Limits: {},
      QuietTime: {},
    });
  });

  it('change by block: a block that is sent replaces, a block that is not stays', async () => {
    const { Id } = await createApp('settings');
    await update(Id, { Limits: { Daily: 3, Total: 10 }, QuietTime: { Start: '21:30', End: '07:00' } });
    const changed = await update(Id, { Limits: { Daily: 4 } });
    expect(changed?.Limits).toEqual({ Daily: 4 });
    expect(changed?.QuietTime).toEqual({ Start: '21:30', End: '07:00' });
    const { ApplicationSettingsResource } = await client.send(new GetApplicationSettingsCommand({ ApplicationId: Id }));
    expect(ApplicationSettingsResource).toEqual(changed);
    expect((await update(Id, { QuietTime: {} }))?.QuietTime).toEqual({});
  });

  it('name the member that is wrong', async () => {
    const { Id } = await createApp('settings');
    await expect(update(Id, { Limits: { Daily: 1000 } })).rejects.toThrow(/Limits\.Daily/);
    await expect(update(Id, { QuietTime: { Start: 'noon' } })).rejects.toThrow(/QuietTime\.Start/);
    const { body } = await callApi(server, `PUT /v1/apps/${Id}/settings`, {
      service: 'mobiletargeting',
      body: { Limits: { Daily: 'three' } },
    });
    expect(body.Message).toBe('Limits.Daily must be a whole number');
  });
});

describe('tags', () => {
  const tagsOf = async (ResourceArn: string) =>
    (await client.send(new ListTagsForResourceCommand({ ResourceArn }))).TagsModel?.tags;

  it('are added, replaced and removed, with 204, and shown with the project', async () => {
    const app = await createApp('tags', { a: '1' });
    const added = await client.send(
      new TagResourceCommand({ ResourceArn: app.Arn, TagsModel: { tags: { b: '2', a: '3', empty: '' } } }),
    );
    expect(added.$metadata.httpStatusCode).toBe(204);
    expect(await tagsOf(app.Arn)).toEqual({ a: '3', b: '2', empty: '' });
    const removed = await client.send(
      new UntagResourceCommand({ ResourceArn: app.Arn, TagKeys: ['b', 'empty', 'never there'] }),
    );
    expect(removed.$metadata.httpStatusCode).toBe(204);
    const { ApplicationResponse } = await client.send(new GetAppCommand({ ApplicationId: app.Id }));
    expect(ApplicationResponse?.tags).toEqual({ a: '3' });
  });

  it('keep what looks like the innards of JavaScript', async () => {
    const app = await createApp('tags');
    const tags = JSON.parse('{"__proto__": "x", "constructor": "y", "toString": "z"}');
    const { status } = await callApi(server, `POST /v1/tags/${encodeURIComponent(app.Arn)}`, {
      service: 'mobiletargeting',
      body: { tags },
    });
    expect(status).toBe(204);
    const { body } = await callApi(server, `GET /v1/tags/${encodeURIComponent(app.Arn)}`, {
      service: 'mobiletargeting',
    });
    expect(Object.entries(body.tags).sort()).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['toString', 'z'],
    ]);
  });

  it('are refused by AWS’s rules', async () => {
    const app = await createApp('tags');
    const tag = (tags: Record<string, string>, ResourceArn = app.Arn) =>
      client.send(new TagResourceCommand({ ResourceArn, TagsModel: { tags } }));
    const bad = refusal('BadRequestException', 400);
    await expect(tag({ 'aws:x': '1' })).rejects.toEqual(bad);
    await expect(tag({ x: 'aws:1' })).rejects.toEqual(bad);
    await expect(tag({ 'k!': '1' })).rejects.toEqual(bad);
    await expect(tag({ ['k'.repeat(129)]: '1' })).rejects.toEqual(bad);
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, '']));
    await expect(tag(many)).rejects.toEqual(bad);
    await expect(tag({ a: '1' }, 'arn:nonsense')).rejects.toEqual(bad);
    await expect(tag({ a: '1' }, app.Arn.replace('us-east-1', 'eu-west-1'))).rejects.toEqual(bad);
    await expect(tag({ a: '1' }, app.Arn.replace(app.Id, 'nobody'))).rejects.toEqual(refusal('NotFoundException', 404));
    await expect(tag({ a: '1' }, `${app.Arn}/endpoints/x`)).rejects.toEqual(bad);
    expect(await tagsOf(app.Arn)).toEqual({});
  });

  it('of two calls at once both count', async () => {
    const app = await createApp('tags');
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        client.send(new TagResourceCommand({ ResourceArn: app.Arn, TagsModel: { tags: { [`k${index}`]: 'v' } } })),
      ),
    );
    expect(Object.keys((await tagsOf(app.Arn)) ?? {})).toHaveLength(20);
  });
});

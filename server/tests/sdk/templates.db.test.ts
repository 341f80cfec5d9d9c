/** Message templates through the real SDK. Numbers in brackets are the cases of dossier/messaging §18. */
import { randomBytes } from 'node:crypto';
import {
  CreateAppCommand,
  CreateEmailTemplateCommand,
  CreateInAppTemplateCommand,
  CreatePushTemplateCommand,
  CreateRecommenderConfigurationCommand,
  CreateSmsTemplateCommand,
  CreateVoiceTemplateCommand,
  DeleteAppCommand,
  DeleteEmailTemplateCommand,
  DeleteInAppTemplateCommand,
  DeletePushTemplateCommand,
  DeleteSmsTemplateCommand,
  DeleteVoiceTemplateCommand,
  type EmailTemplateRequest,
  GetEmailTemplateCommand,
  GetInAppTemplateCommand,
  GetPushTemplateCommand,
  GetSmsTemplateCommand,
  GetVoiceTemplateCommand,
  type InAppMessageContent,
  ListTagsForResourceCommand,
  ListTemplatesCommand,
  type ListTemplatesCommandInput,
  ListTemplateVersionsCommand,
  type MessageHeader,
  type PinpointClient,
  type SMSTemplateRequest,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateEmailTemplateCommand,
  UpdateInAppTemplateCommand,
  UpdatePushTemplateCommand,
  UpdateSmsTemplateCommand,
  UpdateTemplateActiveVersionCommand,
  UpdateVoiceTemplateCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { Notifications } from '../../src/database/index.ts';
import { findTemplate, TemplateLookup } from '../../src/domains/templates/index.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { MasterKey } from '../../src/kernel/master-key.ts';
import { callApi } from '../support/repoint-api.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { type Credentials, startTestServer, type TestAccount } from '../support/test-server.ts';

const testDatabase = await openTestDatabase();
const server = await startTestServer({ deployment: { testDatabase, masterKey: new MasterKey(randomBytes(32)) } });
const client = server.client();
const { accountId } = server.administrator;
const scope = { accountId, region: 'us-east-1' };

const refusal =
  (name: string, status: number) =>
  (message: RegExp | string = '') =>
    expect.objectContaining({
      ...{
        name,
        message: expect.stringMatching(message),
        $metadata: expect.objectContaining({ httpStatusCode: status }),
      },
    });
const bad = refusal('BadRequestException', 400);
const missing = refusal('NotFoundException', 404)();

let made = 0;
const newName = () => `template-${++made}`;
const arnOf = (name: string, type = 'EMAIL') =>
  `arn:aws:mobiletargeting:us-east-1:${accountId}:templates/${name}/${type}`;

async function createEmail(TemplateName: string, request: EmailTemplateRequest = { Subject: 'first' }, by = client) {
  return by.send(new CreateEmailTemplateCommand({ TemplateName, EmailTemplateRequest: request }));
}

async function getEmail(TemplateName: string, Version?: string) {
  const { EmailTemplateResponse } = await client.send(new GetEmailTemplateCommand({ TemplateName, Version }));
  return EmailTemplateResponse;
}

interface UpdateOptions {
  readonly CreateNewVersion?: boolean;
  readonly Version?: string;
}

async function updateEmail(TemplateName: string, request: EmailTemplateRequest, options: UpdateOptions = {}) {
  const { $metadata } = await client.send(
    new UpdateEmailTemplateCommand({ TemplateName, EmailTemplateRequest: request, ...options }),
  );
  expect($metadata.httpStatusCode).toBe(202);
}
const newVersion = (name: string, Subject: string) => updateEmail(name, { Subject }, { CreateNewVersion: true });

const deleteEmail = (TemplateName: string, Version?: string) =>
  client.send(new DeleteEmailTemplateCommand({ TemplateName, Version }));

async function activate(TemplateName: string, Version: string | undefined, TemplateType = 'EMAIL') {
  const { $metadata, MessageBody } = await client.send(
    new UpdateTemplateActiveVersionCommand({ TemplateName, TemplateType, TemplateActiveVersionRequest: { Version } }),
  );
  expect([$metadata.httpStatusCode, MessageBody?.RequestID]).toEqual([200, $metadata.requestId]);
}

async function versionsOf(TemplateName: string, TemplateType = 'EMAIL') {
  const { TemplateVersionsResponse } = await client.send(
    new ListTemplateVersionsCommand({ TemplateName, TemplateType, PageSize: '1000' }),
  );
  return TemplateVersionsResponse?.Item?.map(({ Version }) => Version);
}

async function list(input: ListTemplatesCommandInput, by = client) {
  const { TemplatesResponse } = await by.send(new ListTemplatesCommand(input));
  return TemplatesResponse;
}
const namesOf = async (input: ListTemplatesCommandInput, by = client) =>
  (await list(input, by))?.Item?.map(({ TemplateName, TemplateType }) => `${TemplateName}/${TemplateType}`);

async function createSms(request: SMSTemplateRequest, TemplateName = newName()) {
  return client.send(new CreateSmsTemplateCommand({ TemplateName, SMSTemplateRequest: request }));
}

const inAppElement: InAppMessageContent = {
  BackgroundColor: '#ffffff',
  HeaderConfig: { Alignment: 'LEFT', Header: 'Hello', TextColor: '#000000' },
  BodyConfig: { Alignment: 'LEFT', Body: 'World', TextColor: '#000000' },
};

describe('every kind of template', () => {
  const common = { DefaultSubstitutions: '{"User.UserId":"friend"}', TemplateDescription: 'of all members' };
  /** What the SDK calls each of them, with a body that has every member. */
  const kinds = [
    {
      type: 'EMAIL',
      content: {
        ...common,
        ...{ Subject: 's', HtmlPart: '<b>{{User.UserId}}</b>', TextPart: 't' },
        Headers: [{ Name: 'List-Unsubscribe', Value: '<https://example.com>' }],
      },
      create: CreateEmailTemplateCommand,
      get: GetEmailTemplateCommand,
      update: UpdateEmailTemplateCommand,
      remove: DeleteEmailTemplateCommand,
      body: 'EmailTemplateRequest',
      answer: 'EmailTemplateResponse',
    },
    {
      type: 'PUSH',
      content: {
        ...common,
        Default: { Action: 'URL', Body: 'b', Sound: 's', Title: 't', Url: 'https://example.com' },
        ADM: { RawContent: '{}', ImageUrl: 'i', ImageIconUrl: 'ii', SmallImageIconUrl: 'si' },
        APNS: { MediaUrl: 'm', RawContent: '{"aps":{}}' },
        Baidu: { Title: 'b' },
        GCM: { Action: 'OPEN_APP', Title: 'g' },
      },
      create: CreatePushTemplateCommand,
      get: GetPushTemplateCommand,
      update: UpdatePushTemplateCommand,
      remove: DeletePushTemplateCommand,
      body: 'PushNotificationTemplateRequest',
      answer: 'PushNotificationTemplateResponse',
    },
    {
      type: 'SMS',
      content: { ...common, Body: 'b' },
      create: CreateSmsTemplateCommand,
      get: GetSmsTemplateCommand,
      update: UpdateSmsTemplateCommand,
      remove: DeleteSmsTemplateCommand,
      body: 'SMSTemplateRequest',
      answer: 'SMSTemplateResponse',
    },
    {
      type: 'VOICE',
      content: { ...common, Body: 'b', LanguageCode: 'en-US', VoiceId: 'Joanna' },
      create: CreateVoiceTemplateCommand,
      get: GetVoiceTemplateCommand,
      update: UpdateVoiceTemplateCommand,
      remove: DeleteVoiceTemplateCommand,
      body: 'VoiceTemplateRequest',
      answer: 'VoiceTemplateResponse',
    },
    {
      type: 'INAPP',
      content: {
        TemplateDescription: 'of all members',
        Layout: 'CAROUSEL',
        CustomConfig: { theme: 'dark' },
        Content: [
          { ...inAppElement, ImageUrl: 'https://example.com/a.png' },
          {
            ...inAppElement,
            PrimaryBtn: {
              DefaultConfig: { ButtonAction: 'LINK', Text: 'Go', Link: 'https://example.com', BorderRadius: 4 },
              Android: { ButtonAction: 'DEEP_LINK', Link: 'app://x' },
            },
            SecondaryBtn: { DefaultConfig: { ButtonAction: 'CLOSE', Text: 'No' } },
          },
        ],
      },
      create: CreateInAppTemplateCommand,
      get: GetInAppTemplateCommand,
      update: UpdateInAppTemplateCommand,
      remove: DeleteInAppTemplateCommand,
      body: 'InAppTemplateRequest',
      answer: 'InAppTemplateResponse',
    },
  ] as const;

  it.each(kinds)('$type is created, read, changed and deleted, with all its members', async (kind) => {
    const { type, content, body, answer } = kind;
    const TemplateName = newName();
    // The commands of the five kinds differ in their bodies alone.
    const send = async (Command: unknown, input: object) => {
      const command = new (Command as new (input: object) => Parameters<typeof client.send>[0])(input);
      return (await client.send(command)) as unknown as Record<string, Record<string, unknown>>;
    };
    const created = await send(kind.create, { TemplateName, [body]: { ...content, tags: { team: 'crm' } } });
    expect(created['$metadata']?.['httpStatusCode']).toBe(201);
    const message = created['CreateTemplateMessageBody'] ?? created['TemplateCreateMessageBody'];
    expect(message).toEqual({
      Arn: arnOf(TemplateName, type),
      Message: 'Created',
      RequestID: created['$metadata']?.['requestId'],
    });
    const read = async () => (await send(kind.get, { TemplateName }))[answer];
    const first = await read();
    expect(first).toEqual({
      ...content,
      Arn: arnOf(TemplateName, type),
      CreationDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      LastModifiedDate: first?.['CreationDate'],
      ...{ TemplateName, TemplateType: type, Version: '1', tags: { team: 'crm' } },
    });
    // The body replaces the version: what it leaves out is gone. Tags of an update are ignored.
    const TemplateDescription = 'alone';
    const updated = await send(kind.update, { TemplateName, [body]: { TemplateDescription, tags: { other: '1' } } });
    expect(updated['$metadata']?.['httpStatusCode']).toBe(202);
    expect(updated['MessageBody']).toEqual({ Message: 'Accepted', RequestID: updated['$metadata']?.['requestId'] });
    const second = await read();
    expect(second).toEqual({
      ...{ TemplateDescription, Arn: arnOf(TemplateName, type), CreationDate: first?.['CreationDate'] },
      LastModifiedDate: expect.any(String),
      ...{ TemplateName, TemplateType: type, Version: '1', tags: { team: 'crm' } },
    });
    expect(String(second?.['LastModifiedDate']) > String(first?.['LastModifiedDate'])).toBe(true);
    const removed = await send(kind.remove, { TemplateName });
    expect([removed['$metadata']?.['httpStatusCode'], removed['MessageBody']?.['Message']]).toEqual([202, 'Accepted']);
    await expect(read()).rejects.toEqual(missing);
    await expect(send(kind.update, { TemplateName, [body]: {} })).rejects.toEqual(missing);
    await expect(send(kind.remove, { TemplateName })).rejects.toEqual(missing);
  });

  it('may have the name of one of another kind', async () => {
    const name = newName();
    await createEmail(name);
    await createSms({ Body: 'x' }, name);
    await deleteEmail(name);
    const { SMSTemplateResponse } = await client.send(new GetSmsTemplateCommand({ TemplateName: name }));
    expect(SMSTemplateResponse?.Body).toBe('x');
  });

  it('needs a body, which may be empty', async () => {
    const name = newName();
    const send = (call: string, body?: unknown) => callApi(server, call, { service: 'mobiletargeting', body });
    expect((await send(`POST /v1/templates/${name}/sms`)).status).toBe(400);
    expect((await send(`POST /v1/templates/${name}/sms`, [])).status).toBe(400);
    expect((await send(`POST /v1/templates/${name}/sms`, {})).status).toBe(201);
    // On the wire as in the model: the body is the template itself, members that no shape knows are dropped.
    expect((await send(`PUT /v1/templates/${name}/sms`, { Body: 'x', SMSTemplateRequest: { Body: 'y' } })).status).toBe(
      202,
    );
    expect((await send(`GET /v1/templates/${name}/sms`)).body).toMatchObject({ Body: 'x', TemplateName: name });
    expect((await send(`PUT /v1/templates/${name}/sms?create-new-version=yes`, {})).status).toBe(400);
  });
});

describe('a name', () => {
  it('[44] is case sensitive, begins with a letter or digit and has at most 128 characters', async () => {
    await createEmail('Foo', { Subject: 'large' });
    await createEmail('foo', { Subject: 'small' });
    expect([(await getEmail('Foo'))?.Subject, (await getEmail('foo'))?.Subject]).toEqual(['large', 'small']);
    await createEmail('x'.repeat(128));
    for (const name of ['_x', 'x'.repeat(129), 'a b', 'ä']) {
      await expect(createEmail(name)).rejects.toEqual(bad('TemplateName'));
    }
    await expect(getEmail('FOO')).rejects.toEqual(missing);
  });

  it('is taken once: 400, as the model knows no conflict; also when many ask at once', async () => {
    const name = newName();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => createEmail(name, { Subject: `${index}` })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toEqual(bad('already'));
    }
    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
    expect((await getEmail(name))?.Subject).toBe(`${winner}`);
  });

  it('belongs to one account and Region, and survives the deletion of a project', async () => {
    const name = newName();
    const { ApplicationResponse } = await client.send(
      new CreateAppCommand({ CreateApplicationRequest: { Name: 'templates' } }),
    );
    await createEmail(name);
    await client.send(new DeleteAppCommand({ ApplicationId: ApplicationResponse?.Id }));
    expect(await getEmail(name)).toMatchObject({ Subject: 'first' });
    const there = server.client({ region: 'eu-central-1' });
    const other = server.client({ credentials: await server.addAccount() });
    for (const stranger of [there, other]) {
      await expect(stranger.send(new GetEmailTemplateCommand({ TemplateName: name }))).rejects.toEqual(missing);
      expect(await namesOf({}, stranger)).toEqual([]);
      await createEmail(name, { Subject: 'theirs' }, stranger);
    }
    expect((await getEmail(name))?.Subject).toBe('first');
  });
});

describe('content', () => {
  it('[45] DefaultSubstitutions must be a JSON object', async () => {
    for (const DefaultSubstitutions of ['{', 'x', '[]', '"a"', 'null', '']) {
      await expect(createSms({ Body: 'x', DefaultSubstitutions })).rejects.toEqual(bad('^DefaultSubstitutions'));
    }
    const name = newName();
    await createSms({ Body: 'x', DefaultSubstitutions: '{"a":"1","b":2,"c":["d"]}' }, name);
    const change = new UpdateSmsTemplateCommand({
      ...{ TemplateName: name, SMSTemplateRequest: { DefaultSubstitutions: '{"a"' } },
    });
    await expect(client.send(change)).rejects.toEqual(bad('^DefaultSubstitutions'));
  });

  it('[45] of 1,601 characters is too long for an SMS; so it is for an update', async () => {
    const name = newName();
    await createSms({ Body: 'x'.repeat(1_600) }, name);
    await expect(createSms({ Body: 'x'.repeat(1_601) })).rejects.toEqual(bad('^Body must have at most 1600'));
    const change = new UpdateSmsTemplateCommand({
      ...{ TemplateName: name, SMSTemplateRequest: { Body: 'x'.repeat(1_601) } },
    });
    await expect(client.send(change)).rejects.toEqual(bad('^Body'));
    await expect(createSms({ TemplateDescription: 'x'.repeat(501) })).rejects.toEqual(bad('^TemplateDescription'));
  });

  it('[45] of an in-app template has at most five elements, each with header, body and background', async () => {
    const create = (Content: InAppMessageContent[]) =>
      client.send(new CreateInAppTemplateCommand({ TemplateName: newName(), InAppTemplateRequest: { Content } }));
    await create(Array.from({ length: 5 }, () => inAppElement));
    await expect(create(Array.from({ length: 6 }, () => inAppElement))).rejects.toEqual(bad('^Content may have'));
    for (const member of ['BackgroundColor', 'HeaderConfig', 'BodyConfig'] as const) {
      const { [member]: _left, ...element } = inAppElement;
      await expect(create([inAppElement, element])).rejects.toEqual(bad(`^Content\\[1\\].${member} is missing`));
    }
  });

  it('[75] may carry fifteen headers, none that every mail has, none that could break out', async () => {
    const create = (...Headers: MessageHeader[]) => createEmail(newName(), { Subject: 'x', Headers });
    const fifteen = Array.from({ length: 15 }, (_, index) => ({ Name: `X-${index}`, Value: 'v' }));
    await create(...fifteen);
    await expect(create(...fifteen, { Name: 'X-15', Value: 'v' })).rejects.toEqual(bad('^Headers may have'));
    await expect(create({ Name: 'X'.repeat(127), Value: 'v' })).rejects.toEqual(bad('^Headers\\[0\\]\\.Name'));
    await expect(create({ Name: 'X', Value: 'a\r\nBcc: b@example.com' })).rejects.toEqual(bad('line breaks'));
    await expect(create({ Name: 'From', Value: 'a@example.com' })).rejects.toEqual(bad('already'));
  });

  it('comes back as it was written, to the letter', async () => {
    const name = newName();
    const HtmlPart = '\u{1F600} <a href="{{Url}}">\u2028\\u0041\t"\'</a> __proto__';
    await createEmail(name, { HtmlPart, Subject: '' });
    expect(await getEmail(name)).toMatchObject({ HtmlPart, Subject: '' });
  });

  it('may name a recommender of the account alone', async () => {
    const { RecommenderConfigurationResponse } = await client.send(
      new CreateRecommenderConfigurationCommand({
        CreateRecommenderConfiguration: {
          RecommendationProviderUri: 'https://recommender.example',
          RecommendationProviderRoleArn: 'arn:aws:iam::123456789012:role/r',
          RecommendationsDisplayName: 'Books',
        },
      }),
    );
    const RecommenderId = RecommenderConfigurationResponse?.Id;
    const name = newName();
    await createEmail(name, { Subject: 'x', RecommenderId });
    expect((await getEmail(name))?.RecommenderId).toBe(RecommenderId);
    await expect(createEmail(newName(), { RecommenderId: 'f'.repeat(32) })).rejects.toEqual(bad('^RecommenderId'));
    await expect(updateEmail(name, { RecommenderId: 'unknown' })).rejects.toEqual(bad('^RecommenderId'));
    const other = server.client({ credentials: await server.addAccount() });
    await expect(createEmail(name, { RecommenderId }, other)).rejects.toEqual(bad('^RecommenderId'));
  });
});

describe('versions', () => {
  it('[39] begin with 1, which is active', async () => {
    const name = newName();
    await createEmail(name);
    expect(await getEmail(name)).toMatchObject({ Version: '1', Subject: 'first', Arn: arnOf(name) });
    expect(await getEmail(name, '1')).toEqual(await getEmail(name));
    await expect(getEmail(name, '2')).rejects.toEqual(missing);
    for (const version of ['0', '-1', 'x', '1.0', '99999999999']) {
      await expect(getEmail(name, version)).rejects.toEqual(bad('Version'));
    }
  });

  it('[40] are added without becoming active, are listed newest first, and become active when asked', async () => {
    const name = newName();
    await createEmail(name, { Subject: 'first', TemplateDescription: 'one', DefaultSubstitutions: '{"a":"b"}' });
    await newVersion(name, 'second');
    expect(await getEmail(name)).toMatchObject({ Version: '1', Subject: 'first' });
    expect(await getEmail(name, '2')).toMatchObject({ Version: '2', Subject: 'second' });
    const { TemplateVersionsResponse, $metadata } = await client.send(
      new ListTemplateVersionsCommand({ TemplateName: name, TemplateType: 'EMAIL' }),
    );
    const dates = { CreationDate: expect.any(String), LastModifiedDate: expect.any(String) };
    const shown = { ...dates, TemplateName: name, TemplateType: 'EMAIL' };
    expect(TemplateVersionsResponse).toEqual({
      Item: [
        { ...shown, Version: '2' },
        { ...shown, Version: '1', TemplateDescription: 'one', DefaultSubstitutions: '{"a":"b"}' },
      ],
      RequestID: $metadata.requestId,
    });
    await activate(name, 'latest');
    expect(await getEmail(name)).toMatchObject({ Version: '2', Subject: 'second' });
    await activate(name, '1');
    expect((await getEmail(name))?.Version).toBe('1');
  });

  it('latest and $LATEST, in any case, mean the newest at that moment', async () => {
    const name = newName();
    await createEmail(name);
    for (const [index, text] of ['LATEST', 'Latest', '$LATEST', '$latest'].entries()) {
      await newVersion(name, text);
      await activate(name, text);
      expect(await getEmail(name)).toMatchObject({ Version: String(index + 2), Subject: text });
    }
    await newVersion(name, 'later');
    expect((await getEmail(name))?.Version).toBe('5');
  });

  it('that do not exist cannot become active', async () => {
    const name = newName();
    await createEmail(name);
    await expect(activate(name, '2')).rejects.toEqual(missing);
    await expect(activate(newName(), 'latest')).rejects.toEqual(missing);
    await expect(activate(name, undefined)).rejects.toEqual(bad('Version is missing'));
    await expect(activate(name, 'newest')).rejects.toEqual(bad('Version'));
    await expect(activate(name, '1', 'FAX')).rejects.toEqual(bad('type'));
    await expect(versionsOf(newName())).rejects.toEqual(missing);
  });

  it('an update without parameters overwrites the latest, be it active or not', async () => {
    const name = newName();
    await createEmail(name);
    await updateEmail(name, { Subject: 'first again' });
    expect(await getEmail(name)).toMatchObject({ Version: '1', Subject: 'first again' });
    await newVersion(name, 'second');
    await updateEmail(name, { Subject: 'second again' }, { CreateNewVersion: false });
    expect((await getEmail(name))?.Subject).toBe('first again');
    expect((await getEmail(name, '2'))?.Subject).toBe('second again');
  });

  it('[41] an update that names a version must name the latest, and cannot ask for a new one too', async () => {
    const name = newName();
    await createEmail(name);
    await newVersion(name, 'second');
    await expect(updateEmail(name, {}, { Version: '1' })).rejects.toEqual(bad('latest version'));
    await expect(updateEmail(name, {}, { Version: '3' })).rejects.toEqual(bad('latest version'));
    await expect(updateEmail(name, {}, { Version: 'x' })).rejects.toEqual(bad('Version'));
    await expect(updateEmail(name, {}, { Version: '2', CreateNewVersion: true })).rejects.toEqual(bad('together'));
    await updateEmail(name, { Subject: 'guarded' }, { Version: '2' });
    expect((await getEmail(name, '2'))?.Subject).toBe('guarded');
  });

  it('of which one is active: that one cannot be deleted; the others can, and their numbers are burnt', async () => {
    const name = newName();
    await createEmail(name);
    await newVersion(name, 'second');
    await newVersion(name, 'third');
    await expect(deleteEmail(name, '1')).rejects.toEqual(bad('active version'));
    await deleteEmail(name, '3');
    expect(await versionsOf(name)).toEqual(['2', '1']);
    await expect(deleteEmail(name, '3')).rejects.toEqual(missing);
    await expect(activate(name, '3')).rejects.toEqual(missing);
    // The newest that is left is the latest.
    await updateEmail(name, { Subject: 'second again' }, { Version: '2' });
    await newVersion(name, 'fourth');
    expect(await versionsOf(name)).toEqual(['4', '2', '1']);
    await deleteEmail(name, '2');
    await activate(name, 'latest');
    expect(await getEmail(name)).toMatchObject({ Version: '4', Subject: 'fourth' });
  });

  it('the only one takes the template with it; a template without its versions is gone as a whole', async () => {
    const name = newName();
    await createEmail(name);
    await expect(deleteEmail(name, '2')).rejects.toEqual(missing);
    await deleteEmail(name, '1');
    await expect(getEmail(name)).rejects.toEqual(missing);
    await createEmail(name, { Subject: 'a new life' });
    await newVersion(name, 'second');
    await deleteEmail(name);
    await expect(versionsOf(name)).rejects.toEqual(missing);
    await createEmail(name, { Subject: 'another' });
    expect(await versionsOf(name)).toEqual(['1']);
  });

  it('that are added at once are all kept, and their numbers have no gaps', async () => {
    const name = newName();
    await createEmail(name, { Subject: '0' });
    await Promise.all(Array.from({ length: 20 }, (_, index) => newVersion(name, `${index + 1}`)));
    const versions = (await versionsOf(name)) as string[];
    expect(versions).toEqual(Array.from({ length: 21 }, (_, index) => String(21 - index)));
    const subjects = await Promise.all(
      versions.map(async (version) => Number((await getEmail(name, version))?.Subject)),
    );
    expect(subjects.sort((one, other) => one - other)).toEqual(Array.from({ length: 21 }, (_, index) => index));
  });

  it('changes of all kinds at once leave a template whose pointers point somewhere', async () => {
    const name = newName();
    await createEmail(name);
    const settled = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => {
        if (index % 4 === 0) return newVersion(name, `${index}`);
        if (index % 4 === 1) return activate(name, 'latest');
        // The first one stays: while it is the only one, to delete it would be to delete the template.
        if (index % 4 === 2) return deleteEmail(name, String(2 + (index % 7)));
        return updateEmail(name, { Subject: `over ${index}` });
      }),
    );
    for (const outcome of settled) {
      if (outcome.status === 'rejected') expect(outcome.reason.$metadata.httpStatusCode).toBeLessThan(500);
    }
    const { rows } = await sql<{ active: boolean; latest: boolean; burnt: boolean }>`
      select exists (select from template_versions where template_number = number and version = active_version) as active,
             latest_version = (select max(version) from template_versions where template_number = number) as latest,
             last_given = 11 as burnt
      from templates where name = ${name}`.execute(server.database.query);
    expect(rows).toEqual([{ active: true, latest: true, burnt: true }]);
  });

  it('are 5,000 a template at most; a deleted one makes room', async () => {
    const name = newName();
    await createEmail(name);
    await sql`
      insert into template_versions (template_number, version, content, created_at, last_modified_at)
      select number, version, '{}', now(), now() from templates, generate_series(2, 4999) as version
      where name = ${name}`.execute(server.database.query);
    await sql`update templates set latest_version = 4999, last_given = 4999 where name = ${name}`.execute(
      server.database.query,
    );
    await newVersion(name, 'the last');
    await expect(newVersion(name, 'too many')).rejects.toEqual(bad('at most 5000 versions'));
    await updateEmail(name, { Subject: 'overwriting is no new version' });
    await deleteEmail(name, '7');
    await newVersion(name, 'room again');
    expect((await getEmail(name, '5001'))?.Subject).toBe('room again');
  });
});

describe('the list of templates', () => {
  const ownClient = async () => server.client({ credentials: await server.addAccount() });

  it('[39] filters names by their beginning, and its items carry no ARN', async () => {
    const own = await ownClient();
    for (const name of ['news', 'old-news', 'New', 'neX', 'n_e'])
      await createEmail(name, { TemplateDescription: 'd' }, own);
    const listed = await list({ Prefix: 'ne' }, own);
    expect(listed?.Item?.map(({ TemplateName }) => TemplateName)).toEqual(['neX', 'news']);
    expect(listed?.Item?.[1]).toEqual({
      ...{ CreationDate: expect.any(String), LastModifiedDate: expect.any(String) },
      ...{ TemplateName: 'news', TemplateType: 'EMAIL', Version: '1' },
    });
    // None of them is a pattern.
    for (const prefix of ['n_', '_', '%', 'ne%', '~', '\u{10FFFF}']) {
      expect(await namesOf({ Prefix: prefix }, own)).toEqual(prefix === 'n_' ? ['n_e/EMAIL'] : []);
    }
  });

  it('filters by type, in any case, and knows INAPP', async () => {
    const own = await ownClient();
    await createEmail('a', {}, own);
    await own.send(new CreateSmsTemplateCommand({ TemplateName: 'a', SMSTemplateRequest: {} }));
    await own.send(new CreateInAppTemplateCommand({ TemplateName: 'b', InAppTemplateRequest: {} }));
    expect(await namesOf({}, own)).toEqual(['a/EMAIL', 'a/SMS', 'b/INAPP']);
    expect(await namesOf({ TemplateType: 'SMS' }, own)).toEqual(['a/SMS']);
    expect(await namesOf({ TemplateType: 'InApp' }, own)).toEqual(['b/INAPP']);
    expect(await namesOf({ TemplateType: 'EMAIL', Prefix: 'b' }, own)).toEqual([]);
    await expect(list({ TemplateType: 'FAX' }, own)).rejects.toEqual(bad('type'));
  });

  it('shows which version is active', async () => {
    const name = newName();
    await createEmail(name);
    await newVersion(name, 'second');
    const versionOf = async () => (await list({ Prefix: name }))?.Item?.map(({ Version }) => Version);
    expect(await versionOf()).toEqual(['1']);
    await activate(name, '2');
    expect(await versionOf()).toEqual(['2']);
  });

  it('comes page by page, as versions do, and its tokens are good for it alone', async () => {
    const own = await ownClient();
    const names = Array.from({ length: 5 }, (_, index) => `t${index}`);
    for (const name of names) await createEmail(name, {}, own);
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await list({ PageSize: '2', NextToken }, own);
      expect(page?.Item?.length).toBeLessThanOrEqual(2);
      seen.push(...(page?.Item ?? []).map(({ TemplateName }) => TemplateName));
      NextToken = page?.NextToken;
      if (seen.length === 2) {
        await expect(list({ NextToken })).rejects.toEqual(bad('token'));
        const versions = new ListTemplateVersionsCommand({ TemplateName: 't0', TemplateType: 'EMAIL', NextToken });
        await expect(own.send(versions)).rejects.toEqual(bad('token'));
      }
    } while (NextToken !== undefined);
    expect(seen).toEqual(names);
    for (const PageSize of ['0', 'x', '-1']) await expect(list({ PageSize }, own)).rejects.toEqual(bad('page-size'));

    const name = newName();
    await createEmail(name);
    for (let version = 2; version <= 5; version += 1) await newVersion(name, `${version}`);
    const readVersions = async (token: string | undefined) => {
      const input = { TemplateName: name, TemplateType: 'EMAIL', PageSize: '2', NextToken: token };
      return (await client.send(new ListTemplateVersionsCommand(input))).TemplateVersionsResponse;
    };
    const numbers: (string | undefined)[] = [];
    do {
      const page = await readVersions(NextToken);
      numbers.push(...(page?.Item ?? []).map(({ Version }) => Version));
      NextToken = page?.NextToken;
    } while (NextToken !== undefined);
    expect(numbers).toEqual(['5', '4', '3', '2', '1']);
  });

  it('ends at 20,000 templates an account and Region', async () => {
    const account = await server.addAccount();
    const own = server.client({ credentials: account });
    await sql`
      insert into templates (account_id, region, name, type, active_version, latest_version, last_given, created_at,
                             last_modified_at)
      select ${account.accountId}, 'us-east-1', 'filler-' || number, 'SMS', 1, 1, 1, now(), now()
      from generate_series(1, 19999) as number`.execute(server.database.query);
    await createEmail('the-last', {}, own);
    await expect(createEmail('too-many', {}, own)).rejects.toEqual(bad('at most 20000 templates'));
    await createEmail('elsewhere', {}, server.client({ credentials: account, region: 'eu-west-1' }));
    await own.send(new DeleteEmailTemplateCommand({ TemplateName: 'the-last' }));
    await createEmail('room-again', {}, own);
  });
});

describe('tags', () => {
  const tagsOf = async (ResourceArn: string, by: PinpointClient = client) =>
    (await by.send(new ListTagsForResourceCommand({ ResourceArn }))).TagsModel?.tags;

  it('are given at creation, changed by TagResource, and gone with the template', async () => {
    const name = newName();
    await createEmail(name, { Subject: 'x', tags: { team: 'crm' } });
    const ResourceArn = arnOf(name);
    await client.send(new TagResourceCommand({ ResourceArn, TagsModel: { tags: { stage: 'test' } } }));
    expect(await tagsOf(ResourceArn)).toEqual({ team: 'crm', stage: 'test' });
    expect((await getEmail(name))?.tags).toEqual({ team: 'crm', stage: 'test' });
    await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['team'] }));
    expect((await getEmail(name))?.tags).toEqual({ stage: 'test' });
    await deleteEmail(name);
    await expect(tagsOf(ResourceArn)).rejects.toEqual(missing);
    await expect(
      client.send(new TagResourceCommand({ ResourceArn, TagsModel: { tags: { ghost: '1' } } })),
    ).rejects.toEqual(missing);
    await createEmail(name);
    expect(await tagsOf(ResourceArn)).toEqual({});
  });

  it('follow the rules of all tags, and each type of a name has its own', async () => {
    const name = newName();
    await expect(createEmail(name, { tags: { 'aws:x': '1' } })).rejects.toEqual(bad('aws:'));
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v']));
    await expect(createEmail(name, { tags: many })).rejects.toEqual(bad('50 tags'));
    await createEmail(name, { tags: { of: 'email' } });
    await createSms({ tags: { of: 'sms' } }, name);
    expect(await tagsOf(arnOf(name, 'SMS'))).toEqual({ of: 'sms' });
    expect(await tagsOf(arnOf(name))).toEqual({ of: 'email' });
    await expect(tagsOf(arnOf(name, 'PUSH'))).rejects.toEqual(missing);
    await expect(tagsOf(arnOf(name, 'email'))).rejects.toEqual(bad('cannot be tagged'));
  });
});

describe('policies', () => {
  let users = 0;
  async function userWith(...statements: object[]): Promise<Credentials> {
    users += 1;
    const PolicyName = `templates-${users}`;
    const Document = { Version: '2012-10-17', Statement: statements };
    const policy = await callApi(server, 'POST /repoint/v1/policies', { body: { PolicyName, Document } });
    const user = await callApi(server, 'POST /repoint/v1/users', {
      body: { UserName: PolicyName, Policies: [PolicyName] },
    });
    const { body } = await callApi(server, `POST /repoint/v1/users/${PolicyName}/access-keys`);
    expect([policy.status, user.status]).toEqual([201, 201]);
    return { accessKeyId: body.AccessKeyId, secretAccessKey: body.SecretAccessKey };
  }
  const denied = refusal('ForbiddenException', 403)();
  const all = { Effect: 'Allow', Action: 'mobiletargeting:*', Resource: '*' };

  it('know the type in capitals, however a caller writes it', async () => {
    const [locked, open] = [newName(), newName()];
    await createEmail(locked);
    await createEmail(open);
    const credentials = await userWith(all, { Effect: 'Deny', Action: '*', Resource: arnOf(locked) });
    const by = server.client({ credentials });
    for (const TemplateType of ['EMAIL', 'email', 'Email']) {
      const versions = (TemplateName: string) =>
        by.send(new ListTemplateVersionsCommand({ TemplateName, TemplateType }));
      expect((await versions(open)).TemplateVersionsResponse?.Item).toHaveLength(1);
      await expect(versions(locked)).rejects.toEqual(denied);
      await expect(
        by.send(
          new UpdateTemplateActiveVersionCommand({
            ...{ TemplateName: locked, TemplateType, TemplateActiveVersionRequest: { Version: '1' } },
          }),
        ),
      ).rejects.toEqual(denied);
    }
    await expect(by.send(new GetEmailTemplateCommand({ TemplateName: locked }))).rejects.toEqual(denied);
  });

  it('may ask for the tags of a template', async () => {
    const [blue, red] = [newName(), newName()];
    await createEmail(blue, { Subject: 'x', tags: { team: 'blue' } });
    await createEmail(red, { Subject: 'x', tags: { team: 'red' } });
    const Condition = { StringEquals: { 'aws:ResourceTag/team': 'blue' } };
    const by = server.client({ credentials: await userWith({ ...all, Condition }) });
    const change = (TemplateName: string) =>
      by.send(new UpdateEmailTemplateCommand({ TemplateName, EmailTemplateRequest: { Subject: 'mine' } }));
    await change(blue);
    await expect(change(red)).rejects.toEqual(denied);
    await by.send(new ListTemplateVersionsCommand({ TemplateName: blue, TemplateType: 'email' }));
    await client.send(new TagResourceCommand({ ResourceArn: arnOf(blue), TagsModel: { tags: { team: 'red' } } }));
    await expect(change(blue)).rejects.toEqual(denied);
  });
});

describe('those who send', () => {
  const find = (reference: { name: string; version?: string }) =>
    findTemplate(server.database.query, scope, { type: 'EMAIL', ...reference });

  it('[42] find the active version, the newest, or the one that is named; nothing when it is not there', async () => {
    const name = newName();
    await createEmail(name, { Subject: 'first', DefaultSubstitutions: '{"a":"b"}' });
    await newVersion(name, 'second');
    expect(await find({ name })).toEqual({
      ...{ type: 'EMAIL', name, version: 1, defaults: { a: 'b' } },
      content: { Subject: 'first', DefaultSubstitutions: '{"a":"b"}' },
    });
    expect(await find({ name, version: '2' })).toMatchObject({
      version: 2,
      content: { Subject: 'second' },
      defaults: {},
    });
    for (const version of ['latest', 'LATEST', '$LATEST']) {
      expect(await find({ name, version })).toMatchObject({ version: 2 });
    }
    for (const version of ['3', '0', '-1', '', '1.0', 'active', '99999999999']) {
      expect(await find({ name, version })).toBeUndefined();
    }
    expect(await find({ name: newName() })).toBeUndefined();
    await activate(name, 'latest');
    expect(await find({ name })).toMatchObject({ version: 2 });
    const elsewhere = { ...scope, region: 'eu-central-1' };
    expect(await findTemplate(server.database.query, elsewhere, { type: 'EMAIL', name })).toBeUndefined();
    expect(await findTemplate(server.database.query, scope, { type: 'SMS', name })).toBeUndefined();
  });

  /** What another process has. */
  async function startLookup() {
    const logger = createLogger('silent');
    const notifications = new Notifications(testDatabase.connection, logger);
    const lookup = new TemplateLookup({ database: server.database, notifications });
    return { notifications, lookup };
  }

  it('have it from memory until it is changed anywhere', async () => {
    const { notifications, lookup } = await startLookup();
    await notifications.run();
    const name = newName();
    await createEmail(name);
    const read = (version?: string) => lookup.find(scope, { type: 'EMAIL', name, version });
    const first = await read();
    expect(read()).toBe(first);
    expect(await read('1')).toEqual(first);
    expect(await read('9')).toBeUndefined();
    expect(lookup.figures.characters).toBe(2 * 'first'.length);
    const changes: [() => Promise<unknown>, object | undefined][] = [
      [() => updateEmail(name, { Subject: 'over' }), { version: 1, content: { Subject: 'over' } }],
      [() => newVersion(name, 'second'), { version: 1 }],
      [() => activate(name, '2'), { version: 2, content: { Subject: 'second' } }],
      [() => deleteEmail(name, '1'), { version: 2 }],
      [() => deleteEmail(name), undefined],
    ];
    for (const [change, expected] of changes) {
      const known = await read();
      await change();
      await expect.poll(() => read()).not.toBe(known);
      const now = await read();
      if (expected === undefined) expect(now).toBeUndefined();
      else expect(now).toMatchObject(expected);
    }
    expect(lookup.figures.characters).toBe(0);
    await notifications.stop();
  });

  it('ask the database every time while no news can be heard', async () => {
    const { lookup } = await startLookup();
    const name = newName();
    await createEmail(name);
    const read = () => lookup.find(scope, { type: 'EMAIL', name });
    expect(await read()).not.toBe(await read());
    await updateEmail(name, { Subject: 'over' });
    expect(await read()).toMatchObject({ content: { Subject: 'over' } });
  });

  it('keep no more in memory than there is room for', async () => {
    const { notifications, lookup } = await startLookup();
    await notifications.run();
    const account: TestAccount = await server.addAccount();
    const own = server.client({ credentials: account });
    const theirs = { accountId: account.accountId, region: 'us-east-1' };
    const HtmlPart = 'x'.repeat(599_000);
    for (let index = 0; index < 30; index += 1) {
      await createEmail(`large-${index}`, { HtmlPart }, own);
      const found = await lookup.find(theirs, { type: 'EMAIL', name: `large-${index}` });
      expect(found?.content.HtmlPart).toHaveLength(599_000);
      // Asked for again and again: it stays.
      expect(await lookup.find(theirs, { type: 'EMAIL', name: 'large-0' })).toMatchObject({ name: 'large-0' });
    }
    expect(lookup.figures.characters).toBe(26 * 599_000);
    expect(lookup.find(theirs, { type: 'EMAIL', name: 'large-0' })).not.toBeInstanceOf(Promise);
    expect(lookup.find(theirs, { type: 'EMAIL', name: 'large-1' })).toBeInstanceOf(Promise);
    await notifications.stop();
  });
});

/** Erasing in files: listing them, deleting them for ever, and taking one person out (E9); on disk, and in S3 with versions. */
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  CreateAppCommand,
  CreateExportJobCommand,
  CreateImportJobCommand,
  GetExportJobCommand,
  GetImportJobCommand,
  PutEventsCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { LocalObjectStore } from '../../src/object-store/local.ts';
import type { ObjectStore } from '../../src/object-store/object-store.ts';
import { S3ObjectStore } from '../../src/object-store/s3.ts';
import { callApi } from '../support/repoint-api.ts';
import { s3Credentials, startUnreliableWay } from '../support/s3-server.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { startVersionedS3Server } from '../support/versioned-s3-server.ts';

const s3 = await startVersionedS3Server();
const way = await startUnreliableWay(s3);
// The standard chain reads them.
process.env['AWS_ACCESS_KEY_ID'] ??= s3Credentials.accessKeyId;
process.env['AWS_SECRET_ACCESS_KEY'] ??= s3Credentials.secretAccessKey;
const local = await startTestServer({ environment: { REPOINT_LOG_LEVEL: 'fatal' } });
const remote = await startTestServer({
  environment: { REPOINT_LOG_LEVEL: 'fatal', AWS_ENDPOINT_URL_S3: way.endpoint },
});
const s3Store = new S3ObjectStore({ endpoint: s3.endpoint, region: 'us-east-1', credentials: s3Credentials });

interface Deployment {
  readonly server: TestServer;
  readonly store: ObjectStore;
}
const deployments: Record<string, Deployment> = {
  'on disk': { server: local, store: new LocalObjectStore(join(local.dataDirectory, 'buckets')) },
  'in S3': { server: remote, store: s3Store },
};

const RoleArn = 'arn:aws:iam::111122223333:role/r';
const timeout = 120_000;
const lines = (...each: string[]) => `${each.join('\n')}\n`;
const person = (Id: string, more: object = {}) =>
  JSON.stringify({ Id, ChannelType: 'EMAIL', Address: `${Id}@example.com`, ...more });
const lea = [{ Type: 'ENDPOINT_ID', Value: 'LEA' }];

let made = 0;
beforeEach(() => {
  made += 1;
  way.misbehave([]);
  s3.meanwhile = undefined;
});

/** A project of its own for a test, and what a test does with it. */
async function openProject({ server, store }: Deployment) {
  const client = server.client();
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'files' } }),
  );
  const ApplicationId = ApplicationResponse?.Id as string;
  const api = `/repoint/v1/apps/${ApplicationId}`;
  const folder = `test-${made}`;
  const place = (key: string) => ({ bucket: 'crm', key: `${folder}/${key}` });
  const url = (key: string) => `s3://crm/${folder}/${key}`;
  const until = async <State>(read: () => Promise<State>, isOver: (state: State) => boolean): Promise<State> => {
    for (;;) {
      const state = await read();
      if (isOver(state)) return state;
      await new Promise((resume) => setTimeout(resume, 50));
    }
  };
  const isOver = (job: { JobStatus?: string | undefined } | undefined) =>
    job?.JobStatus === 'COMPLETED' || job?.JobStatus === 'FAILED';
  return {
    ...{ ApplicationId, api, folder, url, place, client, until },
    put: (key: string, content: string | Buffer) =>
      store.write(
        place(key),
        (async function* () {
          yield Buffer.from(content as string);
        })(),
      ),
    async read(key: string): Promise<Buffer | undefined> {
      const found = await store.find(place(key));
      if (found === undefined) return undefined;
      const chunks: Buffer[] = [];
      for await (const chunk of store.read(found, new AbortController().signal)) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    async import(key: string, Format: 'CSV' | 'JSON' = 'JSON'): Promise<string> {
      const ImportJobRequest = { RoleArn, Format, S3Url: url(key), RegisterEndpoints: true };
      const { ImportJobResponse } = await client.send(new CreateImportJobCommand({ ApplicationId, ImportJobRequest }));
      const JobId = ImportJobResponse?.Id as string;
      await until(
        async () => (await client.send(new GetImportJobCommand({ ApplicationId, JobId }))).ImportJobResponse,
        isOver,
      );
      return JobId;
    },
    async export(key: string): Promise<string> {
      const ExportJobRequest = { RoleArn, S3UrlPrefix: url(key) };
      const { ExportJobResponse } = await client.send(new CreateExportJobCommand({ ApplicationId, ExportJobRequest }));
      const JobId = ExportJobResponse?.Id as string;
      await until(
        async () => (await client.send(new GetExportJobCommand({ ApplicationId, JobId }))).ExportJobResponse,
        isOver,
      );
      return JobId;
    },
    async files(query = '') {
      const { status, body } = await callApi(server, `GET ${api}/files${query}`);
      expect(status).toBe(200);
      return body.Item;
    },
    ask: (body: object) => callApi(server, `POST ${api}/file-erasures`, { body }),
    async erase(body: object) {
      const answer = await callApi(server, `POST ${api}/file-erasures`, { body });
      expect(answer.body).toMatchObject({ Status: 'RECEIVED' });
      expect(answer.status).toBe(202);
      const path = `${api}/file-erasures/${answer.body.Id}`;
      const state = await until(
        async () => (await callApi(server, `GET ${path}`)).body,
        ({ Status }) => ['COMPLETED', 'PARTIALLY_COMPLETED', 'FAILED'].includes(Status),
      );
      return { ...state, kept: (await callApi(server, `GET ${path}/kept`)).body.Item };
    },
  };
}

describe.each(Object.entries(deployments))('files %s', { timeout }, (where, deployment) => {
  const versioned = where === 'in S3';

  it('E9 are listed: what imports read and exports wrote', async () => {
    const project = await openProject(deployment);
    await project.put('in/a.json', lines(person('lea'), person('tom')));
    await project.put('in/b.csv', lines('Id,ChannelType,Address', 'mia,EMAIL,mia@example.com'));
    const [json, csv] = [await project.import('in/a.json'), await project.import('in/b.csv', 'CSV')];
    const exported = await project.export('out');
    const part = `out/${exported}/part-00000.gz`;
    expect(await project.files()).toEqual([
      expect.objectContaining({ Url: project.url('in/a.json'), Source: 'IMPORT', JobId: json }),
      expect.objectContaining({ Url: project.url('in/b.csv'), Source: 'IMPORT', JobId: csv, Bytes: 49 }),
      expect.objectContaining({ Url: project.url(part), Source: 'EXPORT', JobId: exported }),
    ]);
    expect(await project.files(`?job-id=${csv}`)).toHaveLength(1);
    expect(await project.files(`?prefix=${encodeURIComponent(project.url('in/'))}`)).toHaveLength(2);
    const { body } = await callApi(deployment.server, `GET ${project.api}/files?page-size=2`);
    expect(body.Item).toHaveLength(2);
    expect(await project.files(`?page-size=2&token=${body.NextToken}`)).toHaveLength(1);
  });

  it('E9 are deleted with all that the store keeps of them, and listed as deleted', async () => {
    const project = await openProject(deployment);
    await project.put('a.json', lines(person('lea')));
    await project.put('a.json', lines(person('tom')));
    await project.put('a.json.bak', 'other');
    await project.import('a.json');
    const before = versioned ? 2 : 1;
    const dry = await project.erase({ Action: 'DELETE', Url: project.url('a.json'), DryRun: true });
    expect(dry).toMatchObject({ Status: 'COMPLETED', DryRun: true, VersionsFound: before, VersionsRemoved: 0 });
    expect(await project.read('a.json')).toBeDefined();
    const state = await project.erase({ Action: 'DELETE', Url: project.url('a.json') });
    expect(state).toMatchObject({ Status: 'COMPLETED', Files: 1, VersionsRemoved: before, Kept: 0, kept: [] });
    expect(await deployment.store.findVersions(project.place('a.json'))).toEqual([]);
    expect(await project.read('a.json.bak')).toBeDefined();
    expect(await project.files()).toEqual([expect.objectContaining({ DeletionDate: expect.stringMatching(/Z$/) })]);
    // Again: nothing is there, and that is no fault.
    expect(await project.erase({ Action: 'DELETE', Url: project.url('a.json') })).toMatchObject({
      ...{ Status: 'COMPLETED', VersionsFound: 0, VersionsRemoved: 0 },
    });
  });

  it('E9 of a job are deleted, and no others', async () => {
    const project = await openProject(deployment);
    await project.put('a.json', lines(person('lea')));
    await project.import('a.json');
    const [first, second] = [await project.export('out'), await project.export('out')];
    expect(await project.erase({ Action: 'DELETE', JobId: first })).toMatchObject({
      ...{ Status: 'COMPLETED', JobId: first, Files: 1, VersionsRemoved: 1 },
    });
    expect(await project.read(`out/${first}/part-00000.gz`)).toBeUndefined();
    expect(await project.read(`out/${second}/part-00000.gz`)).toBeDefined();
    expect(await project.read('a.json')).toBeDefined();
  });

  it('E9 below a prefix are deleted, unless others have files there', async () => {
    const project = await openProject(deployment);
    await project.put('in/a.json', lines(person('lea')));
    await project.put('in/deep/unlisted', 'x');
    await project.put('in-2/b', 'x');
    await project.import('in/a.json');
    const other = await openProject(deployment);
    await other.put('in/deep/theirs.json', lines(person('x')));
    await other.import('in/deep/theirs.json');
    const request = { Action: 'DELETE', Prefix: project.url('in/') };
    expect(await project.ask(request)).toMatchObject({ status: 409, errorType: 'ConflictException' });
    expect(await project.read('in/a.json')).toBeDefined();
    await other.erase({ Action: 'DELETE', Url: other.url('in/deep/theirs.json') });
    const state = await project.erase(request);
    expect(state).toMatchObject({ Status: 'COMPLETED', VersionsFound: 2, VersionsRemoved: 2 });
    for (const key of ['in/a.json', 'in/deep/unlisted']) expect(await project.read(key)).toBeUndefined();
    expect(await project.read('in-2/b')).toBeDefined();
    expect((await project.files())[0].DeletionDate).toBeDefined();
  });

  it('E9 lose the rows of one person, and nothing else changes; E17 nothing is found afterwards', async () => {
    const project = await openProject(deployment);
    const others = Array.from({ length: 3000 }, (_, row) => person(`p${row}`, { Attributes: { n: [`ü${row}`] } }));
    const json = lines(...others.slice(0, 1500), person('lea'), ...others.slice(1500), person('Lea'));
    const csv = '\u{feff}Id,Address,ChannelType\r\nx,x@b.ch,EMAIL\r\nlea,"lea ""x""@b.ch",EMAIL\r\ny,y@b.ch,EMAIL\r\n';
    await project.put('a.json.gz', gzipSync(json));
    await project.put('b.csv', csv);
    await project.put('c.json', lines(others[0] as string));
    const untouched = await deployment.store.find(project.place('c.json'));
    await project.import('a.json.gz');
    await project.import('b.csv', 'CSV');
    await project.import('c.json');
    const exported = await project.export('out');
    const dry = await project.erase({ Action: 'REWRITE', Identities: lea, DryRun: true });
    expect(dry).toMatchObject({ Status: 'COMPLETED', Files: 4, RowsFound: 4, RowsErased: 0 });
    expect(gunzipSync((await project.read('a.json.gz')) as Buffer).toString()).toBe(json);
    const state = await project.erase({ Action: 'REWRITE', Identities: lea });
    expect(state).toMatchObject({ Status: 'COMPLETED', Files: 4, RowsFound: 4, RowsErased: 4, Kept: 0 });
    expect(gunzipSync((await project.read('a.json.gz')) as Buffer).toString()).toBe(lines(...others));
    expect((await project.read('b.csv'))?.toString()).toBe(csv.replace('lea,"lea ""x""@b.ch",EMAIL\r\n', ''));
    const part = gunzipSync((await project.read(`out/${exported}/part-00000.gz`)) as Buffer).toString();
    expect(part.split('\n').filter((line) => /"Id":"lea"/i.test(line))).toEqual([]);
    expect(await deployment.store.find(project.place('c.json'))).toEqual(untouched);
    for (const key of ['a.json.gz', 'b.csv']) {
      expect(await deployment.store.findVersions(project.place(key))).toHaveLength(1);
    }
    const after = await project.erase({ Action: 'REWRITE', Identities: lea, DryRun: true });
    expect(after).toMatchObject({ Status: 'COMPLETED', RowsFound: 0 });
  });

  it('E9 that cannot be looked through are named, and keep it from being complete', async () => {
    const project = await openProject(deployment);
    await project.put('a.json', lines(person('lea'), person('tom')));
    await project.put('zip.json', Buffer.from('PK\u{3}\u{4}lea'));
    await project.put('half.json.gz', gzipSync(lines(person('lea'))).subarray(0, 40));
    for (const key of ['a.json', 'zip.json', 'half.json.gz']) await project.import(key);
    const state = await project.erase({ Action: 'REWRITE', Identities: lea });
    expect(state).toMatchObject({ Status: 'PARTIALLY_COMPLETED', RowsFound: 1, RowsErased: 1, Kept: 2 });
    expect(state.kept).toEqual([
      expect.objectContaining({
        Url: project.url('half.json.gz'),
        Reason: 'The gzip file is damaged or not whole',
      }),
      expect.objectContaining({ Url: project.url('zip.json'), Reason: 'The file is a ZIP archive' }),
    ]);
    expect((await project.read('a.json'))?.toString()).toBe(lines(person('tom')));
  });

  it('E3 refuses what could mean more than it says, and touches nothing', async () => {
    const project = await openProject(deployment);
    await project.put('a.json', lines(person('lea')));
    await project.import('a.json');
    const rewrite = (Type: string, Value: unknown) => ({ Action: 'REWRITE', Identities: [{ Type, Value }] });
    for (const [request, message] of [
      [{ Action: 'REWRITE' }, /Identities is required/],
      [{ Action: 'REWRITE', Identities: [] }, /Identities is required/],
      [rewrite('ENDPOINT_ID', ''), /Value/],
      [rewrite('ENDPOINT_ID', ' '), /Identities\[0\]\.Value must not be empty/],
      [rewrite('ENDPOINT_ID', null), /Value/],
      [rewrite('USER_ID', '*'), /must name one person/],
      [rewrite('USER_ID', 'null'), /must name one person/],
      [rewrite('ADDRESS_SHA256', 'abc'), /SHA-256/],
      [{ Action: 'DELETE' }, /One of Url, JobId and Prefix/],
      [{ Action: 'DELETE', Url: project.url('a.json'), JobId: 'x' }, /Only one of/],
      [{ Action: 'DELETE', Url: project.url('a.json'), Identities: lea }, /REWRITE only/],
      [{ Action: 'DELETE', Url: 's3://crm/' }, /Url must be/],
      [{ Action: 'DELETE', Prefix: 's3://crm/' }, /Prefix must be/],
      [{ Action: 'DELETE', Prefix: project.url('a') }, /Prefix must be/],
    ] as const) {
      const { status, body } = await project.ask(request);
      expect([status, body.Message], JSON.stringify(request)).toEqual([400, expect.stringMatching(message)]);
    }
    for (const request of [{ Url: project.url('b.json') }, { JobId: 'none' }, { Prefix: 's3://crm/none/' }]) {
      expect((await project.ask({ Action: 'DELETE', ...request })).status).toBe(404);
    }
    expect(await project.read('a.json')).toBeDefined();
  });

  it('E20 keeps nothing of whom it was about', async () => {
    const project = await openProject(deployment);
    await project.put('a.json', lines(person('lea')));
    await project.import('a.json');
    const marker = `marker-${made}-${where}`;
    await project.erase({ Action: 'REWRITE', Identities: [{ Type: 'USER_ID', Value: marker }] });
    const { rows } = await sql<{ text: string }>`
      select concat(file_erasures, (select string_agg(audit_entries::text, '') from audit_entries)) as text
      from file_erasures join projects on number = project_number where projects.id = ${project.ApplicationId}`.execute(
      deployment.server.database.query,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.text).not.toContain(marker);
    const sealed = await sql`select from file_erasures where sealed_identities is not null`.execute(
      deployment.server.database.query,
    );
    expect(sealed.rows).toEqual([]);
  });

  it('E9 of an event stream are listed and rewritten', async () => {
    const project = await openProject(deployment);
    const { ApplicationId, client, api } = project;
    const { status } = await callApi(deployment.server, `PUT ${api}/event-stream-destination`, {
      body: { Files: { Url: project.url('stream'), Seconds: 1 } },
    });
    expect(status).toBe(200);
    const Timestamp = new Date().toISOString();
    const of = (Address: string) => ({
      Endpoint: { ChannelType: 'EMAIL', Address },
      Events: { one: { EventType: 'opened', Timestamp } },
    });
    await client.send(
      new PutEventsCommand({
        ApplicationId,
        EventsRequest: { BatchItem: { lea: of('lea@example.com'), tom: of('tom@example.com') } },
      } as ConstructorParameters<typeof PutEventsCommand>[0]),
    );
    const text = async () => {
      const found = await project.files();
      const written = found.filter(({ Bytes }: { Bytes?: number }) => Bytes !== undefined);
      const contents = await Promise.all(
        written.map(({ Url }: { Url: string }) => project.read(Url.slice(`s3://crm/${project.folder}/`.length))),
      );
      return contents.map((content) => gunzipSync(content as Buffer).toString()).join('');
    };
    await project.until(text, (all) => all.includes('"lea"') && all.includes('"tom"'));
    const state = await project.erase({ Action: 'REWRITE', Identities: lea });
    expect(state).toMatchObject({ Status: 'COMPLETED', RowsFound: 1, RowsErased: 1 });
    const left = await text();
    expect(left).not.toContain('lea');
    expect(left).toContain('"tom"');
    expect((await project.files())[0]).toMatchObject({ Source: 'EVENT_STREAM', Sha256: expect.any(String) });
  });
});

describe('in S3 with versions', { timeout }, () => {
  const deployment = deployments['in S3'] as Deployment;

  it('E9 loses former versions with the person, and keeps those without', async () => {
    const project = await openProject(deployment);
    for (const ids of [['tom'], ['lea', 'tom'], ['mia'], ['lea', 'mia']]) {
      await project.put('a.json', lines(...ids.map((id) => person(id))));
    }
    await project.import('a.json');
    const state = await project.erase({ Action: 'REWRITE', Identities: lea });
    expect(state).toMatchObject({ Status: 'COMPLETED', RowsFound: 2, RowsErased: 2, VersionsRemoved: 2 });
    const left = await deployment.store.findVersions(project.place('a.json'));
    expect(left.map(({ isCurrent, bytes }) => [isCurrent, bytes])).toEqual([
      [true, lines(person('mia')).length],
      [false, lines(person('mia')).length],
      [false, lines(person('tom')).length],
    ]);
  });

  it('E9 finds the person in a file of which only a mark of deletion is seen', async () => {
    const project = await openProject(deployment);
    await project.put('a.json', lines(person('lea')));
    await project.import('a.json');
    await deployment.store.remove(project.place('a.json'));
    const state = await project.erase({ Action: 'REWRITE', Identities: lea });
    expect(state).toMatchObject({ Status: 'COMPLETED', RowsErased: 1, VersionsRemoved: 1 });
    const left = await deployment.store.findVersions(project.place('a.json'));
    expect(left.map(({ kind }) => kind)).toEqual(['delete marker']);
  });

  it.each(['DELETE', 'REWRITE'] as const)('E9 %s names locked and archived versions', async (Action) => {
    const project = await openProject(deployment);
    for (const ids of [['lea'], ['lea', 'a'], ['lea', 'b']]) {
      await project.put('a.json', lines(...ids.map((id) => person(id))));
    }
    await project.import('a.json');
    const { key } = project.place('a.json');
    const [first, second] = s3.versions(key).map(({ versionId }) => versionId) as [string, string];
    s3.lock(key, first, { hold: true });
    s3.lock(key, second, { until: new Date('2031-01-01T00:00:00Z') });
    const what = Action === 'DELETE' ? { Url: project.url('a.json') } : { Identities: lea };
    const state = await project.erase({ Action, ...what });
    expect(state).toMatchObject({ Status: 'PARTIALLY_COMPLETED', VersionsRemoved: 1 });
    const reasons = state.kept.map(({ VersionId, Reason }: { VersionId?: string; Reason: string }) => [
      VersionId,
      Reason,
    ]);
    expect(reasons).toContainEqual([first, 'A legal hold of the object store keeps it.']);
    expect(reasons).toContainEqual([second, 'Object Lock (COMPLIANCE) keeps it until 2031-01-01T00:00:00.000Z.']);
    if (Action === 'REWRITE') expect((await project.read('a.json'))?.toString()).toBe(lines(person('b')));
    s3.archive(key, second);
    const again = await project.erase({ Action: 'REWRITE', Identities: lea });
    expect(again).toMatchObject({ Status: 'PARTIALLY_COMPLETED', Kept: 1 });
    expect(again.kept[0]).toMatchObject({ VersionId: second, Reason: expect.stringMatching('archived') });
  });

  it('E9 gives way to who writes the file between finding and rewriting, and takes the person out of that too', async () => {
    const project = await openProject(deployment);
    await project.put('a.json', lines(person('lea'), person('old')));
    await project.import('a.json');
    let times = 2;
    s3.meanwhile = async (request) => {
      if (!request.startsWith(`PUT ${project.place('a.json').key}?`) || times === 0) return;
      times -= 1;
      await project.put('a.json', lines(person('new'), person('lea')));
    };
    const state = await project.erase({ Action: 'REWRITE', Identities: lea });
    expect(times).toBe(0);
    expect(state).toMatchObject({ Status: 'COMPLETED', Kept: 0 });
    expect((await project.read('a.json'))?.toString()).toBe(lines(person('new')));
    expect(await deployment.store.findVersions(project.place('a.json'))).toHaveLength(1);
  });

  it('E16 goes on when the store comes back that went away in the middle', async () => {
    const project = await openProject(deployment);
    for (const key of ['a.json', 'b.json', 'c.json']) {
      await project.put(key, lines(person('lea'), person('tom')));
      await project.import(key);
    }
    const gone = new Promise<void>((resume) => {
      s3.meanwhile = (request) => {
        if (!request.startsWith(`PUT ${project.place('b.json').key}?`)) return;
        s3.meanwhile = undefined;
        way.misbehave({ always: '500' });
        resume();
      };
    });
    const done = project.erase({ Action: 'REWRITE', Identities: lea });
    await gone;
    await new Promise((resume) => setTimeout(resume, 3000));
    way.misbehave([]);
    expect(await done).toMatchObject({ Status: 'COMPLETED', RowsFound: 3, Files: 3, Kept: 0 });
    for (const key of ['a.json', 'b.json', 'c.json']) {
      expect((await project.read(key))?.toString()).toBe(lines(person('tom')));
      expect(await deployment.store.findVersions(project.place(key))).toHaveLength(1);
    }
  });
});

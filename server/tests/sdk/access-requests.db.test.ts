/** E21: what is held on somebody, as an archive: complete, for a while, behind a link, and gone when they are erased. */
import { existsSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { extract } from 'tar-stream';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keepArchives } from '../../src/domains/erasure/access/job-definition.ts';
import { enqueue } from '../../src/jobs/index.ts';
import { erase, identity, importRows, newProject, plant, sendCode } from '../support/erasure.ts';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

let ahead = 0;
const server = await startTestServer({ clock: { now: () => new Date(Date.now() + ahead) } });
let ApplicationId: string;
let mark: string;
beforeEach(async () => {
  ahead = 0;
  ApplicationId = await newProject(server);
  mark = `zq${Math.floor(Math.random() * 1e12)}`;
});

const path = () => `/repoint/v1/apps/${ApplicationId}/access-requests`;
const somebody = () => ({ id: `e-${mark}`, userId: `u-${mark}`, email: `m-${mark}@example.com` });
const email = () => identity('EMAIL', `M-${mark}@Example.com`);
const archives = () => globSync('buckets/repoint/access/*/*.tar.gz', { cwd: server.dataDirectory });

async function ask(body: object = { Identities: [email()] }) {
  const asked = await callApi(server, `POST ${path()}`, { body });
  expect(asked.status, JSON.stringify(asked.body)).toBe(202);
  return vi.waitFor(
    async () => {
      const { body: found } = await callApi(server, `GET ${path()}/${asked.body.Id}`);
      expect(found.State, found.Fault).toBe('COMPLETED');
      return found;
    },
    { timeout: 30_000, interval: 50 },
  );
}

const get = (url: string, method = 'GET') => fetch(new URL(url, server.origin), { method });

async function unpack(url: string): Promise<ReadonlyMap<string, string>> {
  const answer = await get(url);
  expect(answer.status).toBe(200);
  const files = new Map<string, string>();
  const entries = extract();
  Readable.fromWeb(answer.body as import('node:stream/web').ReadableStream)
    .pipe(createGunzip())
    .pipe(entries);
  for await (const entry of entries) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    files.set(entry.header.name, Buffer.concat(chunks).toString());
  }
  return files;
}

function rowsOf(files: ReadonlyMap<string, string>, kind: 'json' | 'csv', place: string) {
  const slug = place.replace(/[^a-z0-9]+/gi, '-');
  return [...files]
    .filter(([name]) => new RegExp(`^${kind}/${slug}\\.\\d+\\.${kind}$`).test(name))
    .flatMap(([, text]) =>
      kind === 'json'
        ? (JSON.parse(text) as Record<string, unknown>[])
        : (parse(text, { columns: true }) as Record<string, unknown>[]),
    );
}

async function plantEverywhere(): Promise<void> {
  await plant(server, ApplicationId, somebody());
  await sendCode(server, ApplicationId, '+12065550199');
  const folder = join(server.dataDirectory, 'buckets', 'people', mark);
  mkdirSync(folder, { recursive: true });
  const row = {
    ChannelType: 'EMAIL',
    Address: `m-${mark}@example.com`,
    Id: `e-${mark}`,
    User: { UserId: `u-${mark}` },
  };
  const other = { ChannelType: 'EMAIL', Address: 'other@example.com', Id: 'other', Attributes: { note: ['nobody'] } };
  writeFileSync(join(folder, 'rows.json'), `${JSON.stringify(row)}\n${JSON.stringify(other)}\n`);
  await importRows(server, ApplicationId, `s3://people/${mark}/rows.json`);
}

describe('E21: the archive of a person', () => {
  it('has every row that the search finds in every place, as JSON and as CSV', async () => {
    await plantEverywhere();
    const hold = { Fields: ['events.*'], Reason: 'law', EndDate: '2036-01-01T00:00:00.000Z' };
    expect((await callApi(server, `POST /repoint/v1/apps/${ApplicationId}/erasure-holds`, { body: hold })).status).toBe(
      201,
    );
    const { body: preview } = await callApi(server, `POST /repoint/v1/apps/${ApplicationId}/erasure-previews`, {
      body: { Identities: [email()] },
    });
    const done = await ask();
    const found = new Map<string, number>(
      done.Locations.map(({ Name, Found }: { Name: string; Found: number }) => [Name, Found]),
    );
    const files = await unpack(done.DownloadUrl);
    const full: string[] = [];
    for (const { Name, Found } of preview.Locations as { Name: string; Found: number }[]) {
      // The request itself is the one thing that came since.
      const expected = Name === 'archives of access requests' ? Found + 1 : Found;
      expect([Name, found.get(Name)]).toEqual([Name, expected]);
      expect([Name, rowsOf(files, 'json', Name).length]).toEqual([Name, expected]);
      expect([Name, rowsOf(files, 'csv', Name).length]).toEqual([Name, expected]);
      if (expected > 0) full.push(Name);
    }
    expect(full).toEqual(
      expect.arrayContaining([
        ...['endpoints', 'users', 'events of endpoints', 'outbox messages to endpoints', 'import and export files'],
        'archives of access requests',
      ]),
    );
    const manifest = JSON.parse(files.get('manifest.json') ?? '');
    expect(manifest.places).toEqual([...found].map(([name, rows]) => ({ name, rows })));
    const [endpoint] = rowsOf(files, 'json', 'endpoints');
    expect(JSON.stringify(endpoint)).toContain(`nick-e-${mark}`);
    expect(JSON.stringify(rowsOf(files, 'json', 'import and export files'))).toContain(`e-${mark}`);
    expect([...files.values()].join()).not.toContain('other@example.com');
  });

  it('has what holds keep of somebody who was erased', async () => {
    await plant(server, ApplicationId, somebody());
    const hold = { Fields: ['endpoints.*'], Reason: 'law', EndDate: '2036-01-01T00:00:00.000Z' };
    await callApi(server, `POST /repoint/v1/apps/${ApplicationId}/erasure-holds`, { body: hold });
    await erase(server, ApplicationId, { Identities: [email()] });
    const done = await ask({ Identities: [identity('ENDPOINT_ID', `e-${mark}`)] });
    const held = rowsOf(await unpack(done.DownloadUrl), 'json', 'kept under legal holds');
    expect(held).toHaveLength(1);
    expect(JSON.stringify(held)).toContain(mark);
  });

  it('of an identity that is nobody’s is empty', async () => {
    const done = await ask();
    const rows = done.Locations.filter(({ Name }: { Name: string }) => Name !== 'archives of access requests');
    expect(rows.every(({ Found }: { Found: number }) => Found === 0)).toBe(true);
    expect([...(await unpack(done.DownloadUrl)).keys()]).toContain('manifest.json');
  });
});

describe('E21: the link to it', () => {
  it('gives nothing when it is changed, has expired, or the archive was deleted', async () => {
    await plant(server, ApplicationId, somebody());
    const done = await ask({ Identities: [email()], ExpiresInHours: 1 });
    const head = await get(done.DownloadUrl, 'HEAD');
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(done.Bytes)]);
    expect(head.headers.get('cache-control')).toBe('no-store');
    for (const url of [
      done.DownloadUrl.slice(0, -1),
      `${done.DownloadUrl}A`,
      '/access-archives/',
      '/access-archives/x',
    ]) {
      expect([url, (await get(url)).status]).toEqual([url, 404]);
    }
    expect((await get(done.DownloadUrl)).status).toBe(200);
    expect((await callApi(server, `GET ${path()}/${done.Id}`)).body.Downloads).toBe(1);
    ahead = 3_600_000;
    expect((await get(done.DownloadUrl)).status).toBe(404);
    ahead = 0;
    expect((await callApi(server, `DELETE ${path()}/${done.Id}`)).status).toBe(200);
    expect((await get(done.DownloadUrl)).status).toBe(404);
    expect((await callApi(server, `GET ${path()}/${done.Id}`)).status).toBe(404);
  });

  it('leads to a file that goes when its time is over, and when nobody knows of it', async () => {
    const done = await ask({ Identities: [email()], ExpiresInHours: 1 });
    const mine = archives();
    const folder = join(server.dataDirectory, mine[0] as string, '..');
    writeFileSync(join(folder, 'of-nobody.tar.gz'), 'x');
    const keep = async () => {
      await enqueue(server.database.query, keepArchives, {});
      await vi.waitFor(() => expect(existsSync(join(folder, 'of-nobody.tar.gz'))).toBe(false), 10_000);
    };
    await keep();
    expect((await get(done.DownloadUrl)).status).toBe(200);
    ahead = 3_600_000;
    writeFileSync(join(folder, 'of-nobody.tar.gz'), 'x');
    await keep();
    ahead = 0;
    const { body } = await callApi(server, `GET ${path()}/${done.Id}`);
    expect([body.State, body.DownloadUrl]).toEqual(['EXPIRED', undefined]);
    expect((await get(done.DownloadUrl)).status).toBe(404);
  });

  it('ends with the erasure of the person, by any of their names', async () => {
    await plant(server, ApplicationId, somebody());
    const done = await ask();
    const before = archives().length;
    const erased = await erase(server, ApplicationId, { Identities: [identity('USER_ID', `u-${mark}`)] });
    expect(erased.State).toBe('COMPLETED');
    const counted = erased.Locations.find(({ Name }: { Name: string }) => Name === 'archives of access requests');
    expect(counted).toMatchObject({ Found: 1, Erased: 1 });
    expect(archives()).toHaveLength(before - 1);
    expect((await get(done.DownloadUrl)).status).toBe(404);
    expect((await callApi(server, `GET ${path()}/${done.Id}`)).status).toBe(404);
  });
});

describe('E21: an access request', () => {
  it('is the same when it is asked for again, and another one under its name is refused', async () => {
    const body = { Identities: [email()], RequestId: `r-${mark}` };
    const [one, other] = [
      await callApi(server, `POST ${path()}`, { body }),
      await callApi(server, `POST ${path()}`, { body }),
    ];
    expect(other.body.Id).toBe(one.body.Id);
    const another = { ...body, Identities: [identity('USER_ID', 'somebody else')] };
    expect((await callApi(server, `POST ${path()}`, { body: another })).status).toBe(409);
    const { body: page } = await callApi(server, `GET ${path()}`);
    expect(page.Item.map(({ Id }: { Id: string }) => Id)).toEqual([one.body.Id]);
    expect(JSON.stringify(page)).not.toContain('example.com');
  });

  it.each([
    ['nobody', { Identities: [] }],
    ['a wildcard', { Identities: [identity('USER_ID', '*')] }],
    ['an empty identity', { Identities: [identity('EMAIL', '')] }],
    ['no time', { Identities: [identity('USER_ID', 'a')], ExpiresInHours: 0 }],
    ['too long a time', { Identities: [identity('USER_ID', 'a')], ExpiresInHours: 721 }],
    ['an empty name', { Identities: [identity('USER_ID', 'a')], RequestId: ' ' }],
  ])('for %s is refused', async (_name, body) => {
    expect(await callApi(server, `POST ${path()}`, { body })).toMatchObject({ status: 400 });
  });

  it('is in the audit log, without anybody in it', async () => {
    const { body } = await callApi(server, `POST ${path()}`, { body: { Identities: [email()] } });
    const { body: log } = await callApi(server, 'GET /repoint/v1/audit-log?operation=CreateAccessRequest');
    expect(JSON.stringify(log)).toContain(body.Id);
    expect(JSON.stringify(log)).not.toContain(mark);
  });
});

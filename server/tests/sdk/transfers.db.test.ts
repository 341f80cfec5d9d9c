/**
 * Imports and exports through the real SDK. Numbers in brackets are the cases of dossier/audience §13.
 */
import { hash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  CreateAppCommand,
  CreateExportJobCommand,
  CreateImportJobCommand,
  CreateSegmentCommand,
  DeleteAppCommand,
  DeleteEndpointCommand,
  DeleteSegmentCommand,
  DeleteUserEndpointsCommand,
  type ExportJobRequest,
  GetEndpointCommand,
  GetExportJobCommand,
  GetExportJobsCommand,
  GetImportJobCommand,
  GetImportJobsCommand,
  GetSegmentCommand,
  GetSegmentExportJobsCommand,
  GetSegmentImportJobsCommand,
  GetSegmentVersionCommand,
  type ImportJobRequest,
  UpdateEndpointCommand,
  UpdateEndpointsBatchCommand,
  type WriteSegmentRequest,
} from '@aws-sdk/client-pinpoint';
import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StoredObject } from '../../src/object-store/object-store.ts';
import { S3ObjectStore } from '../../src/object-store/s3.ts';
import { callApi } from '../support/repoint-api.ts';
import { s3Credentials, startS3Server } from '../support/s3-server.ts';
import { tablesWith } from '../support/tables-with.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer({ environment: { REPOINT_LOG_LEVEL: 'error' } });
const client = server.client();

let ApplicationId: string;
let folder: string;
let made = 0;
beforeEach(async () => {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'people' } }),
  );
  ApplicationId = ApplicationResponse?.Id as string;
  made += 1;
  folder = `test-${made}`;
});

const RoleArn = 'arn:aws:iam::111122223333:role/PinpointSegmentImport';
const lines = (...texts: string[]) => `${texts.join('\n')}\n`;
const json = (...rows: object[]) => lines(...rows.map((row) => JSON.stringify(row)));
const email = (Id: string, more: object = {}) => ({ Id, ChannelType: 'EMAIL', Address: `${Id}@example.com`, ...more });

/** @returns its URL */
function put(key: string, content: string | Buffer): string {
  const file = join(server.dataDirectory, 'buckets', 'crm', folder, key);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return `s3://crm/${folder}/${key}`;
}

const create = async (request: Partial<ImportJobRequest>) => {
  const { ImportJobResponse } = await client.send(
    new CreateImportJobCommand({
      ApplicationId,
      ImportJobRequest: { RoleArn, Format: 'JSON', S3Url: '', RegisterEndpoints: true, ...request },
    }),
  );
  return ImportJobResponse as NonNullable<typeof ImportJobResponse>;
};
const job = async (JobId: string) => {
  const { ImportJobResponse } = await client.send(new GetImportJobCommand({ ApplicationId, JobId }));
  return ImportJobResponse as NonNullable<typeof ImportJobResponse>;
};
async function finished(JobId: string) {
  for (;;) {
    const state = await job(JobId);
    if (state.JobStatus === 'COMPLETED' || state.JobStatus === 'FAILED') return state;
    await new Promise((resume) => setTimeout(resume, 50));
  }
}
const run = async (request: Partial<ImportJobRequest>) => finished((await create(request)).Id as string);

const get = async (EndpointId: string) =>
  (await client.send(new GetEndpointCommand({ ApplicationId, EndpointId }))).EndpointResponse;
const segment = async (SegmentId: string | undefined) =>
  (await client.send(new GetSegmentCommand({ ApplicationId, SegmentId }))).SegmentResponse;
const members = async (SegmentId: string | undefined): Promise<string[]> => {
  const { body } = await callApi(server, `GET /repoint/v1/apps/${ApplicationId}/segments/${SegmentId}/members`);
  return body.Item.map((member: { EndpointId: string }) => member.EndpointId).toSorted();
};
async function countEndpoints(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from endpoints join projects on projects.number = project_number
    where projects.id = ${ApplicationId}`.execute(server.database.query);
  return rows[0]?.count ?? 0;
}

const bad = (message: RegExp | string = '') =>
  expect.objectContaining({ name: 'BadRequestException', message: expect.stringMatching(message) });
const missing = expect.objectContaining({ name: 'NotFoundException' });

const exported = async (request: Partial<ExportJobRequest> = {}) => {
  const { ExportJobResponse: created, $metadata } = await client.send(
    new CreateExportJobCommand({
      ApplicationId,
      ExportJobRequest: { RoleArn, S3UrlPrefix: `s3://crm/${folder}/out`, ...request },
    }),
  );
  expect($metadata.httpStatusCode).toBe(202);
  expect(created).toMatchObject({ Type: 'EXPORT', JobStatus: 'CREATED' });
  for (;;) {
    const { ExportJobResponse: state } = await client.send(
      new GetExportJobCommand({ ApplicationId, JobId: created?.Id }),
    );
    if (state?.JobStatus === 'COMPLETED' || state?.JobStatus === 'FAILED')
      return { ...state, Id: created?.Id as string };
    await new Promise((resume) => setTimeout(resume, 50));
  }
};
/** Lines of all files of an export. */
function linesOf(JobId: string): string[] {
  const place = join(server.dataDirectory, 'buckets', 'crm', folder, 'out', JobId);
  const files = readdirSync(place);
  expect(files.every((name) => name.endsWith('.gz'))).toBe(true);
  const text = files.toSorted().map((name) => gunzipSync(readFileSync(join(place, name))).toString());
  return text.join('').split('\n').slice(0, -1);
}

describe('an import', () => {
  it('[52] takes files of its format only, also in subfolders', async () => {
    put('in/a.csv', lines('Id,ChannelType,Address', 'a,EMAIL,a@example.com'));
    put('in/sub/b.csv', lines('Id,ChannelType,Address', 'b,EMAIL,b@example.com'));
    put('in/c.json', json(email('c')));
    const state = await run({ Format: 'CSV', S3Url: `s3://crm/${folder}/in/` });
    expect(state).toMatchObject({ JobStatus: 'COMPLETED', TotalPieces: 2, CompletedPieces: 2, FailedPieces: 0 });
    expect(state).toMatchObject({ TotalProcessed: 2, TotalFailures: 0, Failures: [] });
    expect((await get('b'))?.Address).toBe('b@example.com');
    await expect(get('c')).rejects.toEqual(missing);
  });

  it('[53] reads repeated headers, quoted values, and leaves out empty cells', async () => {
    const S3Url = put(
      'people.csv',
      lines(
        'Id,ChannelType,Address,Attributes.topics,Attributes.topics,Metrics.cart_items,User.UserId,User.UserAttributes.FirstName,OptOut,Location.Latitude',
        'e-1,EMAIL,lea@example.com,news,sport,2,u-1001,Lea,NONE,47.3769',
        'e-2,SMS,+41791112233,,,,"u-1002","O, Brian",ALL,',
        'e-3,SMS,+41791112234,,"say ""hi""",,,,,',
      ),
    );
    expect(await run({ Format: 'CSV', S3Url })).toMatchObject({ JobStatus: 'COMPLETED', TotalFailures: 0 });
    expect(await get('e-1')).toMatchObject({
      ...{ Attributes: { topics: ['news', 'sport'] }, Metrics: { cart_items: 2 }, Location: { Latitude: 47.4 } },
      User: { UserId: 'u-1001', UserAttributes: { FirstName: ['Lea'] } },
    });
    const second = await get('e-2');
    expect(second?.User?.UserAttributes).toEqual({ FirstName: ['O, Brian'] });
    expect(second).toMatchObject({ Attributes: {}, Metrics: {}, OptOut: 'ALL' });
    expect((await get('e-3'))?.Attributes).toEqual({ topics: ['say "hi"'] });
  });

  it('[54] defines a segment that shows once the job is completed', async () => {
    const S3Url = put('march.json', json(email('a'), email('b'), { Id: 's', ChannelType: 'SMS', Address: '+4179' }));
    const created = await create({ S3Url, DefineSegment: true });
    expect(created).toMatchObject({ Type: 'IMPORT', JobStatus: 'CREATED', ApplicationId });
    expect(created.TotalProcessed).toBeUndefined();
    expect(created.Definition).toMatchObject({ ExternalId: server.administrator.accountId, SegmentName: 'march' });
    const SegmentId = created.Definition?.SegmentId;
    const state = await finished(created.Id as string);
    expect(state).toMatchObject({ JobStatus: 'COMPLETED', Definition: created.Definition });
    expect(state.CompletionDate).toMatch(/Z$/);
    expect(await segment(SegmentId)).toMatchObject({ SegmentType: 'IMPORT', Name: 'march', Version: 1 });
    expect((await segment(SegmentId))?.ImportDefinition).toEqual({
      ...{ Size: 3, ChannelCounts: { EMAIL: 2, SMS: 1 }, Format: 'JSON', RoleArn, S3Url },
      ExternalId: server.administrator.accountId,
    });
    expect(await members(SegmentId)).toEqual(['a', 'b', 's']);
    const { ImportJobsResponse } = await client.send(new GetSegmentImportJobsCommand({ ApplicationId, SegmentId }));
    expect(ImportJobsResponse?.Item?.map(({ Id }) => Id)).toEqual([created.Id]);
  });

  it('[55] takes a list of users, who stand for all their endpoints of the moment', async () => {
    await run({ S3Url: put('people.json', json(email('e1', { User: { UserId: 'u1' } }), email('e3'))) });
    const S3Url = put('users.csv', lines('User.UserId', 'u1 u2 u3', 'u1'));
    const state = await run({ Format: 'CSV', S3Url, RegisterEndpoints: false, DefineSegment: true });
    expect(state).toMatchObject({ JobStatus: 'COMPLETED', TotalProcessed: 2, TotalFailures: 0 });
    expect(await members(state.Definition?.SegmentId)).toEqual(['e1']);
    await run({ S3Url: put('more.json', json(email('e2', { User: { UserId: 'u2' } }))) });
    expect(await members(state.Definition?.SegmentId)).toEqual(['e1', 'e2']);
  });

  it('[56] counts rows that cannot be imported, and shows the first hundred', async () => {
    const good = Array.from({ length: 700 }, (_, number) => email(`good-${number}`));
    const wrong = Array.from({ length: 700 }, (_, number) => ({ Id: `wrong-${number}`, Address: 'a@example.com' }));
    const rows = good.flatMap((row, index) => [row, wrong[index] as object]);
    const S3Url = put('mixed.json', json(...rows));
    const state = await run({ S3Url });
    expect(state).toMatchObject({ JobStatus: 'COMPLETED', TotalProcessed: 1400, TotalFailures: 700 });
    expect(state.Failures).toHaveLength(100);
    expect(state.Failures?.slice(0, 2)).toEqual([
      `${S3Url} line 2: Missing ChannelType`,
      `${S3Url} line 4: Missing ChannelType`,
    ]);
    expect(state.Failures?.[99]).toBe(`${S3Url} line 200: Missing ChannelType`);
    expect(await countEndpoints()).toBe(700);
  });

  it('[56] refuses a header that is misspelt', async () => {
    const S3Url = put('typo.csv', lines('Id,channeltype,Address', 'a,EMAIL,a@example.com'));
    await expect(create({ Format: 'CSV', S3Url })).rejects.toEqual(bad(/channeltype is not one of an endpoint/));
  });

  it('[57] must do something', async () => {
    const S3Url = put('a.json', json(email('a')));
    await expect(create({ S3Url, RegisterEndpoints: false })).rejects.toEqual(bad(/define a segment/));
  });

  it('[58] gives rows without an id the same one each time', async () => {
    const S3Url = put('people.csv', lines('ChannelType,Address', 'EMAIL,a@example.com', 'SMS,+41791112233'));
    await run({ Format: 'CSV', S3Url });
    const state = await run({ Format: 'CSV', S3Url, DefineSegment: true });
    expect(await countEndpoints()).toBe(2);
    const ids = await members(state.Definition?.SegmentId);
    expect(ids).toHaveLength(2);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9+/]{27}$/);
  });

  it('takes members without registering them, when they are there', async () => {
    await run({ S3Url: put('people.json', json(email('a'), email('B'))) });
    const S3Url = put('ids.csv', lines('Id', 'a', 'b', 'nobody'));
    const state = await run({ Format: 'CSV', S3Url, RegisterEndpoints: false, DefineSegment: true });
    expect(state).toMatchObject({ JobStatus: 'COMPLETED', TotalProcessed: 3, TotalFailures: 1 });
    expect(state.Failures).toEqual([`${S3Url} line 4: Resource not found`]);
    expect(await members(state.Definition?.SegmentId)).toEqual(['B', 'a']);
  });

  it('merges into endpoints that are there, and makes none of an id alone', async () => {
    await run({ S3Url: put('people.json', json(email('a', { Attributes: { plan: ['gold'] }, OptOut: 'ALL' }))) });
    const S3Url = put('more.json', json({ Id: 'A', Attributes: { x: ['1'] } }, { Id: 'b', Attributes: { x: ['1'] } }));
    expect(await run({ S3Url })).toMatchObject({
      TotalProcessed: 2,
      Failures: [`${S3Url} line 2: Resource not found`],
    });
    expect(await get('a')).toMatchObject({ Attributes: { plan: ['gold'], x: ['1'] }, OptOut: 'ALL', Id: 'a' });
    expect(await countEndpoints()).toBe(1);
  });

  it('applies rows in their order, whatever is done at once', async () => {
    const rows = Array.from({ length: 4_000 }, (_, number) => email(`e${number % 7}`, { Metrics: { n: number } }));
    expect(await run({ S3Url: put('again.json', json(...rows)) })).toMatchObject({ TotalProcessed: 4_000 });
    for (let e = 0; e < 7; e += 1) expect((await get(`e${e}`))?.Metrics?.['n']).toBe(3_999 - ((3_999 - e) % 7));
  });

  it('takes gzip, a byte order mark, CRLF, empty lines, and a file without end of line', async () => {
    const text = '\ufeffId,ChannelType,Address\r\n\r\na,EMAIL,a@example.com\r\n\nb,EMAIL,b@example.com';
    expect(await run({ Format: 'CSV', S3Url: put('odd.csv', gzipSync(text)) })).toMatchObject({ TotalProcessed: 2 });
    expect((await get('b'))?.Address).toBe('b@example.com');
  });

  it('loses no good row for a bad one', async () => {
    const S3Url = put(
      'bad.csv',
      Buffer.concat([
        Buffer.from(lines('Id,ChannelType,Address,Metrics.n', 'a,EMAIL,a@example.com,1', 'b,"EMAIL,b@example.com,1')),
        Buffer.from('c,EMAIL,\xff@example.com,1\n', 'latin1'),
        Buffer.from(lines('d,EMAIL,d@example.com,many', 'e,EMAIL,e@example.com', '$f,EMAIL,f@example.com,')),
        Buffer.from(lines('g,PIGEON,g@example.com,', `h,EMAIL,${'h'.repeat(2_000_000)},1`, 'i,EMAIL,i@example.com,1')),
      ]),
    );
    const state = await run({ Format: 'CSV', S3Url });
    expect(state).toMatchObject({ JobStatus: 'COMPLETED', TotalProcessed: 9, TotalFailures: 7 });
    expect(state.Failures).toEqual([
      expect.stringContaining('line 3: The line is not CSV'),
      expect.stringContaining('line 4: The line is not UTF-8'),
      expect.stringContaining('line 5: Metrics.n is not a number'),
      expect.stringContaining('line 6: The line has 3 values and the header 4 columns'),
      expect.stringContaining('line 7: An endpoint id must not contain'),
      expect.stringContaining('line 8: ChannelType is not what an endpoint can have'),
      expect.stringContaining('line 9: A line can have at most 1 MB'),
    ]);
    expect((await get('i'))?.Address).toBe('i@example.com');
  });

  it('says of a line of JSON what is wrong with it, without quoting it', async () => {
    const S3Url = put(
      'bad.json',
      lines('{"Id":"secret', '[]', '{"Id":"a","Adress":"secret"}', '{"Id":"a","Demographic":{"Shoe":"secret"}}') +
        json({ Id: 'a', Attributes: { plan: { secret: 1 } } }, { Id: 'a', secret_9: 1 }, { Metrics: { n: 1 } }),
    );
    const { Failures } = await run({ S3Url });
    expect(Failures?.map((failure) => failure.slice(S3Url.length + 1))).toEqual([
      'line 1: The line is not JSON',
      'line 2: The line is not a JSON object',
      'line 3: Adress is not a member of an endpoint',
      'line 4: Demographic.Shoe is not a member of an endpoint',
      'line 5: Attributes is not what an endpoint can have',
      'line 6: The line has something that is not a member of an endpoint',
      'line 7: Missing ChannelType',
    ]);
    expect(JSON.stringify(Failures)).not.toContain('secret');
  });

  it('does not hang on text that cannot be stored: it costs its own line, in CSV and in JSON', async () => {
    const inCsv = put('nul.csv', lines('Id,ChannelType,Address', 'a,EMAIL,a\0@example.com', 'b,EMAIL,b@example.com'));
    const csv = await run({ Format: 'CSV', S3Url: inCsv });
    expect(csv).toMatchObject({ JobStatus: 'COMPLETED', TotalProcessed: 2, TotalFailures: 1 });
    expect(csv.Failures).toEqual([expect.stringContaining('line 2: The line holds a character that cannot be stored')]);
    const escaped = ['"x\\u0000"', '"\\ud800"', '"\\\\u0000"'].map(
      (text, index) =>
        `{"Id":"c${index}","ChannelType":"EMAIL","Address":"c${index}@example.com","Attributes":{"a":[${text}]}}`,
    );
    const S3Url = put(
      'nul.json',
      lines(...escaped, '{"Id":"d\\u0000","ChannelType":"EMAIL","Address":"d@example.com"}'),
    );
    const state = await run({ S3Url });
    expect(state).toMatchObject({ JobStatus: 'COMPLETED', TotalProcessed: 4, TotalFailures: 3 });
    expect((await get('c2'))?.Attributes).toEqual({ a: ['\\u0000'] });
    expect((await get('b'))?.Address).toBe('b@example.com');
    const users = put('long.csv', lines('User.UserId', `u1 ${randomBytes(1_500).toString('hex')}`));
    expect((await run({ Format: 'CSV', S3Url: users, DefineSegment: true })).Failures).toEqual([
      expect.stringContaining('line 2: A UserId can have at most 2000 bytes'),
    ]);
    const deep = put('deep.json', `{"Id":"\\u0000","Attributes":${'['.repeat(200_000)}${']'.repeat(200_000)}}\n`);
    expect(await run({ S3Url: deep })).toMatchObject({ JobStatus: 'COMPLETED', TotalFailures: 1 });
    await expect(create({ Format: 'CSV', S3Url: put('head.csv', 'Id,Attributes.a\0\n') })).rejects.toEqual(bad(/NUL/));
  });

  it('fails for a file that is none, says why, and keeps what it could import', async () => {
    put('in/1.json', json(email('a')));
    const damaged = gzipSync(json(...Array.from({ length: 50 }, (_, number) => email(`e${number}`))));
    put('in/2.json', damaged.subarray(0, -20));
    const state = await run({ S3Url: `s3://crm/${folder}/in/`, DefineSegment: true });
    expect(state).toMatchObject({ JobStatus: 'FAILED', TotalPieces: 2, CompletedPieces: 1, FailedPieces: 1 });
    expect(state.Failures?.[0]).toBe(`s3://crm/${folder}/in/2.json: The gzip file is damaged or not whole`);
    expect((await get('a'))?.Id).toBe('a');
    await expect(segment(state.Definition?.SegmentId)).rejects.toEqual(missing);
    const { rows } = await sql`select from segment_endpoints join transfer_jobs using (membership)
      where id = ${state.Id}`.execute(server.database.query);
    expect(rows).toHaveLength(0);
  });

  it.each([
    ['https://crm/file.json', /s3:\/\/bucket\/key/],
    ['s3://crm/../../secret.json', /no files of such names/],
    ['s3://crm/nowhere/', /names no file/],
    ['s3://nobucket/file.json', /names no file/],
  ])('refuses %s', async (S3Url, message) => {
    await expect(create({ S3Url })).rejects.toEqual(bad(message));
  });

  it('refuses links that lead out, UTF-16, and archives', async () => {
    writeFileSync(join(server.dataDirectory, 'outside.json'), json(email('outside')));
    put('x.json', '');
    symlinkSync(
      join(server.dataDirectory, 'outside.json'),
      join(server.dataDirectory, 'buckets/crm', folder, 'l.json'),
    );
    await expect(create({ S3Url: `s3://crm/${folder}/l.json` })).rejects.toEqual(bad(/leads out/));
    const wide = put('wide.csv', Buffer.from('\ufeffId\n', 'utf16le'));
    await expect(create({ Format: 'CSV', S3Url: wide })).rejects.toEqual(bad(/UTF-16/));
    const state = await run({ S3Url: put('archive.json', Buffer.from('PK\x03\x04')) });
    expect(state).toMatchObject({ JobStatus: 'FAILED', Failures: [expect.stringContaining('ZIP archive')] });
  });

  it('gives a segment another version, one after the other when two come at once', async () => {
    const first = await run({ S3Url: put('1.json', json(email('a'))), DefineSegment: true, SegmentName: 'list' });
    const SegmentId = first.Definition?.SegmentId as string;
    const [second, third] = await Promise.all([
      run({ S3Url: put('2.json', json(email('b'))), SegmentId }),
      run({ S3Url: put('3.json', json(email('c'), email('d'))), SegmentId }),
    ]);
    expect([second.JobStatus, third.JobStatus]).toEqual(['COMPLETED', 'COMPLETED']);
    expect(await segment(SegmentId)).toMatchObject({ Name: 'list', Version: 3 });
    const sizes = [1, 2, 3].map(async (Version) => {
      const read = new GetSegmentVersionCommand({ ApplicationId, SegmentId, Version: String(Version) });
      return (await client.send(read)).SegmentResponse?.ImportDefinition?.Size;
    });
    const [one, ...others] = await Promise.all(sizes);
    expect([one, others.toSorted()]).toEqual([1, [1, 2]]);
    await expect(create({ S3Url: put('4.json', json(email('e'))), SegmentId: 'nothing' })).rejects.toEqual(missing);
    const { SegmentResponse: dynamic } = await client.send(
      new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'all', Dimensions: {} } }),
    );
    const S3Url = put('5.json', json(email('e')));
    await expect(create({ S3Url, SegmentId: dynamic?.Id as string })).rejects.toEqual(bad(/not imported/));
  });

  it('does not write again what was deleted after it had begun', async () => {
    await run({ S3Url: put('people.json', json(email('gone'), email('stays'))) });
    const S3Url = put('again.json', json(email('gone'), email('stays')));
    const created = await create({ S3Url, DefineSegment: true });
    await client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: 'gone' }));
    const state = await finished(created.Id as string);
    // Whoever came first, nobody is left.
    await expect(get('gone')).rejects.toEqual(missing);
    expect(await members(state.Definition?.SegmentId)).toEqual(['stays']);
  });

  it('leaves no trace of a person who is deleted afterwards, on no list of members either', async () => {
    const trace = 'trace-51c9';
    const endpoint = email(trace, { Attributes: { plan: [trace] }, User: { UserId: `${trace}-user` } });
    const faulty = { ...email(`${trace}-bad`), Metrics: { visits: trace } };
    const list = { DefineSegment: true, SegmentName: 'list' };
    await run({ S3Url: put('endpoints.json', json(endpoint, faulty)), ...list });
    await run({ S3Url: put('users.csv', lines('User.UserId', `${trace}-user`)), Format: 'CSV', ...list });
    expect(await tablesWith(server.database, trace)).toEqual([
      ...['audience_users', 'endpoint_addresses', 'endpoint_facets', 'endpoints', 'segment_endpoints', 'segment_users'],
    ]);
    await client.send(new DeleteUserEndpointsCommand({ ApplicationId, UserId: `${trace}-user` }));
    expect(await tablesWith(server.database, trace)).toEqual([]);
  });

  it('is listed newest first, page by page, and unknown ones are not found', async () => {
    const S3Url = put('a.json', json(email('a')));
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.unshift((await run({ S3Url })).Id as string);
    const first = await client.send(new GetImportJobsCommand({ ApplicationId, PageSize: '2' }));
    const Token = first.ImportJobsResponse?.NextToken as string;
    const second = await client.send(new GetImportJobsCommand({ ApplicationId, PageSize: '2', Token }));
    const items = [...(first.ImportJobsResponse?.Item ?? []), ...(second.ImportJobsResponse?.Item ?? [])];
    expect(items.map(({ Id }) => Id)).toEqual(ids);
    expect(second.ImportJobsResponse?.NextToken).toBeUndefined();
    await expect(job('nothing')).rejects.toEqual(missing);
    await expect(client.send(new GetSegmentImportJobsCommand({ ApplicationId, SegmentId: 'nothing' }))).rejects.toEqual(
      missing,
    );
    await expect(client.send(new GetExportJobCommand({ ApplicationId, JobId: ids[0] as string }))).rejects.toEqual(
      missing,
    );
  });

  it('waits its turn: an account has ten under way at most', async () => {
    await sql`insert into transfer_jobs (project_number, id, kind, account_id, status, definition, updates_segment, created_at)
      select number, 'busy ' || part, 'IMPORT', account_id, 'CREATED', '{}', false, now()
      from projects, generate_series(1, 10) as part where id = ${ApplicationId}`.execute(server.database.query);
    await expect(create({ S3Url: put('a.json', json(email('a'))) })).rejects.toEqual(
      expect.objectContaining({ name: 'TooManyRequestsException' }),
    );
    await sql`delete from transfer_jobs where id like 'busy %'`.execute(server.database.query);
    await run({ S3Url: put('b.json', json(email('b'))) });
  });

  it('notes every file it read', async () => {
    const S3Url = put('a.json', json(email('a')));
    const { Id } = await run({ S3Url });
    const { rows } = await sql`select url, direction, bytes, checksum from transfer_files where job_id = ${Id}`.execute(
      server.database.query,
    );
    const file = readFileSync(join(server.dataDirectory, 'buckets/crm', folder, 'a.json'));
    expect(rows).toEqual([{ url: S3Url, direction: 'read', bytes: file.length, checksum: hash('sha256', file) }]);
  });
});

describe('an export', () => {
  it('[59] writes gzip files of one JSON object a line, in the documented layout', async () => {
    const rows = [
      email('a', { Attributes: { topics: ['news'] }, User: { UserId: 'u-1', UserAttributes: { Name: ['Lea "L"'] } } }),
      email('B', { Metrics: { n: 1.5 }, Location: { Country: 'CH' }, EffectiveDate: '2026-03-01T09:00:00.123Z' }),
      email('c', { OptOut: 'ALL' }),
    ];
    await run({ S3Url: put('people.json', json(...rows)) });
    const state = await exported();
    expect(state).toMatchObject({ JobStatus: 'COMPLETED', TotalProcessed: 3, TotalFailures: 0, TotalPieces: 1 });
    expect(state.Definition).toEqual({ RoleArn, S3UrlPrefix: `s3://crm/${folder}/out` });
    const shown = linesOf(state.Id).map((line) => JSON.parse(line));
    expect(shown.map(({ Id }) => Id).toSorted()).toEqual(['B', 'a', 'c']);
    for (const line of shown) {
      const endpoint = { ...(await get(line.Id)) };
      for (const name of ['Attributes', 'Metrics'] as const) {
        if (Object.keys(endpoint[name] ?? {}).length === 0) delete endpoint[name];
      }
      expect(line).toEqual(endpoint);
    }
    expect(Object.keys(shown.find(({ Id }) => Id === 'B'))).toEqual([
      ...['ChannelType', 'Address', 'EndpointStatus', 'OptOut', 'EffectiveDate', 'Metrics', 'Location', 'User'],
      ...['ApplicationId', 'Id', 'CohortId', 'CreationDate', 'RequestId'],
    ]);
  });

  it('[59] of a segment has its members only, [51] opted out and inactive ones too', async () => {
    const gold = (Id: string, more: object = {}) => email(Id, { Attributes: { plan: ['gold'] }, ...more });
    await run({ S3Url: put('people.json', json(gold('a'), gold('b', { OptOut: 'ALL' }), gold('c'), email('d'))) });
    await client.send(
      new UpdateEndpointCommand({ ApplicationId, EndpointId: 'c', EndpointRequest: { EndpointStatus: 'INACTIVE' } }),
    );
    const { SegmentResponse } = await client.send(
      new CreateSegmentCommand({
        ApplicationId,
        WriteSegmentRequest: {
          Name: 'gold',
          Dimensions: { Attributes: { plan: { AttributeType: 'INCLUSIVE', Values: ['gold'] } } },
        },
      }),
    );
    const state = await exported({ SegmentId: SegmentResponse?.Id as string });
    expect(state).toMatchObject({ JobStatus: 'COMPLETED', TotalProcessed: 3 });
    const ids = linesOf(state.Id).map((line) => JSON.parse(line).Id);
    expect(ids.toSorted()).toEqual(['a', 'b', 'c']);
    const SegmentId = SegmentResponse?.Id as string;
    const { ExportJobsResponse } = await client.send(new GetSegmentExportJobsCommand({ ApplicationId, SegmentId }));
    expect(ExportJobsResponse?.Item?.map(({ Id }) => Id)).toEqual([state.Id]);
    const { ExportJobsResponse: all } = await client.send(new GetExportJobsCommand({ ApplicationId }));
    expect(all?.Item).toHaveLength(1);
  });

  it('[59] of a list of users has all their endpoints, each once', async () => {
    const of = (UserId: string) => ({ User: { UserId } });
    await run({ S3Url: put('people.json', json(email('a', of('u')), email('b', of('u')), email('c', of('v')))) });
    const S3Url = put('list.json', json({ Id: 'a' }, of('u')));
    const list = await run({ S3Url, RegisterEndpoints: false, DefineSegment: true });
    const state = await exported({ SegmentId: list.Definition?.SegmentId as string, SegmentVersion: 1 });
    expect(
      linesOf(state.Id)
        .map((line) => JSON.parse(line).Id)
        .toSorted(),
    ).toEqual(['a', 'b']);
  });

  it('fails when a segment that its own is based on is gone, instead of trying for days', async () => {
    const segmentOf = async (WriteSegmentRequest: WriteSegmentRequest) =>
      (await client.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest }))).SegmentResponse?.Id;
    const base = await segmentOf({ Name: 'base' });
    const SegmentId = await segmentOf({ SegmentGroups: { Groups: [{ SourceSegments: [{ Id: base }] }] } });
    await client.send(new DeleteSegmentCommand({ ApplicationId, SegmentId: base }));
    expect(await exported({ SegmentId })).toMatchObject({
      JobStatus: 'FAILED',
      Failures: [expect.stringContaining('one that it is based on, was deleted')],
    });
  });

  it('of nobody is one empty file', async () => {
    const state = await exported({ S3UrlPrefix: `s3://crm/${folder}/out/` });
    expect(state).toMatchObject({ JobStatus: 'COMPLETED', TotalProcessed: 0 });
    expect(linesOf(state.Id)).toEqual([]);
  });

  it('refuses what it cannot do', async () => {
    await expect(exported({ SegmentVersion: 1 })).rejects.toEqual(bad(/SegmentVersion needs/));
    await expect(exported({ SegmentId: 'nothing' })).rejects.toEqual(missing);
    await expect(exported({ S3UrlPrefix: '/tmp/out' })).rejects.toEqual(bad(/S3UrlPrefix/));
    await expect(exported({ S3UrlPrefix: 's3://crm/../../out' })).rejects.toEqual(bad(/such names/));
  });
});

/** Whatever an endpoint can hold; texts are such that PostgreSQL can store them. */
const text = (maxLength: number, minLength = 0) =>
  fc.string({ unit: 'grapheme', minLength, maxLength }).filter((one) => one.isWellFormed() && !one.includes('\0'));
const name = fc.oneof(fc.constantFrom('plan', '__proto__', 'constructor', 'a.b', '"', 'null'), text(6, 1));
const lists = fc.dictionary(name, fc.array(text(8), { maxLength: 3 }), { maxKeys: 3 });
const endpoint = fc.record(
  {
    ChannelType: fc.constantFrom('EMAIL', 'SMS', 'CUSTOM', 'GCM'),
    Address: text(8, 1),
    OptOut: fc.constantFrom('ALL', 'NONE'),
    EndpointStatus: fc.constantFrom('ACTIVE', 'INACTIVE'),
    EffectiveDate: fc
      .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    RequestId: text(6, 1),
    Attributes: lists,
    Metrics: fc.dictionary(name, fc.double({ noNaN: true, noDefaultInfinity: true }), { maxKeys: 2 }),
    Demographic: fc.record({ AppVersion: text(5), Locale: text(5) }, { requiredKeys: [] }),
    Location: fc.record(
      { City: text(5), Latitude: fc.double({ min: -90, max: 90, noNaN: true }) },
      { requiredKeys: [] },
    ),
    User: fc.record({ UserId: fc.constantFrom('u', 'v', 'ü "3"'), UserAttributes: lists }, { requiredKeys: [] }),
  },
  { requiredKeys: ['ChannelType', 'Address'] },
);

it('an export that is imported again loses nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(endpoint, { minLength: 1, maxLength: 12 }), async (endpoints) => {
      const newProject = async () => {
        const { ApplicationResponse } = await client.send(
          new CreateAppCommand({ CreateApplicationRequest: { Name: 'copy' } }),
        );
        ApplicationId = ApplicationResponse?.Id as string;
        return ApplicationId;
      };
      const original = await newProject();
      const Item = endpoints.map((one, index) => ({ ...one, Id: `E-${index}` }));
      await client.send(new UpdateEndpointsBatchCommand({ ApplicationId, EndpointBatchRequest: { Item } }));
      // One that only knows its user, as analytics write it.
      await client.send(
        new UpdateEndpointCommand({ ApplicationId, EndpointId: 'bare', EndpointRequest: { User: { UserId: 'u' } } }),
      );
      const { Id } = await exported();
      const lines = linesOf(Id);
      const S3Url = `s3://crm/${folder}/out/${Id}/part-00000.gz`;
      const copy = await newProject();
      expect(await run({ S3Url })).toMatchObject({ TotalProcessed: endpoints.length + 1, Failures: [] });
      const own = (line: string) => {
        const { ApplicationId: project, CreationDate, CohortId, ...rest } = JSON.parse(line);
        return { project, rest };
      };
      const copied = linesOf((await exported()).Id).map(own);
      expect(copied.map(({ rest }) => rest)).toEqual(lines.map((line) => own(line).rest));
      expect(copied.every(({ project }) => project === copy)).toBe(true);
      ApplicationId = original;
      expect(await run({ S3Url })).toMatchObject({ Failures: [] });
      expect(linesOf((await exported()).Id)).toEqual(lines);
      for (const project of [original, copy]) {
        await client.send(new DeleteAppCommand({ ApplicationId: project }));
      }
    }),
    { numRuns: 12 },
  );
}, 120_000);

describe('with S3', async () => {
  const store = await startS3Server(['crm']);
  // Of the process: the SDK's own chain finds them.
  process.env['AWS_ACCESS_KEY_ID'] = s3Credentials.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = s3Credentials.secretAccessKey;
  const remote = await startTestServer({ environment: { AWS_ENDPOINT_URL_S3: store.endpoint } });
  const objects = new S3ObjectStore({ endpoint: store.endpoint, region: 'us-east-1' });

  it('reads from it and writes to it as from and to files', async () => {
    const s3Client = remote.client();
    const { ApplicationResponse } = await s3Client.send(
      new CreateAppCommand({ CreateApplicationRequest: { Name: 'remote' } }),
    );
    const project = ApplicationResponse?.Id as string;
    const rows = Array.from({ length: 1200 }, (_, number) => email(`e${number}`));
    const content = (async function* () {
      yield gzipSync(json(...rows));
    })();
    await objects.write({ bucket: 'crm', key: 'in/people.json.gz' }, content);
    const wait = async (look: () => Promise<{ JobStatus?: string | undefined } | undefined>) => {
      for (;;) {
        const state = await look();
        if (state?.JobStatus === 'COMPLETED' || state?.JobStatus === 'FAILED') return state;
        await new Promise((resume) => setTimeout(resume, 50));
      }
    };
    const { ImportJobResponse } = await s3Client.send(
      new CreateImportJobCommand({
        ApplicationId: project,
        ImportJobRequest: { RoleArn, Format: 'JSON', S3Url: 's3://crm/in/', RegisterEndpoints: true },
      }),
    );
    const read = new GetImportJobCommand({ ApplicationId: project, JobId: ImportJobResponse?.Id });
    const imported = await wait(async () => (await s3Client.send(read)).ImportJobResponse);
    expect(imported).toMatchObject({ JobStatus: 'COMPLETED', TotalProcessed: 1200, Failures: [] });
    const { ExportJobResponse } = await s3Client.send(
      new CreateExportJobCommand({
        ApplicationId: project,
        ExportJobRequest: { RoleArn, S3UrlPrefix: 's3://crm/out' },
      }),
    );
    const look = new GetExportJobCommand({ ApplicationId: project, JobId: ExportJobResponse?.Id });
    expect(await wait(async () => (await s3Client.send(look)).ExportJobResponse)).toMatchObject({
      ...{ JobStatus: 'COMPLETED', TotalProcessed: 1200 },
    });
    const place = { bucket: 'crm', key: `out/${ExportJobResponse?.Id}/part-00000.gz` };
    const chunks: Buffer[] = [];
    const object = (await objects.find(place)) as StoredObject;
    for await (const chunk of objects.read(object, AbortSignal.timeout(10_000))) chunks.push(chunk);
    expect(gunzipSync(Buffer.concat(chunks)).toString().split('\n')).toHaveLength(1201);
    const nowhere = new CreateImportJobCommand({
      ApplicationId: project,
      ImportJobRequest: { RoleArn, Format: 'JSON', S3Url: 's3://nowhere/', RegisterEndpoints: true },
    });
    await expect(s3Client.send(nowhere)).rejects.toEqual(bad(/no such bucket/));
  });
});

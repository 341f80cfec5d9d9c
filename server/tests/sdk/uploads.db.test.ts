/** Files from and to a browser, and finding a person: UploadFile, DownloadFile, FindEndpoints. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  CreateAppCommand,
  CreateExportJobCommand,
  CreateImportJobCommand,
  GetExportJobCommand,
  GetImportJobCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { beforeEach, describe, expect, it } from 'vitest';
import { callApi, presignApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const client = server.client();
const RoleArn = 'arn:aws:iam::123456789012:role/import';

let ApplicationId: string;
beforeEach(async () => {
  ApplicationId = await createProject();
});

async function createProject(): Promise<string> {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'people' } }),
  );
  return ApplicationResponse?.Id as string;
}

const upload = (body: object, app = ApplicationId) =>
  callApi(server, `POST /repoint/v1/apps/${app}/file-uploads`, { body });
const header = 'ChannelType,Address,Attributes.plan';

async function until<State>(read: () => Promise<State>, isOver: (state: State) => boolean): Promise<State> {
  for (;;) {
    const state = await read();
    if (isOver(state)) return state;
    await new Promise((resume) => setTimeout(resume, 20));
  }
}

async function importFolder(S3Url: string) {
  const { ImportJobResponse: job } = await client.send(
    new CreateImportJobCommand({
      ApplicationId,
      ImportJobRequest: { Format: 'CSV', S3Url, RoleArn, RegisterEndpoints: true, DefineSegment: true },
    }),
  );
  return until(
    async () => {
      const answer = await client.send(new GetImportJobCommand({ ApplicationId, JobId: job?.Id }));
      return answer.ImportJobResponse;
    },
    (state) => ['COMPLETED', 'FAILED'].includes(state?.JobStatus ?? ''),
  );
}

describe('an upload', () => {
  it('in parts is imported as a whole, and its failures say where in the file they are', async () => {
    const first = await upload({ FileName: 'our people.csv', Content: `${header}\nEMAIL,a@example.com,pro\n` });
    expect(first.status).toBe(201);
    const { UploadId, FolderUrl } = first.body;
    const rest = `${header}\nEMAIL,b@example.com,free\nNOWHERE,c@example.com,free\n`;
    const second = await upload({ UploadId, FileName: 'our people.csv', FirstLine: 3, Content: rest });
    expect(second.body.Url).toBe(
      `s3://repoint-uploads/${ApplicationId}/${UploadId}/our_people-from-line-000000003.csv`,
    );
    expect(readFileSync(join(server.dataDirectory, 'buckets', second.body.Url.slice(5)), 'utf8')).toBe(rest);

    const job = await importFolder(FolderUrl);
    expect(job).toMatchObject({ JobStatus: 'COMPLETED', TotalPieces: 2, TotalProcessed: 3, TotalFailures: 1 });
    expect(job?.Failures?.[0]).toMatch(/from-line-000000003\.csv line 3: ChannelType/);
  });

  it('is a file of the project before anything reads it', async () => {
    const { body } = await upload({ FileName: 'a.ndjson', Content: '{"ChannelType":"EMAIL"}\n' });
    const files = await callApi(server, `GET /repoint/v1/apps/${ApplicationId}/files`);
    expect(files.body.Item).toMatchObject([{ Url: body.Url, JobId: body.UploadId, Bytes: 24 }]);
  });

  it('sent again replaces its part', async () => {
    const { UploadId, Url } = (await upload({ FileName: 'a.csv', Content: `${header}\n` })).body;
    const again = await upload({ UploadId, FileName: 'a.csv', Content: `${header}\nEMAIL,z@example.com,\n` });
    expect(again.body.Url).toBe(Url);
    expect(readFileSync(join(server.dataDirectory, 'buckets', Url.slice(5)), 'utf8')).toContain('z@example.com');
  });

  it.each([
    ['a file of another kind', { FileName: 'a.xlsx', Content: 'x' }, 400],
    ['a name that leads elsewhere', { FileName: '../../a.exe', Content: 'x' }, 400],
    ['an empty file', { FileName: 'a.csv', Content: '' }, 400],
    ['a part above 6 MB', { FileName: 'a.csv', Content: 'x'.repeat(6 * 1024 ** 2 + 1) }, 413],
    ['an upload that nobody began', { UploadId: 'f'.repeat(32), FileName: 'a.csv', Content: 'x' }, 404],
  ])('refuses %s', async (_what, body, status) => {
    expect((await upload(body)).status).toBe(status);
  });

  it('keeps a name with folders in it within the folder of the upload', async () => {
    const { body } = await upload({ FileName: '../..\\..//people.csv', Content: 'x' });
    expect(body.Url.slice(body.FolderUrl.length)).not.toMatch(/[/\\]/);
  });

  it('cannot be added to from another project', async () => {
    const { UploadId } = (await upload({ FileName: 'a.csv', Content: 'x' })).body;
    const other = await createProject();
    expect((await upload({ UploadId, FileName: 'a.csv', Content: 'x' }, other)).status).toBe(404);
  });
});

const presign = (url: string, app = ApplicationId) =>
  presignApi(server, `/repoint/v1/apps/${app}/file-content`, { url });

describe('a download', () => {
  it('of an export is an attachment with all of it', async () => {
    await client.send(
      new UpdateEndpointCommand({
        ...{ ApplicationId, EndpointId: 'e1' },
        EndpointRequest: { ChannelType: 'EMAIL', Address: 'a@example.com' },
      }),
    );
    const { ExportJobResponse: job } = await client.send(
      new CreateExportJobCommand({
        ApplicationId,
        ExportJobRequest: { RoleArn, S3UrlPrefix: `s3://exports/${ApplicationId}` },
      }),
    );
    await until(
      async () => (await client.send(new GetExportJobCommand({ ApplicationId, JobId: job?.Id }))).ExportJobResponse,
      (state) => state?.JobStatus === 'COMPLETED',
    );
    const { body } = await callApi(server, `GET /repoint/v1/apps/${ApplicationId}/files?job-id=${job?.Id}`);
    const contents = await Promise.all(
      body.Item.map(async ({ Url, Bytes }: { Url: string; Bytes: number }) => {
        const answer = await fetch(await presign(Url));
        expect(answer.status).toBe(200);
        expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''/);
        expect(answer.headers.get('content-type')).toBe('application/octet-stream');
        const bytes = Buffer.from(await answer.arrayBuffer());
        expect(bytes.length).toBe(Bytes);
        return gunzipSync(bytes).toString();
      }),
    );
    expect(contents.join('')).toContain('a@example.com');
  });

  it('of a file that is not the project’s is refused, whether it is there or not', async () => {
    const { Url } = (await upload({ FileName: 'a.csv', Content: 'x' })).body;
    const other = await createProject();
    expect((await fetch(await presign(Url))).status).toBe(200);
    expect((await fetch(await presign(Url, other))).status).toBe(404);
    expect((await fetch(await presign('s3://exports/../../master-key'))).status).toBe(404);
    expect((await fetch(await presign('/etc/passwd'))).status).toBe(400);
  });
});

describe('finding somebody', () => {
  const find = async (Identity: string) => {
    const answer = await callApi(server, `POST /repoint/v1/apps/${ApplicationId}/endpoints/find`, {
      body: { Identity },
    });
    return answer.body.Item?.map((each: { EndpointId: string; FoundBy: string }) => [each.EndpointId, each.FoundBy]);
  };

  it('by endpoint id, user id or address', async () => {
    const write = (EndpointId: string, EndpointRequest: object) =>
      client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId, EndpointRequest }));
    await write('E-1', { ChannelType: 'EMAIL', Address: 'Ana@Example.com', User: { UserId: 'u1' } });
    await write('e-2', { ChannelType: 'SMS', Address: '+447700900123', User: { UserId: 'u1' } });
    expect(await find(' e-1 ')).toEqual([['E-1', 'ENDPOINT_ID']]);
    expect(await find('u1')).toEqual([
      ['E-1', 'USER_ID'],
      ['e-2', 'USER_ID'],
    ]);
    expect(await find('ana@example.COM')).toEqual([['E-1', 'ADDRESS']]);
    expect(await find('+44 7700 900-123')).toEqual([['e-2', 'ADDRESS']]);
    expect(await find('nobody')).toEqual([]);
  });

  it('by nothing is refused', async () => {
    const { status } = await callApi(server, `POST /repoint/v1/apps/${ApplicationId}/endpoints/find`, {
      body: { Identity: '   ' },
    });
    expect(status).toBe(400);
  });
});

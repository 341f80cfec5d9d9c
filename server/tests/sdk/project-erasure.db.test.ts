/** DeleteApp erases the whole project: every table that holds something of it, and nothing of its neighbour. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateAppCommand,
  CreateExportJobCommand,
  CreateImportJobCommand,
  DeleteAppCommand,
  GetEndpointCommand,
  GetImportJobCommand,
  PutEventsCommand,
  SendMessagesCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { personalDataInventory } from '../../src/app/inventory.ts';
import { ensureTimePartitions } from '../../src/database/index.ts';
import { readReferences } from '../../src/domains/erasure/scope/catalogue.ts';
import { ofDeployment, outliving, ownerships } from '../../src/domains/erasure/scope/ownership.ts';
import { readPlaces } from '../../src/domains/erasure/scope/places.ts';
import { version } from '../../src/kernel/version.ts';
import { fillTables } from '../support/fill-tables.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const { database } = server;
const { accountId } = server.administrator;
const client = server.client();

interface TestProject {
  readonly id: string;
  readonly number: number;
  readonly marker: string;
}

async function createProject(): Promise<TestProject> {
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'doomed', tags: { stage: 'test' } } }),
  );
  const id = ApplicationResponse?.Id as string;
  const { rows } = await sql<{ number: number }>`select number from projects where id = ${id}`.execute(database.query);
  return { id, number: rows[0]?.number as number, marker: `marker${randomUUID().replaceAll('-', '')}` };
}

/** As people use it, and then a row in each table that this did not reach. */
async function fill({ id, number, marker }: TestProject): Promise<void> {
  const ApplicationId = id;
  const EmailChannelRequest = {
    ...{ FromAddress: 'shop@example.com', Identity: 'arn:aws:ses:us-east-1:123456789012:identity/example.com' },
    Enabled: true,
  };
  await client.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest }));
  await client.send(
    new UpdateEndpointCommand({
      ApplicationId,
      EndpointId: marker,
      EndpointRequest: {
        ...{ ChannelType: 'EMAIL', Address: `${marker}@example.com`, Attributes: { word: [marker] } },
        User: { UserId: `user-${marker}`, UserAttributes: { word: [marker] } },
      },
    }),
  );
  const Event = { EventType: 'opened', Timestamp: new Date().toISOString(), Attributes: { word: marker } };
  const BatchItem = { [marker]: { Endpoint: {}, Events: { one: Event } } };
  await client.send(new PutEventsCommand({ ApplicationId, EventsRequest: { BatchItem } }));
  const EmailMessage = {
    FromAddress: 'shop@example.com',
    SimpleEmail: { TextPart: { Data: marker }, Subject: { Data: marker } },
  };
  await client.send(
    new SendMessagesCommand({
      ApplicationId,
      MessageRequest: { Endpoints: { [marker]: {} }, MessageConfiguration: { EmailMessage } },
    }),
  );
  // Made when the first message leaves through a provider that has ids of its own.
  await ensureTimePartitions(database.query, 'provider_messages', new Date());
  const places = await readPlaces(database, 'PROJECT', personalDataInventory);
  await fillTables(database, {
    marker,
    tables: [...places]
      .reverse()
      .map(({ table }) => table)
      .filter((table) => table !== 'tags'),
    values: {
      ...{
        project_number: number,
        account_id: accountId,
        region: 'us-east-1',
        bucket: 7,
        membership: 1_000_000 + number,
      },
      ...{ 'segment_versions.definition': null, 'channels.sealed_settings': null },
      ...{ 'sms_numbers.number': `+49157${number}`, 'event_settings.retention_days': null },
      ...{
        'work_ranges.kind': 'event stream',
        'work_ranges.work_id': String(number),
        first_bucket: 0,
        end_bucket: 1024,
      },
      ...{ 'work_ranges.cursor': JSON.stringify({ id: marker }), 'scope_erasures.id': marker },
      ...{ 'endpoints.channel_type': 'EMAIL', 'segments.kind': 'IMPORT', 'erasure_settings.full_erasure': true },
      // Somebody works on it; otherwise a worker would drop it, for there is no such campaign.
      ...{ 'campaign_triggers.holder': 'somebody', 'campaign_triggers.lease_until': '2999-01-01T00:00:00Z' },
    },
  });
}

async function rowsOf(project: TestProject): Promise<Record<string, number>> {
  const owner = {
    scope: 'PROJECT',
    accountId,
    region: 'us-east-1',
    projectId: project.id,
    projectNumber: project.number,
  } as const;
  const counts: Record<string, number> = {};
  for (const { table, condition } of await readPlaces(database, 'PROJECT', personalDataInventory)) {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from ${sql.table(table)} where ${condition(owner)}`.execute(database.query);
    counts[table] = rows[0]?.count ?? 0;
  }
  return counts;
}

const deleteApp = (ApplicationId: string) => client.send(new DeleteAppCommand({ ApplicationId }));

async function erasureOf(projectId: string) {
  const { body } = await callApi(server, 'GET /repoint/v1/project-erasures');
  const found = body.Item.find((item: { ProjectId: string }) => item.ProjectId === projectId);
  return (await callApi(server, `GET /repoint/v1/project-erasures/${found.ErasureId}`)).body;
}

const completed = (projectId: string) =>
  vi.waitFor(
    async () => {
      const erasure = await erasureOf(projectId);
      expect(erasure.State).toBe('COMPLETED');
      return erasure;
    },
    { timeout: 20_000, interval: 200 },
  );

describe('the deletion of a project', () => {
  it('E1: reaches every table of the inventory, or there is a reason', async () => {
    const references = await readReferences(database.query);
    const reached = new Set(
      (['PROJECT', 'ACCOUNT'] as const).flatMap((scope) =>
        ownerships(scope, personalDataInventory, references).map(({ table }) => table),
      ),
    );
    const tables = personalDataInventory.flatMap((domain) => domain.tables.map(({ table }) => table));
    const unreached = tables.filter(
      (table) => !reached.has(table) && !(table in outliving) && !(table in ofDeployment),
    );
    expect(unreached, 'say in erasure/scope/ownership.ts whose rows these are').toEqual([]);
    for (const table of [...Object.keys(outliving), ...Object.keys(ofDeployment)]) expect(tables).toContain(table);
  });

  it('E1: finds its way through every large table by an index', async () => {
    const small = ['providers', 'sms_numbers', 'work_ranges', 'campaign_schedules'];
    for (const scope of ['PROJECT', 'ACCOUNT'] as const) {
      const lost = (await readPlaces(database, scope, personalDataInventory)).filter(({ walk }) => walk.length === 0);
      const known = lost.filter(({ table }) => !small.includes(table)).map(({ table }) => table);
      expect(known, scope).toEqual(scope === 'PROJECT' ? withOneRow : withFewRows);
    }
  });
  /** One row a project, found by a primary key of one column. */
  const withOneRow = [
    'audience_rules',
    'erasure_settings',
    'event_settings',
    'event_streams',
    'messaging_settings',
    'open_dsr_settings',
    'project_settings',
  ];
  /** Of those who run the deployment. */
  const withFewRows = ['credentials', 'user_policies'];

  it('E5: leaves nothing of it in any table, and all of its neighbour', async () => {
    const [project, neighbour] = [await createProject(), await createProject()];
    await fill(project);
    await fill(neighbour);
    const before = await rowsOf(project);
    expect(Object.entries(before).filter(([, count]) => count === 0)).toEqual([]);
    const untouched = await rowsOf(neighbour);
    expect(await tablesWith(database, project.marker)).not.toEqual([]);

    await deleteApp(project.id);
    await expect(
      client.send(new GetEndpointCommand({ ApplicationId: project.id, EndpointId: project.marker })),
    ).rejects.toMatchObject({ name: 'NotFoundException' });
    const erasure = await completed(project.id);

    expect(Object.entries(await rowsOf(project)).filter(([, count]) => count > 0)).toEqual([]);
    // A number of the account stays, with what was set for it; so do messages that named no project.
    expect((await tablesWith(database, project.marker)).filter((table) => table !== 'sms_numbers')).toEqual([]);
    expect(await rowsOf(neighbour)).toEqual(untouched);
    const erased = Object.fromEntries(
      erasure.Places.map((place: { Place: string; Erased: number }) => [place.Place, place.Erased]),
    );
    for (const [table, count] of Object.entries(before)) {
      // DeleteApp itself removes these.
      if (!['tags', 'project_settings', 'campaign_schedules'].includes(table))
        expect([table, erased[table]]).toEqual([table, count]);
    }
  });

  it('E18: ends with a receipt that says what was erased and what stays, and names nobody', async () => {
    const project = await createProject();
    await fill(project);
    await deleteApp(project.id);
    const { ErasureId, Kept, Places } = await completed(project.id);
    const { body } = await callApi(server, `GET /repoint/v1/erasure-receipts/${ErasureId}`);
    expect(body).toMatchObject({ account: accountId, software: `repoint ${version}` });
    const receipt = body.erasure;
    expect(receipt).toMatchObject({
      ...{ kind: 'PROJECT', project: { id: project.id, region: 'us-east-1' }, origin: 'DELETE_APP' },
      erased: Places.reduce((sum: number, { Erased }: { Erased: number }) => sum + Erased, 0),
    });
    expect(Kept).toContainEqual(expect.objectContaining({ Place: 'files in object stores', Count: 1 }));
    for (const place of ['files in object stores', 'event stream files']) {
      expect(receipt.kept).toContainEqual(expect.objectContaining({ place, count: 1 }));
    }
    expect(JSON.stringify(body)).not.toContain(project.marker);
    const other = await server.addAccount();
    const { status } = await callApi(server, `GET /repoint/v1/project-erasures/${ErasureId}`, { credentials: other });
    expect(status).toBe(404);
    const theirs = await callApi(server, `GET /repoint/v1/erasure-receipts/${ErasureId}`, { credentials: other });
    expect(theirs.status).toBe(404);
  });

  it('E6: stops what is being sent: no message leaves that was not claimed before', async () => {
    const project = await createProject();
    await fill(project);
    const sending = { stop: false, after: 0, deletedAt: Number.POSITIVE_INFINITY };
    const send = async () => {
      const asked = performance.now();
      const { MessageResponse } = await client
        .send(
          new SendMessagesCommand({
            ApplicationId: project.id,
            MessageRequest: {
              Addresses: { [`${randomUUID()}@example.com`]: { ChannelType: 'EMAIL' } },
              MessageConfiguration: {
                EmailMessage: {
                  FromAddress: 'shop@example.com',
                  SimpleEmail: { TextPart: { Data: 'x' }, Subject: { Data: 'x' } },
                },
              },
            },
          }),
        )
        .catch(() => ({ MessageResponse: undefined }));
      const results = Object.values(MessageResponse?.Result ?? {});
      if (asked > sending.deletedAt && results.some(({ DeliveryStatus }) => DeliveryStatus === 'SUCCESSFUL'))
        sending.after += 1;
    };
    const senders = Array.from({ length: 50 }, async () => {
      while (!sending.stop) await send();
    });
    await pause(300);
    await deleteApp(project.id);
    sending.deletedAt = performance.now();
    await pause(500);
    sending.stop = true;
    await Promise.all(senders);
    expect(sending.after).toBe(0);
    await completed(project.id);
    expect(Object.entries(await rowsOf(project)).filter(([, count]) => count > 0)).toEqual([]);
  });

  it('E7: waits for whoever began to write before it, and erases that as well', async () => {
    const project = await createProject();
    await fill(project);
    const written = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const writer = database.transaction(async (tx) => {
      await sql`
        insert into attribute_names (project_number, kind, name)
        values (${project.number}, 'attribute', ${`late-${project.marker}`})`.execute(tx);
      written.resolve();
      await held.promise;
    });
    await written.promise;
    await deleteApp(project.id);
    await pause(3_500);
    expect((await erasureOf(project.id)).State).not.toBe('COMPLETED');
    held.resolve();
    await writer;
    await completed(project.id);
    expect(await tablesWith(database, `late-${project.marker}`)).toEqual([]);
  });

  it('E6: stops an import, an export and a stream in the middle, and erases what they had come to', async () => {
    const project = await createProject();
    const doomed = 6_000;
    const ApplicationId = project.id;
    const place = { RoleArn: 'arn:aws:iam::123456789012:role/files' };
    const folder = join(server.dataDirectory, 'buckets/crm', project.id);
    mkdirSync(folder, { recursive: true });
    const row = (n: number) => `${project.marker}-${n},EMAIL,${project.marker}-${n}@example.com\n`;
    const content = Array.from({ length: doomed }, (_, n) => row(n)).join('');
    writeFileSync(join(folder, 'people.csv'), `Id,ChannelType,Address\n${content}`);
    await callApi(server, `PUT /repoint/v1/apps/${project.id}/event-stream-destination`, {
      body: { Files: { Url: `s3://crm/${project.id}/events`, Seconds: 1 } },
    });
    const importing = await client.send(
      new CreateImportJobCommand({
        ApplicationId,
        ImportJobRequest: {
          ...{ ...place, S3Url: `s3://crm/${project.id}/people.csv`, Format: 'CSV' },
          ...{ RegisterEndpoints: true, DefineSegment: true, SegmentName: project.marker },
        },
      }),
    );
    await vi.waitFor(async () => expect((await rowsOf(project))['endpoints']).toBeGreaterThan(0), {
      ...{ timeout: 20_000, interval: 20 },
    });
    const Event = { EventType: 'opened', Timestamp: new Date().toISOString(), Attributes: { word: project.marker } };
    await client.send(
      new PutEventsCommand({
        ApplicationId,
        EventsRequest: { BatchItem: { [`${project.marker}-0`]: { Endpoint: {}, Events: { one: Event } } } },
      }),
    );
    await client.send(
      new CreateExportJobCommand({
        ApplicationId,
        ExportJobRequest: { ...place, S3UrlPrefix: `s3://crm/${project.id}/out` },
      }),
    );
    await deleteApp(project.id);
    const JobId = importing.ImportJobResponse?.Id;
    await expect(client.send(new GetImportJobCommand({ ApplicationId, JobId }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    await completed(project.id);
    await pause(1_500);
    expect(Object.entries(await rowsOf(project)).filter(([, count]) => count > 0)).toEqual([]);
    expect(await tablesWith(database, project.marker)).toEqual([]);
    const unfinished = join(server.dataDirectory, 'buckets/.unfinished');
    expect(existsSync(unfinished) ? readdirSync(unfinished) : []).toEqual([]);
    const { rows: jobs } = await sql`
      select from graphile_worker._private_jobs where payload ->> 'projectNumber' = ${String(project.number)}`.execute(
      database.query,
    );
    expect(jobs).toEqual([]);
  });
});

/**
 * E5, E10: somebody who is everywhere is erased from a whole server, and nothing of them is left: in no column of any table,
 * no file, no log line; and after the partitions are rewritten, in no byte of the stopped cluster.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  CreateCampaignCommand,
  CreateExportJobCommand,
  CreateSegmentCommand,
  DeleteEndpointCommand,
  GetCampaignCommand,
  GetExportJobCommand,
  PinpointClient,
  PutEventsCommand,
  SendMessagesCommand,
  SendUsersMessagesCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { afterAll, expect, it, vi } from 'vitest';
import { personalDataInventory } from '../../src/app/inventory.ts';
import {
  type Database,
  type Embedded,
  openDatabase,
  openEmbedded,
  withTimePartition,
} from '../../src/database/index.ts';
import { forgetIdleValues } from '../../src/domains/audience/idle-values.ts';
import { token } from '../../src/domains/audience/index.ts';
import { addressHashes } from '../../src/domains/messaging/sends/send.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { MasterKey } from '../../src/kernel/master-key.ts';
import { scanFolder } from '../support/byte-scan.ts';
import { makeDataDirectoryIn, placeOf } from '../support/embedded-processes.ts';
import { erase, identity, importRows, newProject, sendCode } from '../support/erasure.ts';
import { type RunningProgram, readCredentials, runProgram, startServer } from '../support/program.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import type { TestServer } from '../support/test-server.ts';

const dataDirectory = makeDataDirectoryIn(0o711);
const settings = { REPOINT_DATA_DIR: dataDirectory, REPOINT_LOG_LEVEL: 'info' };
/** In lower case, and in nobody else's. */
const word = `zq${randomBytes(6).toString('hex')}`;
const digits = `1570${randomInt(1_000_000, 9_999_999)}`;
const phone = `+49${digits}`;
const email = `${word}@example.com`;
const words = [word, digits];
const bystander = 'zz-bystander';

let server: RunningProgram | undefined;
let embedded: Embedded | undefined;
let database: Database | undefined;
afterAll(async () => {
  await database?.close();
  await embedded?.close();
  await server?.end('SIGKILL');
});

const soon = <Result>(check: () => Promise<Result>): Promise<Result> =>
  vi.waitFor(check, { timeout: 60_000, interval: 100 });

function putFile(key: string, text: string): string {
  const path = join(dataDirectory, 'buckets/crm', key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return `s3://crm/${key}`;
}

/** @returns places by name that had them at the end */
async function plant(asServer: TestServer, client: PinpointClient, ApplicationId: string): Promise<void> {
  const api = `/repoint/v1/apps/${ApplicationId}`;
  await callApi(asServer, `PUT ${api}/event-stream-destination`, {
    body: { Files: { Url: 's3://crm/stream', Seconds: 1 } },
  });
  const attributes = { word: [word], Name: [word] };
  const put = (EndpointId: string, ChannelType: 'EMAIL' | 'SMS', Address: string, UserId: string) =>
    client.send(
      new UpdateEndpointCommand({
        ApplicationId,
        EndpointId,
        EndpointRequest: {
          ...{ ChannelType, Address, Attributes: attributes, Location: { City: word, Country: 'DEU' } },
          Demographic: { Make: word, Model: word, AppVersion: word },
          User: { UserId, UserAttributes: { word: [word] } },
        },
      }),
    );
  await put(`e-${word}`, 'EMAIL', `former-${email}`, `former-${word}`);
  await put(`e-${word}`, 'EMAIL', email, `u-${word}`);
  await put(`s-${word}`, 'SMS', phone, `u-${word}`);
  await client.send(
    new UpdateEndpointCommand({
      ...{ ApplicationId, EndpointId: bystander },
      EndpointRequest: { ChannelType: 'EMAIL', Address: `${bystander}@example.com`, Attributes: { Name: ['N'] } },
    }),
  );
  const event = (type: string) => ({
    ...{ EventType: type, Timestamp: new Date().toISOString(), Attributes: { word, page: `/${word}` } },
    Session: { Id: word, StartTimestamp: new Date().toISOString() },
  });
  await client.send(
    new PutEventsCommand({
      ApplicationId,
      EventsRequest: {
        BatchItem: { [`e-${word}`]: { Endpoint: {}, Events: { one: event('seen'), two: event(`rare.${word}`) } } },
      },
    }),
  );
  const MessageConfiguration = {
    EmailMessage: {
      SimpleEmail: { Subject: { Data: `Dear ${word}` }, TextPart: { Data: 'Hello {{Attributes.Name}} {{code}}' } },
      Substitutions: { code: [word] },
    },
    SMSMessage: { Body: `Hello ${word}` },
  };
  await callApi(asServer, `POST /v1/apps/${ApplicationId}/messages`, {
    service: 'mobiletargeting',
    headers: { 'idempotency-key': 'planted' },
    body: {
      Endpoints: { [`e-${word}`]: {}, [`s-${word}`]: {} },
      Addresses: { [`${email}`]: { ChannelType: 'EMAIL' } },
      MessageConfiguration,
    },
  });
  await client.send(
    new SendMessagesCommand({
      ApplicationId,
      MessageRequest: { Addresses: { [phone]: { ChannelType: 'SMS' } }, MessageConfiguration },
    }),
  );
  await client.send(
    new SendUsersMessagesCommand({
      ApplicationId,
      SendUsersMessageRequest: { Users: { [`u-${word}`]: { Substitutions: { code: [word] } } }, MessageConfiguration },
    }),
  );
  await sendCode(asServer, ApplicationId, phone);
  await callApi(asServer, 'POST /repoint/v1/suppressed-addresses', {
    body: { Channel: 'EMAIL', Address: email, Detail: `asked: ${word}` },
  });
  const rows = [
    { Id: `e-${word}`, ChannelType: 'EMAIL', Address: email, User: { UserId: `u-${word}` }, Attributes: attributes },
    { Id: `i-${word}`, ChannelType: 'SMS', Address: phone, User: { UserId: `u-${word}` }, Attributes: attributes },
    { Id: `f-${word}`, ChannelType: word, Address: email, User: { UserId: `u-${word}` } },
    { User: { UserId: `u-${word}` } },
    { Id: bystander, ChannelType: 'EMAIL', Address: `${bystander}@example.com` },
  ];
  await importRows(
    asServer,
    ApplicationId,
    putFile('in.json', `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`),
  );
  await client
    .send(
      new CreateExportJobCommand({
        ApplicationId,
        ExportJobRequest: { RoleArn: 'arn:aws:iam::1:role/r', S3UrlPrefix: 's3://crm/out/' },
      }),
    )
    .then(({ ExportJobResponse }) =>
      soon(async () => {
        const { ExportJobResponse: job } = await client.send(
          new GetExportJobCommand({ ApplicationId, JobId: ExportJobResponse?.Id }),
        );
        expect(job?.JobStatus).toBe('COMPLETED');
      }),
    );
  const { SegmentResponse } = await client.send(
    new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest: { Name: 'all', Dimensions: {} } }),
  );
  const { CampaignResponse } = await client.send(
    new CreateCampaignCommand({
      ApplicationId,
      WriteCampaignRequest: {
        ...{ Name: 'to all', SegmentId: SegmentResponse?.Id, Schedule: { StartTime: 'IMMEDIATE' } },
        MessageConfiguration: { EmailMessage: { Title: 'Hi {{Attributes.Name}}', Body: 'Hi {{Attributes.Name}}' } },
      },
    }),
  );
  await soon(async () => {
    const { CampaignResponse: now } = await client.send(
      new GetCampaignCommand({ ApplicationId, CampaignId: CampaignResponse?.Id }),
    );
    expect(now?.State?.CampaignStatus).toBe('COMPLETED');
  });
}

/** What needs a provider around the server to come about. */
async function plantRows(ApplicationId: string, { query }: Database): Promise<void> {
  const { rows } = await sql<{ number: number; account: string }>`
    select number, account_id as account from projects where id = ${ApplicationId}`.execute(query);
  const { number, account } = rows[0] as { number: number; account: string };
  const hashes = addressHashes(MasterKey.parse(readFileSync(join(dataDirectory, 'master-key'), 'utf8')));
  await sql`
    insert into inbound_messages (id, account_id, region, provider_key, provider_message_id, number, from_address,
      address_hash, body, action, sent_at, received_at, project_number)
    values ('inbound', ${account}, 'us-east-1', 'p', ${`m-${randomBytes(4).toString('hex')}`}, '+4915799', ${phone},
      ${hashes.of(phone)}, ${`I am ${word}`}, 'NONE', now(), now(), ${number})`.execute(query);
  await withTimePartition(query, 'provider_messages', [new Date()], () =>
    sql`
      insert into provider_messages (provider_message_id, sent_at, project_number, bucket, recipient, run_id, started_at)
      select 'of ' || recipient, now(), project_number, bucket, recipient, run_id, started_at from sends
      where project_number = ${number} and recipient like ${`%${word}%`} limit 1`.execute(query),
  );
  await sql`
    insert into campaign_triggers (project_number, bucket, endpoint_id, id, campaign_id, treatment_id, arrived_at, holder, lease_until)
    select ${number}, bucket, id, 'trigger', 'none', '0', now(), 'nobody', now() + interval '1 hour'
    from endpoints where project_number = ${number} and id = ${`e-${word}`}`.execute(query);
  await sql`
    insert into campaign_recipients (project_number, bucket, endpoint_id, campaign_id, targeted, sent_at)
    select project_number, bucket, id, 'other', 1, array[now()] from endpoints
    where project_number = ${number} and id = ${`e-${word}`}`.execute(query);
}

/**
 * Places of the inventory that hold people as hashes or sealed, or only while something is under way: no search for words
 * finds anybody there.
 */
const heldWithoutWords: Readonly<Record<string, string>> = {
  access_requests: 'Sealed until the archive is written; forgotten then.',
  attribute_names: 'Hashes of values, beside nobody.',
  campaign_addresses: 'Hashes.',
  erasure_pieces: 'Sealed; gone with the end of the request.',
  erasure_requests: 'Sealed; gone with the end of the request.',
  erasure_retained: 'Sealed; only what a hold names.',
  event_fingerprints: 'Keyed hashes.',
  file_erasures: 'Sealed; gone with the end of the erasure.',
  idempotent_calls: 'Sealed.',
  one_time_passwords: 'Keyed hashes.',
  scope_erasure_places: 'A cursor, while a project is erased.',
  work_ranges: 'A cursor, while a range is worked on.',
};

/** Whether the hash of the word is kept, as a value that some user has. */
async function hashIsKept({ query }: Database, applicationId: string): Promise<boolean> {
  const { rows } = await sql<{ number: number; tokens: readonly string[] }>`
    select number, value_tokens::text[] as tokens from projects
    join attribute_names on project_number = number and kind = 'user attribute' and attribute_names.name = 'word'
    where projects.id = ${applicationId}`.execute(query);
  const [names] = rows;
  return names?.tokens.includes(token(names.number, 'user attribute', 'word', word)) ?? false;
}

/** Tables with people in which the words are not. */
function wordless(planted: readonly string[]): string[] {
  return personalDataInventory
    .flatMap(({ tables }) => tables)
    .filter(({ columns }) => Object.values(columns).some((kind) => kind === 'identity' || kind === 'personal'))
    .map(({ table }) => table)
    .filter((table) => !planted.includes(table))
    .toSorted();
}

it('E5 E10: nothing of somebody who is everywhere is left', { timeout: 400_000 }, async () => {
  server = await startServer(settings);
  const credentials = readCredentials(dataDirectory);
  const client = new PinpointClient({ region: 'us-east-1', endpoint: server.origin, credentials });
  embedded = await openEmbedded({ dataDirectory, mode: 'join', logger: createLogger('silent') });
  database = await openDatabase({ connection: embedded.connection, logger: createLogger('silent'), poolSize: 2 });
  const asServer = {
    origin: server.origin,
    administrator: credentials,
    client: () => client,
    database,
  } as unknown as TestServer;
  const ApplicationId = await newProject(asServer);
  await plant(asServer, client, ApplicationId);
  await plantRows(ApplicationId, database);
  await soon(async () => expect(scanFolder(join(dataDirectory, 'buckets'), [word]).hits.join()).toMatch(/stream/));

  const planted = await tablesWith(database, word);
  const numbered = await tablesWith(database, digits);
  const files = scanFolder(join(dataDirectory, 'buckets'), words);
  await sql`checkpoint`.execute(database.query);
  const before = scanFolder(join(placeOf(dataDirectory), 'cluster'), words);
  // Whoever adds a table that holds people plants somebody in it, or says why it holds them in no words.
  expect(wordless(planted)).toEqual(Object.keys(heldWithoutWords).toSorted());
  expect(before.hits.some((hit) => hit.includes('pg_wal'))).toBe(true);

  expect(await hashIsKept(database, ApplicationId)).toBe(true);

  // Two of them, one after the other, so that both ways are gone.
  const ended = await erase(asServer, ApplicationId, {
    Identities: [
      identity('USER_ID', `u-${word}`),
      identity('EMAIL', `former-${email}`),
      identity('USER_ID', `former-${word}`),
    ],
  });
  expect(ended, JSON.stringify(ended)).toMatchObject({ State: 'COMPLETED', Skipped: [] });
  await expect(client.send(new DeleteEndpointCommand({ ApplicationId, EndpointId: `e-${word}` }))).rejects.toThrow();
  expect(await tablesWith(database, word)).toEqual([]);
  expect(await tablesWith(database, digits)).toEqual([]);
  // bytea is shown as hex.
  expect(await tablesWith(database, Buffer.from(word).toString('hex'))).toEqual([]);
  const filesAfter = scanFolder(join(dataDirectory, 'buckets'), words);
  expect(filesAfter.hits).toEqual([]);
  expect(await tablesWith(database, bystander)).toContain('sends');
  // Looks that come by themselves within minutes.
  const { number } = await database.query
    .selectFrom('projects')
    .select('number')
    .where('id', '=', ApplicationId)
    .executeTakeFirstOrThrow();
  await forgetIdleValues(database, number, 0);
  await forgetIdleValues(database, number, 0);
  expect(await hashIsKept(database, ApplicationId)).toBe(false);

  // Plain deletion leaves bytes in the cluster: otherwise the rest would prove nothing.
  await sql`checkpoint`.execute(database.query);
  const unscrubbed = scanFolder(join(placeOf(dataDirectory), 'cluster'), words);
  expect(unscrubbed.hits.length).toBeGreaterThan(0);

  const slowest = await duringScrub(client, ApplicationId);
  const relations = await relationsByFile(database);
  await database.close();
  database = undefined;
  await embedded.close();
  embedded = undefined;
  client.destroy();
  const { errors } = server.text();
  await server.end();
  for (const each of words) expect(errors).not.toContain(each);
  const places = [...new Set([dataDirectory, placeOf(dataDirectory)])];
  const after = places.map((place) => scanFolder(place, [...words, bystander]));
  const bytes = after.reduce((sum, each) => sum + each.bytes, 0);
  const count = after.reduce((sum, each) => sum + each.files, 0);
  console.log(
    `E5: planted in ${new Set([...planted, ...numbered]).size} tables (${planted.join(', ')}) and ${files.hits.length} file(s) of buckets; ` +
      `${before.hits.length} places in the cluster's files before, ${unscrubbed.hits.length} after the erasure, ` +
      `${after.flatMap(({ hits }) => hits).length} after the rewriting, in ${count} files of ${bytes} bytes. ${slowest}`,
  );
  expect(after.flatMap(({ hits }) => hits).map(named(relations))).toEqual([]);
});

/** So that a hit says which table or index it is in. */
async function relationsByFile({ query }: Database): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ file: string; relation: string }>`
    select pg_relation_filenode(oid)::text as file, oid::regclass::text as relation from pg_class
    where pg_relation_filenode(oid) is not null`.execute(query);
  return new Map(rows.map(({ file, relation }) => [file, relation]));
}

const named = (relations: ReadonlyMap<string, string>) => (hit: string) => {
  const file = /base\/[0-9]+\/([0-9]+)/.exec(hit)?.[1] ?? '';
  return `${hit} (${relations.get(file) ?? 'no relation'})`;
};

/** Somebody is written all the time meanwhile. @returns how long it took them at most */
async function duringScrub(client: PinpointClient, ApplicationId: string): Promise<string> {
  let over = false;
  let [slowest, calls] = [0, 0];
  const traffic = (async () => {
    while (!over) {
      const begun = performance.now();
      await client.send(
        new UpdateEndpointCommand({
          ...{ ApplicationId, EndpointId: `other-${calls % 50}` },
          EndpointRequest: { ChannelType: 'EMAIL', Address: `other-${calls % 50}@example.com` },
        }),
      );
      slowest = Math.max(slowest, performance.now() - begun);
      calls += 1;
    }
  })();
  const { exitCode, output, errors } = await runProgram(['scrub'], settings);
  over = true;
  await traffic;
  // Everybody else goes by the command, which rewrites at once.
  const receipt = join(mkdtempSync(join(tmpdir(), 'repoint-receipts-')), 'receipt.json');
  const people = ['--project', ApplicationId, '--endpoint', bystander];
  const erased = await runProgram(['erase', ...people, '--yes', '--now', '--receipt', receipt], settings);
  expect([erased.exitCode, erased.errors]).toEqual([0, expect.stringContaining('completed')]);
  expect(erased.output).toMatch(/[1-9][0-9]* partition\(s\) rewritten/);
  expect(exitCode, errors).toBe(0);
  expect(output).toMatch(/[1-9][0-9]* partition\(s\) rewritten/);
  return `${output.trim()} ${calls} UpdateEndpoint meanwhile, the slowest ${Math.round(slowest)} ms.`;
}

/** Closing an account: everything stops at once, an operator may open it again, and then all of it is erased. */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateAppCommand,
  CreateEmailTemplateCommand,
  GetAppCommand,
  GetAppsCommand,
  SendMessagesCommand,
  UpdateEmailChannelCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { personalDataInventory } from '../../src/app/inventory.ts';
import { reopenAccount, verifyChains, verifyReceipt } from '../../src/domains/erasure/index.ts';
import { readChain } from '../../src/domains/erasure/receipts/store.ts';
import { keepScopes } from '../../src/domains/erasure/scope/job-definitions.ts';
import { readPlaces } from '../../src/domains/erasure/scope/places.ts';
import { enqueue } from '../../src/jobs/index.ts';
import { MasterKey } from '../../src/kernel/master-key.ts';
import { fillTables } from '../support/fill-tables.ts';
import { callApi } from '../support/repoint-api.ts';
import { tablesWith } from '../support/tables-with.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { startTestServer, type TestAccount } from '../support/test-server.ts';

let now = new Date();
const testDatabase = await openTestDatabase({ poolSize: 20 });
const deployment = { testDatabase, masterKey: new MasterKey(randomBytes(32)) };
const clock = { now: () => new Date(now) };
const server = await startTestServer({ deployment, clock });
/** A second node, at the same time of day since either may keep what is due: what the first closes is closed there too. */
const otherNode = await startTestServer({ deployment, clock });
const { database } = server;

const dayMilliseconds = 24 * 3_600_000;

/** An account with a project in which something can be sent. */
async function addFilledAccount() {
  const account = await server.addAccount();
  const client = server.client({ credentials: account });
  const marker = `marker${randomUUID().replaceAll('-', '')}`;
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: marker, tags: { word: marker } } }),
  );
  const ApplicationId = ApplicationResponse?.Id as string;
  const EmailChannelRequest = {
    ...{ FromAddress: 'shop@example.com', Identity: 'arn:aws:ses:us-east-1:123456789012:identity/example.com' },
    Enabled: true,
  };
  await client.send(new UpdateEmailChannelCommand({ ApplicationId, EmailChannelRequest }));
  const EndpointRequest = { ChannelType: 'EMAIL', Address: `${marker}@example.com` } as const;
  await client.send(new UpdateEndpointCommand({ ApplicationId, EndpointId: marker, EndpointRequest }));
  await client.send(
    new CreateEmailTemplateCommand({
      TemplateName: marker,
      EmailTemplateRequest: { Subject: marker, TextPart: marker },
    }),
  );
  return { account, client, marker, ApplicationId };
}

const closing = (account: TestAccount, AccountId: string) =>
  callApi(server, 'POST /repoint/v1/account/close', { credentials: account, body: { AccountId } });

const refused = { name: 'UnrecognizedClientException' };

async function keep(): Promise<void> {
  await enqueue(database.query, keepScopes, {});
}

describe('closing an account', () => {
  it('wants its id, typed, and tells until when it can be opened again', async () => {
    const { account } = await addFilledAccount();
    const shown = await callApi(server, 'GET /repoint/v1/account', { credentials: account });
    expect(shown).toMatchObject({ status: 200, body: { AccountId: account.accountId, Name: 'test' } });
    expect(shown.body.ClosedDate).toBeUndefined();
    for (const typed of ['', '*', server.administrator.accountId, ` ${account.accountId}`]) {
      expect(await closing(account, typed)).toMatchObject({ status: 400, errorType: 'BadRequestException' });
    }
    const closed = await closing(account, account.accountId);
    expect(closed.status).toBe(202);
    const { ClosedDate, ErasureDate } = closed.body;
    expect(Date.parse(ErasureDate) - Date.parse(ClosedDate)).toBe(90 * dayMilliseconds);
  });

  it('is for administrators: no other ready-made policy allows it', async () => {
    const { account } = await addFilledAccount();
    for (const policy of ['read-only', 'sender', 'privacy-officer']) {
      const body = { UserName: policy, Policies: [policy] };
      await callApi(server, 'POST /repoint/v1/users', { credentials: account, body });
      const made = await callApi(server, `POST /repoint/v1/users/${policy}/access-keys`, { credentials: account });
      const credentials = { accessKeyId: made.body.AccessKeyId, secretAccessKey: made.body.SecretAccessKey };
      const answer = await callApi(server, 'POST /repoint/v1/account/close', {
        credentials,
        body: { AccountId: account.accountId },
      });
      expect([policy, answer.status]).toEqual([policy, 403]);
    }
  });

  it('ends sessions and keys on every node, and keeps passwords from working', async () => {
    const { account, client, ApplicationId } = await addFilledAccount();
    const Password = 'correct horse battery';
    const CreateUserRequest = { UserName: 'lea', Password, Policies: ['administrator'] };
    await callApi(server, 'POST /repoint/v1/users', { credentials: account, body: CreateUserRequest });
    const signIn = (typed = Password) =>
      callApi(server, 'POST /repoint/v1/sign-in', {
        credentials: null,
        body: { AccountId: account.accountId, UserName: 'lea', Password: typed },
      });
    const { body: session } = await signIn();
    const credentials = {
      ...{
        accessKeyId: session.AccessKeyId,
        secretAccessKey: session.SecretAccessKey,
        sessionToken: session.SessionToken,
      },
    };
    const elsewhere = otherNode.client({ credentials: account });
    const signedIn = otherNode.client({ credentials });
    for (const each of [client, elsewhere, signedIn]) await each.send(new GetAppCommand({ ApplicationId }));

    expect((await closing(account, account.accountId)).status).toBe(202);
    for (const each of [client, elsewhere, signedIn]) {
      await vi.waitFor(
        () => expect(each.send(new GetAppCommand({ ApplicationId }))).rejects.toMatchObject(refused),
        2_000,
      );
    }
    // What can still be done is for whoever knows the password.
    const told = new RegExp(`^The account is closed. Until .*repoint accounts reopen ${account.accountId}`);
    for (let times = 0; times < 6; times += 1) {
      expect(await signIn()).toMatchObject({ status: 403, body: { Message: expect.stringMatching(told) } });
    }
    expect((await signIn('not the password')).body.Message).toMatch(/^User name or password are not right/);
    expect(await closing(account, account.accountId)).toMatchObject({ errorType: 'UnrecognizedClientException' });

    await database.transaction((tx) => reopenAccount(tx, account.accountId));
    await vi.waitFor(() => client.send(new GetAppCommand({ ApplicationId })), 2_000);
    // Signed out is signed out.
    await expect(signedIn.send(new GetAppCommand({ ApplicationId }))).rejects.toMatchObject(refused);
    expect((await signIn()).status).toBe(200);
    const { ApplicationsResponse } = await client.send(new GetAppsCommand({}));
    expect(ApplicationsResponse?.Item?.map(({ Id }) => Id)).toEqual([ApplicationId]);
  });

  it('E6: sends nothing any more, also what was asked for before', async () => {
    const { account, client, ApplicationId, marker } = await addFilledAccount();
    const EmailMessage = {
      FromAddress: 'shop@example.com',
      SimpleEmail: { TextPart: { Data: 'x' }, Subject: { Data: 'x' } },
    };
    const send = () =>
      client.send(
        new SendMessagesCommand({
          ApplicationId,
          MessageRequest: { Endpoints: { [marker]: {} }, MessageConfiguration: { EmailMessage } },
        }),
      );
    await send();
    const stored = async () => {
      const { rows } = await sql<{ count: number }>`
        select count(*) as count from sends join projects on number = project_number
        where account_id = ${account.accountId} and projects.id = ${ApplicationId}`.execute(database.query);
      return rows[0]?.count ?? 0;
    };
    let closed = false;
    const asking = Array.from({ length: 20 }, async () => {
      while (!closed) await send().catch(() => undefined);
    });
    await pause(200);
    await closing(account, account.accountId);
    const atClosing = await stored();
    await pause(500);
    closed = true;
    await Promise.all(asking);
    // What was claimed before the closing was committed may be counted after it; nothing else comes.
    const after = await stored();
    expect(after - atClosing).toBeLessThanOrEqual(20);
    await pause(300);
    expect(await stored()).toBe(after);
  });
});

describe('a closed account', () => {
  it('is erased when its time is over, not before, with a receipt that outlives it', { timeout: 90_000 }, async () => {
    const { account, marker } = await addFilledAccount();
    const { accountId } = account;
    const places = await readPlaces(database, 'ACCOUNT', personalDataInventory);
    await fillTables(database, {
      marker,
      tables: [...places]
        .reverse()
        .map(({ table }) => table)
        .filter(
          (table) =>
            !['user_policies', 'templates', 'template_versions', 'users', 'credentials', 'policies'].includes(table),
        ),
      values: {
        ...{
          account_id: accountId,
          region: 'us-east-1',
          'sms_numbers.number': '+491570000',
          'sms_keywords.number': '+491570000',
        },
        ...{
          'providers.project_number': 0,
          'inbound_messages.project_number': null,
          'recommenders.transformer_uri': null,
        },
        ...{
          'recommenders.display_name': 'x',
          'recommenders.attributes': null,
          'recommenders.recommendations_per_message': 1,
        },
        ...{ 'sms_numbers.project_number': null },
      },
    });
    // Another project, in another region.
    const elsewhere = server.client({ credentials: account, region: 'eu-central-1' });
    const second = await elsewhere.send(new CreateAppCommand({ CreateApplicationRequest: { Name: marker } }));
    await elsewhere.send(
      new UpdateEndpointCommand({
        ...{ ApplicationId: second.ApplicationResponse?.Id, EndpointId: marker },
        EndpointRequest: { ChannelType: 'EMAIL', Address: `${marker}@example.com` },
      }),
    );
    const neighbour = await addFilledAccount();
    const ofNeighbour = await tablesWith(database, neighbour.marker);
    await closing(account, accountId);

    now = new Date(now.getTime() + 89 * dayMilliseconds);
    await keep();
    await pause(1_500);
    expect(await tablesWith(database, marker)).not.toEqual([]);

    now = new Date(now.getTime() + 2 * dayMilliseconds);
    await keep();
    await vi.waitFor(
      async () => {
        const { rows } = await sql`select from accounts where account_id = ${accountId}`.execute(database.query);
        expect(rows).toHaveLength(0);
      },
      { timeout: 60_000, interval: 200 },
    );
    expect(await tablesWith(database, marker)).toEqual([]);
    expect((await tablesWith(database, accountId)).toSorted()).toEqual([
      'erasure_ledger',
      'erasure_receipt_chains',
      'erasure_receipts',
      'scope_erasures',
    ]);
    expect(await tablesWith(database, neighbour.marker)).toEqual(ofNeighbour);
    const receipts = await readChain(database.query, accountId, 0, 100);
    expect(receipts.map(({ kind, state }) => [kind, state])).toEqual([
      ['PROJECT', 'COMPLETED'],
      ['PROJECT', 'COMPLETED'],
      ['ACCOUNT', 'COMPLETED'],
    ]);
    const verified = receipts.map(({ document }) => verifyReceipt(Buffer.from(document)));
    expect(verifyChains(verified)).toEqual([{ account: accountId, first: 1, last: 3 }]);
    const [first, other, whole] = verified.map(({ receipt }) => receipt.erasure);
    expect([first?.partOf, other?.partOf]).toEqual([whole?.id, whole?.id]);
    expect(JSON.stringify(receipts)).not.toContain(marker);
    await expect(database.transaction((tx) => reopenAccount(tx, accountId))).rejects.toThrow('being erased');
  });
});

/** E18: receipts through our API: of people, files and deletions, in one chain, naming nobody. */
import { hash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DeleteEndpointCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  checkStoredChains,
  everyReceipt,
  readPublicKey,
  type StoredReceipt,
  verifyChains,
  verifyReceipt,
} from '../../src/domains/erasure/index.ts';
import type { Receipt } from '../../src/domains/erasure/receipts/document.ts';
import { version } from '../../src/kernel/version.ts';
import { ended, erase, identity, importRows, newestRequest, newProject, plant } from '../support/erasure.ts';
import { callApi } from '../support/repoint-api.ts';
import { startTestServer } from '../support/test-server.ts';

const server = await startTestServer();
const { database, administrator } = server;
let ApplicationId: string;
let mark: string;
beforeEach(async () => {
  ApplicationId = await newProject(server);
  mark = `zq${Math.floor(Math.random() * 1e12)}`;
});

const somebody = () => ({ id: `e-${mark}`, userId: `u-${mark}`, email: `m-${mark}@example.com` });
const email = () => identity('EMAIL', `m-${mark}@example.com`);

async function receiptOf(id: string): Promise<{ readonly receipt: Receipt; readonly text: string }> {
  const stored = await sql<{ document: string }>`
    select document from erasure_receipts where erasure_id = ${id}`.execute(database.query);
  const text = stored.rows[0]?.document ?? '';
  return { receipt: verifyReceipt(Buffer.from(text)).receipt, text };
}

/** Whatever says who it was: itself, and hashes that anybody can make. */
function expectNobody(text: string): void {
  const { id, userId, email: address } = somebody();
  expect(text).not.toContain(mark);
  for (const name of [id, userId, address, `direct-${address}`]) {
    for (const algorithm of ['sha256', 'sha1', 'md5', 'sha512']) {
      const digest = hash(algorithm, name, 'buffer');
      for (const encoding of ['hex', 'base64', 'base64url'] as const) {
        expect(text).not.toContain(digest.toString(encoding).replace(/=+$/, ''));
      }
    }
  }
}

describe('E18: the receipt of a request', () => {
  it('says which places, with counts, when, by which version, and names nobody', async () => {
    await plant(server, ApplicationId, somebody());
    const done = await erase(server, ApplicationId, { Identities: [email()], RequestId: `for ${mark}` });
    const { receipt, text } = await receiptOf(done.Id);
    expect(receipt).toMatchObject({
      account: administrator.accountId,
      software: `repoint ${version}`,
      physical: { database: 'embedded', withinHours: 24 },
      erasure: {
        ...{ kind: 'PERSON', id: done.Id, mode: 'ERASE', origin: 'API', state: 'COMPLETED' },
        project: { id: ApplicationId, region: 'us-east-1' },
        subject: { identities: { EMAIL: 1 }, endpoints: 1, users: 1, addresses: 1, matched: true },
        ...{ kept: [], skipped: [] },
        completedAt: done.CompletedDate,
      },
    });
    const shown = receipt.erasure.places.map(({ name, found, erased }) => [name, found, erased]);
    const told = ({ Name, Found, Erased }: Record<string, unknown>) => [Name, Found, Erased];
    expect(shown).toEqual(done.Locations.map(told));
    // All that was found is gone, what went along with other rows as well.
    for (const { found, erased, left } of receipt.erasure.places) expect([erased >= found, left]).toEqual([true, 0]);
    expect(receipt.erasure.places.find(({ name }) => name === 'endpoints')).toMatchObject({
      found: 1,
      erased: 1,
      left: 0,
    });
    expectNobody(text);
  });

  it('comes from the API byte for byte, and as a page that runs nothing', async () => {
    await plant(server, ApplicationId, somebody());
    const done = await erase(server, ApplicationId, { Identities: [email()] });
    const { text } = await receiptOf(done.Id);
    const answer = await callApi(server, `GET /repoint/v1/erasure-receipts/${done.Id}`);
    expect(JSON.stringify(answer.body)).toBe(text);
    const { body: keys } = await callApi(server, 'GET /repoint/v1/receipt-keys');
    const trusted = keys.Item.map(({ Pem }: { Pem: string }) => readPublicKey(Pem));
    expect(verifyReceipt(Buffer.from(text), trusted).receipt.key).toBe(keys.Item[0].KeyId);
    const page = await callApi(server, `GET /repoint/v1/erasure-receipts/${done.Id}?format=html`);
    expect(page.body).toMatch(/^<!doctype html>.*default-src 'none'/s);
    expect((await callApi(server, `GET /repoint/v1/erasure-receipts/${done.Id}?format=pdf`)).status).toBe(400);
    expect((await callApi(server, 'GET /repoint/v1/erasure-receipts/unknown')).status).toBe(404);
  });

  it('of an identity that is nobody’s says so', async () => {
    const done = await erase(server, ApplicationId, { Identities: [email(), identity('USER_ID', mark)] });
    const { receipt, text } = await receiptOf(done.Id);
    expect(receipt.erasure).toMatchObject({
      state: 'COMPLETED',
      subject: { identities: { EMAIL: 1, USER_ID: 1 }, endpoints: 0, matched: false },
      erased: 0,
    });
    expect(receipt.erasure.places.length).toBeGreaterThan(10);
    expect(receipt.erasure.places.every(({ found, left }) => found + left === 0)).toBe(true);
    expectNobody(text);
  });

  it('tells what a hold keeps, why, and until when', async () => {
    await plant(server, ApplicationId, somebody());
    const hold = { Fields: ['events.*'], Reason: 'Accounts, § 147 AO', EndDate: '2036-01-01T00:00:00.000Z' };
    const made = await callApi(server, `POST /repoint/v1/apps/${ApplicationId}/erasure-holds`, { body: hold });
    expect(made.status).toBe(201);
    const done = await erase(server, ApplicationId, { Identities: [email()] });
    const { receipt, text } = await receiptOf(done.Id);
    expect(receipt.erasure.kept).toEqual([
      {
        place: 'events of endpoints',
        count: expect.any(Number),
        reason: 'Accounts, § 147 AO',
        until: '2036-01-01T00:00:00.000Z',
      },
    ]);
    expect(receipt.erasure.kept[0]?.count).toBeGreaterThan(0);
    expect(receipt.erasure.places.find(({ name }) => name === 'events of endpoints')?.retained).toBe(
      receipt.erasure.kept[0]?.count,
    );
    expectNobody(text);
  });

  it('is there for a deletion through Pinpoint’s API, and not for a request that was taken back', async () => {
    await plant(server, ApplicationId, somebody());
    await server.client().send(new DeleteEndpointCommand({ ApplicationId, EndpointId: `e-${mark}` }));
    const { Id } = await newestRequest(server, ApplicationId);
    const { receipt, text } = await receiptOf(Id);
    expect(receipt.erasure).toMatchObject({ origin: 'DELETE_ENDPOINT', state: 'COMPLETED', subject: { endpoints: 1 } });
    expectNobody(text);
    const path = `/repoint/v1/apps/${ApplicationId}/erasure-requests`;
    const waiting = await callApi(server, `POST ${path}`, { body: { Identities: [email()], WaitingDays: 7 } });
    await callApi(server, `DELETE ${path}/${waiting.body.Id}`);
    await ended(server, ApplicationId, waiting.body.Id);
    expect((await callApi(server, `GET /repoint/v1/erasure-receipts/${waiting.body.Id}`)).status).toBe(404);
  });
});

describe('E18: the receipt of an erasure in files', () => {
  const write = (key: string, content: string) => {
    const file = join(server.dataDirectory, 'buckets', 'audience', key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return `s3://audience/${key}`;
  };
  const eraseFiles = async (body: object) => {
    const path = `/repoint/v1/apps/${ApplicationId}/file-erasures`;
    const asked = await callApi(server, `POST ${path}`, { body });
    return vi.waitFor(async () => {
      const got = await callApi(server, `GET ${path}/${asked.body.Id}`);
      expect(got.body.CompletionDate).toBeDefined();
      return got.body;
    }, 10_000);
  };

  it('counts rows, and names neither the person nor the file', async () => {
    const row = { ChannelType: 'EMAIL', Address: `m-${mark}@example.com`, Id: `e-${mark}` };
    const Url = write(
      `${mark}/people.json`,
      `${JSON.stringify(row)}\n${JSON.stringify({ ...row, Id: 'x', Address: 'x@y.z' })}\n`,
    );
    await importRows(server, ApplicationId, Url);
    const dry = await eraseFiles({
      ...{ Action: 'REWRITE', DryRun: true, Identities: [{ Type: 'ENDPOINT_ID', Value: `e-${mark}` }] },
    });
    expect((await callApi(server, `GET /repoint/v1/erasure-receipts/${dry.Id}`)).status).toBe(404);
    const done = await eraseFiles({ Action: 'REWRITE', Identities: [{ Type: 'ENDPOINT_ID', Value: `e-${mark}` }] });
    const { receipt, text } = await receiptOf(done.Id);
    expect(receipt.erasure).toMatchObject({
      ...{ kind: 'FILES', mode: 'REWRITE', state: 'COMPLETED' },
      subject: { identities: { ENDPOINT_ID: 1 }, matched: true },
    });
    expect(receipt.erasure.places.find(({ name }) => name === 'rows in files')).toMatchObject({ found: 1, erased: 1 });
    expectNobody(text);
  });
});

describe('E18: the chain', () => {
  it('of concurrent requests has no gap and no fork, and shows what somebody does to it', async () => {
    const asked = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        callApi(server, `POST /repoint/v1/apps/${ApplicationId}/erasure-requests`, {
          body: { Identities: [identity('USER_ID', `${mark}-${index}`)] },
        }),
      ),
    );
    await Promise.all(asked.map(({ body }) => ended(server, ApplicationId, body.Id)));
    const receipts: StoredReceipt[] = [];
    for await (const receipt of everyReceipt(database.query, administrator.accountId)) receipts.push(receipt);
    const [chain] = verifyChains(receipts.map(({ document }) => verifyReceipt(Buffer.from(document))));
    expect(chain).toEqual({ account: administrator.accountId, first: 1, last: receipts.length });
    expect((await checkStoredChains(database.query)).faults).toEqual([]);

    const { body } = await callApi(server, `GET /repoint/v1/erasure-receipts?project-id=${ApplicationId}&page-size=5`);
    expect(body.Item).toHaveLength(5);
    expect(body.Item[0]).toMatchObject({ Number: receipts.length, Kind: 'PERSON', Sha256: receipts.at(-1)?.hash });
    const next = await callApi(
      server,
      `GET /repoint/v1/erasure-receipts?project-id=${ApplicationId}&page-size=50&token=${body.NextToken}`,
    );
    expect(next.body.Item).toHaveLength(1);

    const last = receipts.length;
    const tampering = [
      sql`update erasure_receipts set document = replace(document, '"erased":0', '"erased":1') where number = ${last}`,
      sql`update erasure_receipts set document = (select document from erasure_receipts where number = ${last - 1}) where number = ${last}`,
      sql`delete from erasure_receipts where number = ${last}`,
      sql`delete from erasure_receipts where number = ${last - 3}`,
      sql`delete from erasure_receipts where number = 1`,
      sql`delete from erasure_receipt_keys`,
    ];
    for (const change of tampering) {
      const undone = new Error('undone');
      await expect(
        database.transaction(async (tx) => {
          await change.execute(tx);
          expect((await checkStoredChains(tx)).faults).toHaveLength(1);
          throw undone;
        }),
      ).rejects.toBe(undone);
    }
  });

  it('is not read by whoever may not: another account, a sender', async () => {
    const done = await erase(server, ApplicationId, { Identities: [email()] });
    const other = await server.addAccount();
    const theirs = await callApi(server, `GET /repoint/v1/erasure-receipts/${done.Id}`, { credentials: other });
    expect(theirs.status).toBe(404);
    const keyOf = async (policy: string) => {
      const body = { UserName: `${policy}-${mark}`, Policies: [policy] };
      await callApi(server, 'POST /repoint/v1/users', { body });
      const made = await callApi(server, `POST /repoint/v1/users/${policy}-${mark}/access-keys`);
      return { accessKeyId: made.body.AccessKeyId, secretAccessKey: made.body.SecretAccessKey };
    };
    for (const [policy, status] of [
      ['sender', 403],
      ['read-only', 403],
      ['privacy-officer', 200],
    ] as const) {
      const credentials = await keyOf(policy);
      const got = await callApi(server, `GET /repoint/v1/erasure-receipts/${done.Id}`, { credentials });
      expect([policy, got.status]).toEqual([policy, status]);
    }
  });
});

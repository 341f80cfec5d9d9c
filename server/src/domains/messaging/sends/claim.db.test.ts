/** What a claim says of endpoints, lists and other claims; and that it is written once, whoever claims too. */
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import { ensureTimePartitions } from '../../../database/index.ts';
import { bucketOf } from '../../../kernel/bucket.ts';
import { insertSuppressed } from '../suppression/store.ts';
import { claimSends } from './claim.ts';
import { AddressHashes, recipientOfEndpoint, type WantedSend } from './send.ts';
import { settleSends } from './settle.ts';

const { database } = await openTestDatabase();
const hashes = new AddressHashes(randomBytes(32));
const startedAt = new Date('2026-11-26T12:00:00Z');
const run = {
  ...{ id: 'run-1', accountId: '123456789012', region: 'us-east-1', projectNumber: 1, applicationId: 'app' },
  ...{ startedAt, kind: 'campaign' as const },
};

async function putEndpoint(id: string, members: { opt_out?: string; status?: string } = {}) {
  const row = {
    ...{ project_number: 1, bucket: bucketOf(id), id, channel_type: 'EMAIL', address: `${id}@example.com` },
    ...{ opt_out: 'NONE', status: 'ACTIVE', cohort: 0, attributes: '{}', metrics: '{}', demographic: '{}' },
    ...{ location: '{}', user_attributes: '{}', created_at: startedAt, effective_at: startedAt, request_id: '' },
  };
  await database.query
    .insertInto('endpoints')
    .values({ ...row, ...members })
    .execute();
}

async function sendTo(id: string, changes: Partial<WantedSend> = {}): Promise<WantedSend> {
  const found = await database.query
    .selectFrom('endpoints')
    .select('generation')
    .where('id', '=', id)
    .executeTakeFirst();
  const endpoint = { id, bucket: bucketOf(id), generation: found?.generation ?? 1, mustBeActive: true };
  const address = `${id}@example.com`;
  return {
    ...{ run, recipient: recipientOfEndpoint(endpoint), channelType: 'EMAIL', address, endpoint },
    content: { kind: 'email', from: 'a@example.com', replyTo: [], subject: 's', text: 't', headers: [] },
    detail: { accountId: run.accountId, applicationId: 'app', address, origin: { kind: 'direct' } },
    ...changes,
  };
}

const claim = (sends: readonly WantedSend[]) => claimSends(database.keyedQuery, hashes, sends);
const statuses = async () => {
  const rows = await database.query.selectFrom('sends').select(['recipient', 'status']).orderBy('recipient').execute();
  return Object.fromEntries(rows.map(({ recipient, status }) => [recipient, status]));
};

beforeAll(async () => {
  await ensureTimePartitions(database.query, 'sends', startedAt);
  await putEndpoint('ana');
  await putEndpoint('ben', { opt_out: 'ALL' });
  await putEndpoint('cem', { status: 'INACTIVE' });
  await putEndpoint('dia');
  await putEndpoint('eva');
  const entry = { accountId: run.accountId, channel: 'EMAIL', detail: null, createdAt: startedAt } as const;
  for (const [address, reason] of [
    ['DIA@example.com', 'BOUNCE'],
    ['eva@example.com', 'OPT_OUT'],
  ] as const) {
    await insertSuppressed(database.query, { ...entry, address, reason, addressHash: hashes.of(address) });
  }
});

describe('a claim', () => {
  test('says who may be written to, and writes it down, save of those who are gone', async () => {
    const sends = await Promise.all(['ana', 'ben', 'cem', 'dia', 'eva', 'fay'].map((id) => sendTo(id)));
    const [ana] = sends as [WantedSend];
    const reborn = { ...ana, recipient: { text: 'reborn', bucket: 5 }, endpoint: { ...ana.endpoint, generation: -1 } };
    expect(await claim([...sends, reborn as WantedSend, ana])).toEqual([
      ...['CLAIMED', 'OPT_OUT', 'INACTIVE', 'SUPPRESSED', 'OPT_OUT', 'ERASED', 'ERASED', 'DUPLICATE'],
    ]);
    expect(await statuses()).toEqual({
      ...{ ana: 'CLAIMED', ben: 'OPT_OUT', cem: 'INACTIVE', dia: 'SUPPRESSED', eva: 'OPT_OUT' },
    });
    expect(await claim(sends.slice(0, 2))).toEqual(['DUPLICATE', 'DUPLICATE']);
  });

  test('is one, however many make it at once', async () => {
    await putEndpoint('gil');
    const send = await sendTo('gil');
    const verdicts = await Promise.all(Array.from({ length: 8 }, () => claim([send])));
    expect(verdicts.flat().sort()).toEqual(['CLAIMED', ...Array(7).fill('DUPLICATE')]);
  });

  test('an address without an endpoint is asked of the list alone', async () => {
    const toAddress = async (address: string) => {
      const { endpoint: _endpoint, ...send } = await sendTo('ana', { address });
      return { ...send, recipient: hashes.recipientOf('EMAIL', address) };
    };
    expect(await claim([await toAddress('x@example.com'), await toAddress('dia@EXAMPLE.com')])).toEqual([
      'CLAIMED',
      'SUPPRESSED',
    ]);
  });
});

test('an outcome is written to a claim that is still there, and to no other', async () => {
  await putEndpoint('hal');
  await putEndpoint('ida');
  const [hal, ida] = [await sendTo('hal'), await sendTo('ida')];
  await claim([hal, ida]);
  await database.query.deleteFrom('sends').where('recipient', '=', 'ida').execute();
  const outcome = { status: 'SUCCESSFUL', statusCode: 200, statusMessage: 'sent\0', messageId: 'm' } as const;
  const settled = [hal, ida].map((send) => ({ send, outcome, attempts: 1, expectsReceipt: false }));
  const there = await database.keyedTransaction((tx) => settleSends(tx, settled, startedAt));
  expect(there.map(({ send }) => send.recipient.text)).toEqual(['hal']);
  expect(await statuses()).toMatchObject({ hal: 'SUCCESSFUL' });
  expect(await statuses()).not.toHaveProperty('ida');
});

/** What caps are held against, when several messages for one endpoint fail together. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import { notingRecipients, type TargetedRecipient, takingBackSends } from './counts-store.ts';

const { database } = await openTestDatabase();
const ana = { projectNumber: 7, bucket: 1, endpointId: 'ana' };
const ben = { projectNumber: 7, bucket: 2, endpointId: 'ben' };

const noted = async () => {
  const { rows } = await sql<{ name: string; sent: number }>`
    select endpoint_id || ' ' || campaign_id as name, cardinality(sent_at) as sent from campaign_recipients`.execute(
    database.query,
  );
  return Object.fromEntries(rows.map(({ name, sent }) => [name, sent]));
};

test('each message that failed is taken back, of its campaign and of all together', async () => {
  const sentAt = new Date();
  const sends = [
    ...[1, 2, 3].map(() => ({ ...ana, campaignId: 'spring' })),
    ...[1, 2].map(() => ({ ...ana, campaignId: 'summer' })),
    { ...ben, campaignId: 'spring' },
  ];
  const notes = sends.flatMap((send): TargetedRecipient[] => [
    { ...send, targeted: 1, sentAt },
    { ...send, campaignId: '', targeted: 0, sentAt },
  ]);
  await notingRecipients(notes, new Date(sentAt.getTime() - 1_000)).execute(database.query);
  expect(await noted()).toEqual({ 'ana spring': 3, 'ana summer': 2, 'ana ': 5, 'ben spring': 1, 'ben ': 1 });
  const failed = [
    ...[1, 2].map(() => ({ ...ana, campaignId: 'spring' })),
    { ...ana, campaignId: 'summer' },
    // More than are noted: the rest is more than a day old.
    ...[1, 2].map(() => ({ ...ben, campaignId: 'spring' })),
  ];
  await takingBackSends(failed).execute(database.query);
  expect(await noted()).toEqual({ 'ana spring': 1, 'ana summer': 1, 'ana ': 2, 'ben spring': 0, 'ben ': 0 });
});

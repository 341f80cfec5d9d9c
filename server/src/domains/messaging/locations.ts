/** Where messaging holds people: what they were sent, what they wrote, and why they are not written to. */
import { sql } from 'kysely';
import {
  countRows,
  eitherOf,
  isOfSubject,
  type Location,
  readRows,
  rowsOf,
  type Subject,
} from '../../database/index.ts';
import { type AddressHashes, addressedChannelTypes, recipientOfEndpoint } from './sends/send.ts';

export function messagingLocations(hashes: AddressHashes): readonly Location[] {
  return [
    rowsOf({
      name: 'sends',
      table: 'sends',
      goes: 'in steps',
      key: ['bucket', 'recipient', 'run_id', 'started_at'],
      where: (subject) =>
        isRecipient(
          hashes,
          subject,
          isOfSubject(subject, sql`(detail ->> 'endpointGeneration')::bigint`, sql`claimed_at`),
        ),
    }),
    rowsOf({
      name: 'message ids of providers',
      table: 'provider_messages',
      goes: 'in steps',
      key: ['provider_message_id', 'sent_at'],
      where: (subject) => isRecipient(hashes, subject, isOfSubject(subject, sql`null::bigint`, sql`sent_at`)),
    }),
    rowsOf({
      name: 'inbound messages',
      table: 'inbound_messages',
      goes: 'in steps',
      key: ['id'],
      where: (subject) =>
        eitherOf([
          subject.addresses.length > 0 &&
            sql`account_id = ${subject.accountId} and address_hash = any (${hashesOf(hashes, subject)}::bytea[])
                and ${isOfSubject(subject, sql`null::bigint`, sql`received_at`)}`,
        ]),
    }),
    suppressionDetail(hashes),
  ];
}

/** Whoever was written to as an endpoint, or at a bare address on whichever channel. */
function isRecipient(hashes: AddressHashes, subject: Subject, isMeant: ReturnType<typeof isOfSubject>) {
  const recipients = [
    ...subject.endpoints.map(recipientOfEndpoint),
    ...subject.addresses.flatMap(({ address }) =>
      address === null ? [] : addressedChannelTypes.map((channelType) => hashes.recipientOf(channelType, address)),
    ),
  ];
  return eitherOf([
    recipients.length > 0 &&
      sql`project_number = ${subject.projectNumber}
          and bucket = any (${[...new Set(recipients.map(({ bucket }) => bucket))]}::int[])
          and recipient = any (${recipients.map(({ text }) => text)}::text[]) and ${isMeant}`,
  ]);
}

function hashesOf(hashes: AddressHashes, { addresses }: Subject): Buffer[] {
  return addresses.flatMap(({ address }) => (address === null ? [] : [hashes.of(address)]));
}

/** Address and detail go; the keyed hash stays, and goes on keeping messages away from them. */
function suppressionDetail(hashes: AddressHashes): Location {
  const isDetailed = (subject: Subject) => sql`
    account_id = ${subject.accountId} and channel = any ('{EMAIL,SMS,VOICE}'::text[])
    and address_hash = any (${hashesOf(hashes, subject)}::bytea[]) and (address is not null or detail is not null)
    and ${isOfSubject(subject, sql`null::bigint`, sql`created_at`)}`;
  return {
    name: 'detail of suppressed addresses',
    tables: ['suppressed_addresses'],
    goes: 'in steps',
    find: (query, subject) => countRows(query, sql`select from suppressed_addresses where ${isDetailed(subject)}`),
    async forget(tx, subject) {
      const { numAffectedRows } = await sql`
        update suppressed_addresses set address = null, detail = null where ${isDetailed(subject)}`.execute(tx);
      return Number(numAffectedRows ?? 0n);
    },
    read: (tx, subject) => readRows(tx, sql`select * from suppressed_addresses where ${isDetailed(subject)}`),
  };
}
